"""The page where one's calendar is set up, and the file of one interaction."""

import icalendar
import pytest

from crm.accounts.sessions import hashed
from crm.audit.models import AuditEvent
from crm.audit.recording import record
from crm.calendars.addresses import address_of, token_from
from crm.calendars.models import CalendarFeed
from crm.extensions import db
from crm.web.clock import today
from tests.support.factories import make_interaction, make_unit, make_user


@pytest.fixture
def user(app):
    return make_user(name="Kari Ås")


def shown_address(page):
    return page.one("#calendar-address").get("value")


def test_an_address_is_made_shown_again_replaced_and_stopped(pages, user):
    page = pages.get("/profile", user=user)
    (link,) = [a for a in page.all("main a") if a.get("href") == "/calendar/"]
    page = pages.get(link.get("href"), user=user)
    assert not page.all("#calendar-address")
    page = page.submit('form[action="/calendar/new-address"]').follow()
    address = shown_address(page)
    assert address.startswith("http://127.0.0.1:8000/calendar/")
    assert page.all(f'a[href="webcal://{address.partition("://")[2]}"]')
    assert shown_address(pages.get("/calendar/", user=user)) == address
    path = address.removeprefix("http://127.0.0.1:8000")
    pages.get(path)
    page = page.submit('form[action="/calendar/new-address"]').follow()
    assert shown_address(page) != address
    pages.get(path, status=404)
    path = shown_address(page).removeprefix("http://127.0.0.1:8000")
    page = page.submit('form[action="/calendar/stop"]').follow()
    assert not page.all("#calendar-address")
    pages.get(path, status=404)


def test_the_choice_of_the_team_is_kept_with_a_new_address(pages, user):
    pages.post("/calendar/new-address", user=user)  # without a token: refused
    assert not db.session.query(CalendarFeed).count()
    page = pages.get("/calendar/", user=user).submit().follow()
    page = page.submit('form[action="/calendar/"]', includes_team="y").follow()
    assert page.one("#includes_team").get("checked") is not None
    page = page.submit('form[action="/calendar/new-address"]').follow()
    assert page.one("#includes_team").get("checked") is not None
    page = page.submit('form[action="/calendar/"]', includes_team=None).follow()
    assert page.one("#includes_team").get("checked") is None


def test_somebody_without_a_unit_is_told_that_there_is_no_team(pages, user):
    page = pages.get("/calendar/", user=user).submit().follow()
    assert "ingen enhet" in page.text or "ikke til noen enhet" in page.text
    member = make_user(unit_id=make_unit().id)
    assert "noen enhet" not in pages.get("/calendar/", user=member).submit().follow().text


def test_a_choice_sent_after_the_address_was_stopped_elsewhere_changes_nothing(pages, user):
    page = pages.get("/calendar/", user=user).submit().follow()
    page.submit('form[action="/calendar/stop"]')
    page.submit('form[action="/calendar/"]', includes_team="y").follow()


def test_neither_the_address_nor_what_it_is_made_from_is_kept_or_told(pages, user):
    address = shown_address(pages.get("/calendar/", user=user).submit().follow())
    feed = db.session.query(CalendarFeed).one()
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert feed.token_hash == hashed(token)
    assert token not in {feed.salt, feed.token_hash}
    events = db.session.query(AuditEvent).filter_by(subject_type="CalendarFeed").all()
    told = str([event.changes for event in events])
    assert [event.action for event in events] == ["created"]
    for secret in (token, feed.salt, feed.token_hash):
        assert secret not in told


def test_after_a_change_of_the_key_the_old_address_works_but_is_not_shown_wrongly(app, pages, user):
    page = pages.get("/calendar/", user=user).submit().follow()
    path = shown_address(page).removeprefix("http://127.0.0.1:8000")
    feed = db.session.query(CalendarFeed).one()
    key = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another key, of at least thirty-two bytes"
    try:
        assert address_of(feed) is None
        assert token_from(feed.salt) not in path
        pages.get(path)
    finally:
        app.config["SECRET_KEY"] = key


def test_two_windows_that_make_an_address_leave_one_in_use(pages, user):
    first, second = pages.get("/calendar/", user=user), pages.get("/calendar/", user=user)
    first.submit()
    second.submit()
    assert db.session.query(CalendarFeed).filter_by(revoked_at=None).count() == 1


def test_an_interaction_is_taken_away_as_a_file(pages, user):
    made = make_interaction(title="Møte", status="planned", author=user, notes="Ta med kart")
    page = pages.get(f"/interactions/{made.id}", user=user)
    (link,) = [a for a in page.all("main a") if a.get("href", "").endswith(".ics")]
    answer = pages.get(link.get("href"), user=user).response
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="aktivitet-{made.id}.ics"'
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert calendar["METHOD"] == "PUBLISH"
    (event,) = calendar.events
    assert event["UID"] == f"interaction-{made.id}@127.0.0.1"
    assert event["ORGANIZER"] == f"mailto:{user.email}"
    assert event["ORGANIZER"].params["CN"] == "Kari Ås"
    assert "Ta med kart" in event["DESCRIPTION"]


def test_a_file_of_something_confidential_is_for_its_readers_and_has_no_notes(pages, user):
    made = make_interaction(title="Om salget", author=user, confidential=True, notes="hemmelig")
    pages.get(f"/interactions/{made.id}.ics", user=make_user(), status=403)
    for reader in (user, make_user("manager")):
        raw = pages.get(f"/interactions/{made.id}.ics", user=reader).response.data.replace(b"\r\n ", b"")
        assert b"Om salget" in raw
        assert b"hemmelig" not in raw


def test_what_has_no_day_has_no_file(pages, user):
    draft = make_interaction(status="draft", author=user, starts_on=today())
    draft.starts_on = None
    record(draft, actor=None)
    pages.get(f"/interactions/{draft.id}.ics", user=user, status=404)
    assert ".ics" not in str(
        [a.get("href") for a in pages.get(f"/interactions/{draft.id}", user=user).all("a")]
    )
    pages.get("/interactions/999999.ics", user=user, status=404)
    pages.get("/interactions/99999999999.ics", user=user, status=404)
