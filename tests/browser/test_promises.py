"""A promise that belongs to no interaction, kept on a phone."""

import contextlib
import re
import sqlite3
from datetime import timedelta

import pytest

from crm.web.clock import today
from tests.browser.conftest import PHONE, email_of


@pytest.fixture
def phone(visit):
    page = visit("advisor", PHONE)
    yield page
    assert page.problems == []


def test_a_follow_up_is_made_alone_and_done_with_the_next_one(phone):
    phone.goto("/follow-ups/new")
    phone.fill("[name=text]", "Ringe huseieren om lokalet")
    pick = phone.locator("[data-picks=due_on] button").nth(1)
    picked = pick.get_attribute("value")
    pick.tap()
    assert phone.input_value("[name=due_on]") == picked
    assert pick.get_attribute("aria-pressed") == "true"
    phone.locator("main form .actions button[type=submit]").last.tap()
    phone.wait_for_url(re.compile(r"/follow-ups/$"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    row = phone.locator(".follow-ups li.list-row", has_text="Ringe huseieren om lokalet")
    assert row.count() == 1
    row.locator("a[href*='/finish']").tap()
    phone.fill("[name=done_note]", "De leier ut fra januar")
    next_due = (today() + timedelta(days=20)).isoformat()
    phone.fill("[name=next_text]", "Sende leiekontrakt til gjennomlesing")
    phone.fill("[name=next_due_on]", next_due)
    phone.locator("button[name=schedule]").tap()
    phone.wait_for_url(lambda address: "/finish" not in address)
    assert phone.locator(".follow-ups", has_text="Ringe huseieren om lokalet").count() == 0
    following = phone.locator(".follow-ups li.list-row", has_text="Sende leiekontrakt til gjennomlesing")
    assert following.count() == 1

    phone.goto("/follow-ups/?state=done")
    done = phone.locator(".follow-ups li.list-row", has_text="Ringe huseieren om lokalet")
    assert "De leier ut fra januar" in done.inner_text()


def make_one_pass(served_from):
    """Yesterday for one of the advisor's planned ones: by the clock alone, none has passed just after midnight."""
    mine = (
        "SELECT i.id FROM interactions i JOIN interaction_advisors a ON a.interaction_id = i.id "
        "JOIN users u ON u.id = a.user_id WHERE u.email = ? AND i.status = 'planned' AND i.deleted_at IS NULL "
        "AND i.kind <> 'arena_session' ORDER BY i.id LIMIT 1"
    )
    yesterday = (today() - timedelta(days=1)).isoformat()
    with (
        contextlib.closing(sqlite3.connect(served_from / "demo.sqlite3", timeout=10)) as connection,
        connection,
    ):
        changed = connection.execute(
            f"UPDATE interactions SET starts_on = ?, listed_on = ?, starts_at = NULL, ends_at = NULL WHERE id = ({mine})",
            (yesterday, yesterday, email_of("advisor")),
        )
        assert changed.rowcount == 1


def test_days_to_pick_stand_beside_each_other_in_the_question(phone, served_from):
    """“Did it take place?” on a phone: the box is narrow, and yet no day stands alone on its line."""
    make_one_pass(served_from)
    phone.goto("/")
    address = phone.locator("#passed a[href$='#took-place']").first.get_attribute("href")
    phone.goto(address)
    phone.locator(".question details summary").tap()
    boxes = [one.bounding_box() for one in phone.locator(".question .quick-picks button").all()]
    lines = {round(box["y"]) for box in boxes}
    assert len(lines) <= -(-len(boxes) // 2) + 1, "stacked one by one"
    question = phone.locator(".question").bounding_box()
    assert all(box["x"] + box["width"] <= question["x"] + question["width"] for box in boxes)
