"""The errand of first-line service: a caller is on the line, and the right person gets what they ask."""

import email
import email.policy
import re
import time

import pytest

from tests.browser.conftest import DESKTOP, PHONE


def type_in_the_box(page, words):
    """Into the search box at the top, as a finger does; returns the panel that comes up."""
    page.locator("#search-box").click()
    page.locator("#search-box").fill("")
    page.locator("#search-box").press_sequentially(words, delay=40)
    return page.locator(".search-answer")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["390", "1280"])
def test_berger_tomt_is_handed_over_while_the_caller_waits(visit, served_from, viewport, record_property):
    page = visit("first_line", viewport)
    page.goto("/")
    sent = set((served_from / "outbox").glob("*.eml")) if (served_from / "outbox").exists() else set()
    began = time.monotonic()
    panel = type_in_the_box(page, "berger tomt")
    asked = panel.locator(".search-asked")
    asked.wait_for()
    answered = time.monotonic() - began
    ours = asked.locator(".right-name").first.inner_text()
    assert ours
    assert asked.locator("a[href^='tel:']").count() >= 2, "ours, and the developer's person"
    assert "Berger" in asked.inner_text()
    assert "Utbyggerens kontakt" in asked.inner_text()
    asked.locator("a[href^='/enquiries/new']").first.click()
    page.wait_for_url(re.compile("/enquiries/new"))
    page.locator("[name=caller_phone]").fill("41 00 00 01")
    page.locator("[name=subject]").fill("Søker 10 daa tomt på Berger")
    page.get_by_role("button", name="Lagre").click()
    page.wait_for_url(re.compile(r"/enquiries/\d+$"))
    spent = time.monotonic() - began
    record_property("seconds", round(spent, 1))
    print(
        f"\nphone ringing at {viewport['width']} px: named after {answered:.1f} s, handed over after {spent:.1f} s"
    )
    assert spent < 30
    assert ours in page.locator("main").inner_text()
    assert page.problems == []

    (mail,) = set((served_from / "outbox").glob("*.eml")) - sent
    message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    text = message.get_body().get_content()
    links = re.findall(r"https?://\S+", text)
    assert [link.partition("/enquiries/")[2] for link in links] == [page.url.rpartition("/")[2]], "one link"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["390", "1280"])
def test_whatever_the_caller_says_names_them_and_ours(visit, viewport):
    """A number in any spacing, a misspelt company, or a person: each gives the organisation and whom to speak to."""
    page = visit("first_line", viewport)
    page.goto("/organisations/")
    page.locator("main table a[href^='/organisations/']", has_text="OsloMet").first.click()
    page.wait_for_url(re.compile(r"/organisations/\d+$"))
    address = "/organisations/" + page.url.rpartition("/")[2]
    phone = page.locator("#people a[href^='tel:']").first.get_attribute("href").removeprefix("tel:")
    for words in ("oslomte", "Høgskolen i Oslo", phone, f"{phone[3:5]} {phone[5:8]} {phone[8:]}"):
        page.goto("/")
        panel = type_in_the_box(page, words)
        first = panel.locator("[role=option]").first
        first.wait_for()
        page.wait_for_timeout(400)
        found = panel.locator(f"[role=option][href='{address}'], [role=option]:has-text('OsloMet')").first
        found.wait_for(timeout=5000)
        assert found.locator(".search-hit-right b").first.inner_text(), words
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.problems == []
