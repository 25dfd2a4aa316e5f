"""The search box with a caller on the line: by the keyboard alone, on a phone, and without JavaScript."""

import re
from urllib.parse import unquote_plus

import pytest

from tests.browser.conftest import DESKTOP, PHONE, violations

PANEL = ".search-panel:not([hidden])"


@pytest.fixture
def desk(visit):
    page = visit("first_line", DESKTOP)
    page.goto("/organisations/")
    yield page
    assert page.problems == []


def marked(page):
    """The option that the screen reader is told is marked, or None."""
    name = page.locator("#search-box").get_attribute("aria-activedescendant")
    option = page.locator(f"#{name}") if name else None
    assert option is None or option.get_attribute("aria-selected") == "true"
    assert page.locator(".search-panel [aria-selected=true]").count() == (1 if name else 0)
    return name


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_a_hit_is_opened_by_the_keyboard_alone(desk):
    desk.keyboard.press("/")
    assert focused(desk) == "search-box"
    assert desk.input_value("#search-box") == ""
    desk.keyboard.type("b")
    desk.wait_for_timeout(300)
    assert not desk.locator(PANEL).count(), "one letter says too little"
    desk.keyboard.type("erg")
    desk.wait_for_selector(PANEL)
    box = desk.locator("#search-box")
    assert (box.get_attribute("role"), box.get_attribute("aria-expanded")) == ("combobox", "true")
    assert box.get_attribute("aria-controls") == desk.locator("[role=listbox]").get_attribute("id")
    hits = desk.locator("a[role=option]").count()
    assert re.match(r"\d+ treff", desk.locator("crm-search [role=status]").inner_text())
    assert violations(desk) == []

    assert marked(desk) is None
    desk.keyboard.press("ArrowDown")
    first = marked(desk)
    desk.keyboard.press("ArrowUp")
    assert marked(desk) is None, "back in the box"
    desk.keyboard.press("ArrowUp")
    assert marked(desk) == desk.locator("a[role=option]").nth(hits - 1).get_attribute("id")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    assert marked(desk) == first
    address = desk.locator(f"#{first}").get_attribute("href")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{address}")


def test_enter_without_a_mark_shows_all_hits(desk):
    desk.keyboard.press("Control+k")
    desk.keyboard.type("berg")
    desk.wait_for_selector(PANEL)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search?q=berg")
    assert desk.input_value("#search-box") == "berg"
    assert desk.locator(".hit").count()


def test_escape_closes_and_gives_the_focus_back(desk):
    desk.locator("main a").first.focus()
    before = desk.evaluate_handle("document.activeElement")
    desk.keyboard.press("/")
    desk.keyboard.type("berg")
    desk.wait_for_selector(PANEL)
    desk.keyboard.press("Escape")
    assert not desk.locator(PANEL).count()
    assert desk.evaluate("one => document.activeElement === one", before)
    assert desk.locator("#search-box").get_attribute("aria-expanded") == "false"

    desk.click("#search-box")
    desk.wait_for_selector(PANEL)
    desk.keyboard.press("Escape")
    assert focused(desk) == "search-box", "it was not taken from anywhere"
    desk.keyboard.press("ArrowDown")
    desk.wait_for_selector(PANEL)
    desk.click("main h1")
    assert not desk.locator(PANEL).count()


def test_a_slash_in_a_field_is_a_slash(desk):
    desk.focus("#filter-q")
    desk.keyboard.type("a/b")
    assert desk.input_value("#filter-q") == "a/b"
    desk.keyboard.press("Control+k")
    assert focused(desk) == "search-box"


def test_what_is_typed_on_wins_over_a_late_answer(desk):
    waiting = []

    def hold(route):
        if "q=be&" in route.request.url + "&":
            waiting.append(route)
        else:
            route.continue_()

    desk.route("**/search?*", hold)
    desk.keyboard.press("/")
    desk.keyboard.type("be")
    desk.wait_for_timeout(400)
    desk.keyboard.type("rger")
    desk.wait_for_selector(PANEL)
    assert waiting
    said = desk.locator("crm-search [role=status]").inner_text()
    desk.wait_for_timeout(200)
    assert desk.locator("crm-search [role=status]").inner_text() == said
    assert desk.locator("#search-hit-all").get_attribute("href") == "/search?q=berger"


def test_an_answer_that_does_not_come_is_told(visit):
    page = visit("first_line", DESKTOP)
    page.goto("/organisations/")
    page.route("**/search?*", lambda route: route.abort())
    page.keyboard.press("/")
    page.keyboard.type("berg")
    page.wait_for_selector(".search-failed")
    assert page.locator("crm-search [role=status]").inner_text()
    page.unroute("**/search?*")
    page.keyboard.type("er")
    page.wait_for_selector("#search-hit-1")


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_box_is_at_the_top_and_the_number_is_read_at_a_glance(visit, width):
    page = visit("first_line", PHONE | {"width": width})
    page.goto("/interactions/")
    page.evaluate("scrollTo(0, 2000)")
    at_rest = page.locator("#search-box").bounding_box()
    assert at_rest["y"] < 60
    assert min(at_rest["width"], at_rest["height"]) >= 44
    page.locator("#search-box").click()
    assert page.locator("#search-box").bounding_box()["width"] > width * 0.6
    page.keyboard.type("berger")
    page.wait_for_selector(PANEL)
    number = page.locator(".search-hit .right-phone").first
    assert re.fullmatch(r"(\d\d ){3}\d\d", number.inner_text())
    shown = number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert shown >= 16
    place = number.bounding_box()
    assert place["y"] + place["height"] < PHONE["height"] / 2, "above the keyboard"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#search-hit-1").click()
    page.wait_for_url(re.compile(r"/(sites|organisations)/\d+$"))
    assert page.problems == []


def test_it_works_without_javascript(visit):
    page = visit("first_line", PHONE, scripts=False)
    page.goto("/")
    page.locator("#search-box").tap()
    page.keyboard.type("berger")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=berger")
    assert page.locator(".hit-whom a[href^='tel:']").first.is_visible()
    page.fill("#search-box", "99 88 77 66")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "99" in address)
    links = page.locator(".empty a")
    assert "99 88 77 66" in unquote_plus(links.first.get_attribute("href"))
