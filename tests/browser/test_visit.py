"""The errand the product exists for: an advisor logs a visit on a phone, a manager counts it."""

import re
import time

import pytest

from crm.demo.staff import DEMO_PASSWORD
from tests.browser.conftest import DESKTOP, PHONE, email_of

COMPANY = "OsloMet"


class Actions:
    """Counts what a thumb does besides typing, and how long it all takes."""

    def __init__(self, page):
        self.page, self.count, self.began = page, 0, time.monotonic()

    def tap(self, selector):
        self.page.locator(selector).first.tap()
        self.count += 1

    def type(self, selector, text):
        self.page.locator(selector).press_sequentially(text, delay=40)

    @property
    def seconds(self):
        return time.monotonic() - self.began


def number(text):
    return int(re.sub(r"\D", "", text))


def counts(page, codes):
    """The manager's numbers for the measures, and the plan's total."""
    page.goto("/reports/measures")
    rows = {
        code: number(page.locator(f"tr:has(.report-code:text-is('{code}')) td").first.inner_text())
        for code in codes
    }
    return rows, number(page.locator(".report-table tfoot td").first.inner_text())


def test_a_visit_logged_on_a_phone_is_counted(visit, record_property):
    manager = visit("manager", DESKTOP)
    phone = visit("advisor", PHONE)
    phone.goto("/")
    me = Actions(phone)
    me.tap("a[href^='/interactions/new']")
    me.tap("#organisation")
    me.type("#organisation", COMPANY[:3])
    me.tap(f"[role=option]:has-text('{COMPANY}')")
    phone.locator("[data-likely] label").first.wait_for()
    phone.wait_for_timeout(500)
    chips = phone.locator("[data-likely] label")
    codes = [chips.nth(i).locator("b").inner_text() for i in range(2)]
    before, total = counts(manager, codes)
    for code in codes:
        me.tap(f"[data-likely] label:has(b:text-is('{code}'))")
    note = "Vi snakket om praksisplasser til våren. De ønsker **to** nye studentbedrifter."
    me.type("[name=notes]", note)
    me.tap(".follow-up summary")
    me.type("[name=follow_up_text]", "Sende oversikt over støtteordninger")
    me.tap("[data-picks=follow_up_due_on] button")
    me.tap(".actions button[value=held]")
    phone.wait_for_url(re.compile(r"/interactions/\d+$"))
    spent = me.seconds
    record_property("actions", me.count)
    record_property("seconds", round(spent, 1))
    print(f"\nvisit at 390 px: {spent:.1f} s, {me.count} taps besides typing")
    assert spent < 60
    assert me.count <= 10
    assert "studentbedrifter" in phone.locator("main").inner_text()
    assert phone.locator("main strong", has_text="to").count() >= 1

    after, new_total = counts(manager, codes)
    assert after == {code: n + 1 for code, n in before.items()}
    assert new_total == total + 1

    address = phone.url.removeprefix(phone.url.split("/interactions/")[0])
    manager.locator(f"tr:has(.report-code:text-is('{codes[0]}')) td a").first.click()
    manager.wait_for_url(re.compile("/interactions/"))
    assert number(manager.locator(".pagination-text").inner_text().split("av")[-1]) == after[codes[0]]
    assert manager.locator(f"a[href='{address}']").count() == 1
    assert phone.problems == []
    assert manager.problems == []


def test_a_visit_is_logged_without_javascript(visit):
    page = visit("advisor", PHONE, scripts=False)
    page.goto("/interactions/new")
    page.fill("[name=organisation_query]", COMPANY)
    page.click("button[name=find][value=organisation]")
    page.locator("label", has_text=COMPANY).first.click()
    page.click("button[name=find][value=update]") if page.locator(
        "button[name=find][value=update]"
    ).count() else None
    page.locator("[data-likely] label").first.click()
    page.fill("[name=notes]", "Uten skript går det også.")
    page.click(".actions button[value=held]")
    assert re.search(r"/interactions/\d+$", page.url)
    assert "Uten skript" in page.content()


def test_a_visit_is_logged_by_keyboard_alone(visit):
    page = visit("advisor", DESKTOP)
    page.goto("/interactions/new")
    page.focus("#organisation")
    page.keyboard.type(COMPANY[:4], delay=30)
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("[data-likely] label").first.wait_for()
    page.wait_for_timeout(500)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "measure":
            break
    page.keyboard.press("Space")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name + document.activeElement.value") == "statusheld":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/interactions/\d+$"))


def test_what_was_typed_survives_a_closed_tab(visit):
    page = visit("advisor", PHONE)
    page.goto("/interactions/new")
    page.fill("[name=notes]", "Dette må ikke gå tapt: æøå")
    page.wait_for_timeout(1500)
    page.goto("/organisations/")
    page.goto("/interactions/new")
    page.click("[data-draft-continue]")
    assert page.input_value("[name=notes]") == "Dette må ikke gå tapt: æøå"


def test_what_was_typed_survives_a_sign_out_in_another_tab(visit):
    page = visit("advisor", DESKTOP)
    page.goto("/interactions/new?organisation=1")
    page.fill("[name=notes]", "Skrevet før utlogging")
    other = page.context.new_page()
    other.goto("/profile")
    page.context.clear_cookies()
    page.click(".actions button[value=draft]")
    assert page.locator("[name=password]").count() == 1, "asks to sign in again"
    page.fill("[name=email]", email_of("advisor"))
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    if page.locator("[name=notes]:visible").count() == 0:
        page.click("main button[type=submit]")
        page.wait_for_load_state()
    assert "Skrevet før utlogging" in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_weight(visit, scheme):
    page = visit("advisor", PHONE, dark=scheme == "dark")
    weights = {}

    def note(response):
        sizes = response.request.sizes()
        weights[response.url] = sizes["responseBodySize"]

    page.goto("/about")
    page.context.clear_cookies()
    fresh = visit(None, PHONE)
    fresh.on("response", note)
    fresh.goto("/sign-in", wait_until="networkidle")
    first = sum(size for url, size in weights.items() if ".woff2" not in url)
    print(f"\nfirst load: {first / 1000:.1f} kB besides the font")
    assert first <= 60_000


def test_later_pages_are_light(visit):
    page = visit("advisor", PHONE)
    page.goto("/")
    for address in (
        "/",
        "/organisations/",
        "/organisations/1",
        "/interactions/",
        "/interactions/new",
        "/reports/measures",
    ):
        weights = {}
        page.on("response", lambda r, w=weights: w.update({r.url: r}))
        page.goto(address, wait_until="networkidle")
        size = sum(
            r.request.sizes()["responseBodySize"]
            for r in weights.values()
            if not r.from_service_worker
            and r.request.timing["responseEnd"] >= 0
            and not r.url.endswith(".woff2")
            and "/static/" not in r.url
        )
        print(f"{address}: {size / 1000:.1f} kB")
        assert size <= 15_000, address
