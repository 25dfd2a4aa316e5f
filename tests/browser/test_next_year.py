"""An advisor in autumn: opens this year's collaboration with OsloMet, continues it in the next year, edits two lines."""

import re
import time

from crm.web.clock import today
from tests.browser.conftest import DESKTOP, PHONE


def continued(page, title):
    """What comes of continuing the collaboration of that title; how long it took, in seconds."""
    began = time.monotonic()
    page.goto("/collaborations/")
    page.locator("tbody a", has_text=title).first.click()
    page.locator(".page-heading-actions a").first.click()
    page.locator("[name=aim]").fill("Førti praksisplasser.")
    page.locator("[name=title]").evaluate("element => element.closest('details').open = true")
    page.locator("[name=title]").fill(f"Studenter og bedrifter {today().year + 1}")
    page.locator(".actions button[type=submit]").click()
    page.wait_for_url(re.compile(r"/collaborations/\d+$"))
    return time.monotonic() - began


def test_next_year_is_made_from_this_year(visit, record_property):
    year = today().year
    page = visit("advisor", DESKTOP)
    seconds = continued(page, f"Studenter i bedrifter {year}")
    record_property("seconds", round(seconds, 1))
    print(f"\nnext year's collaboration: {seconds:.1f} s")
    assert seconds < 15
    assert page.locator("h1").inner_text() == f"Studenter og bedrifter {year + 1}"
    assert "Førti praksisplasser." in page.locator("#aim").inner_text()
    assert page.locator("#years ol > li").count() == 5
    phone = visit("manager", PHONE)
    phone.goto(page.url)
    assert phone.locator("#years ol > li").count() == 5
