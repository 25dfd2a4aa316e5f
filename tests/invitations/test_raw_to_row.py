"""From the raw file, as each client sends it, to the row in the database."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from crm.extensions import db
from crm.invitations.models import Meeting
from crm.web.clock import local
from tests.invitations.conftest import raw
from tests.support.factories import make_user


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


# file → title, start and end in UTC, place, notes
ONE = {
    "outlook-desktop.eml": (
        "Om tomten på Berger",
        at(2026, 12, 1, 9),
        at(2026, 12, 1, 10),
        "Møterom Glomma",
        "Vi ser på tomten på Berger, og på hva kommunen kan hjelpe til med når bedriften flytter dit neste år.\n\nHilsen Anne",
    ),
    "outlook-web.eml": (
        "Etableringsstøtte",
        at(2026, 12, 3, 12),
        at(2026, 12, 3, 12, 45),
        "Microsoft Teams-møte",
        "Hei,\nvi tar dette på Teams.",
    ),
    "forwarded.eml": (
        "Etableringsstøtte",
        at(2026, 12, 3, 12),
        at(2026, 12, 3, 12, 45),
        "Microsoft Teams-møte",
        "Hei,\nvi tar dette på Teams.",
    ),
    "exchange-shown-zone.eml": ("Sommermøte", at(2027, 6, 15, 7), at(2027, 6, 15, 8), None, None),
    "google.eml": (
        "Lokaler på Heia",
        at(2026, 12, 4, 8),
        at(2026, 12, 4, 9),
        "Storgata 1, 2000 Lillestrøm",
        "Om lokaler & strøm\nTa med:\nkart\ntall",
    ),
    "apple.eml": (
        "Besøk hos Firma",
        at(2026, 12, 7, 13),
        at(2026, 12, 7, 14),
        "Firma AS Storgata 2",
        None,
    ),
    "thunderbird.eml": ("Samtale om næringsfond", at(2026, 12, 8, 7, 30), at(2026, 12, 8, 9), None, None),
    "floating.ics": ("Møte", at(2026, 12, 15, 13), at(2026, 12, 15, 14), None, None),
    "no-end.ics": ("Møte", at(2026, 12, 16, 13), at(2026, 12, 16, 14), None, None),
    "ends-before.ics": ("Møte", at(2026, 12, 16, 13), at(2026, 12, 16, 14), None, None),
    "long-uid.ics": ("Møte", at(2026, 12, 18, 8), at(2026, 12, 18, 9), None, None),
    "no-uid.ics": ("Møte", at(2026, 12, 18, 8), at(2026, 12, 18, 9), None, None),
    "lf-only.ics": ("Møte", at(2026, 12, 3, 8), at(2026, 12, 3, 9), None, None),
    "windows-1252.ics": ("Næring på Ås", at(2026, 12, 3, 8), at(2026, 12, 3, 9), None, None),
    "utf-16.ics": ("Næring på Ås", at(2026, 12, 3, 8), at(2026, 12, 3, 9), None, None),
    "night-of-the-change.ics": ("Møte", at(2027, 3, 28, 0, 30), at(2027, 3, 28, 1, 30), None, None),
}


@pytest.mark.parametrize("name", ONE)
def test_a_meeting_becomes_a_planned_interaction(take, rows, anne, bjorn, company, person, name):
    message = take(name)
    assert (message.state, message.reason) == ("taken", None)
    (row,) = rows()
    title, starts, ends, place, notes = ONE[name]
    assert (row.kind, row.status, row.title) == ("meeting", "planned", title)
    assert (row.starts_at, row.ends_at, row.place, row.notes) == (starts, ends, place, notes)
    assert row.starts_on == local(starts).date()
    assert row.author.name == "Anne Rådgiver"
    assert [one.name for one in row.organisations] == ["Firma AS"]
    assert [one.name for one in row.contacts] == ["Per Aas"]
    with_bjorn = name in {"outlook-web.eml", "forwarded.eml"}
    assert {one.name for one in row.advisors} == {"Anne Rådgiver"} | (
        {"Bjørn Kollega"} if with_bjorn else set()
    )
    assert row.confidential is with_bjorn  # those two are private in the calendar


WHOLE_DAYS = {
    "whole-day.ics": (date(2026, 12, 12), None),
    "whole-day-exchange.ics": (date(2026, 12, 12), None),
    "whole-days.ics": (date(2026, 12, 14), "Lasts until 16 Dec 2026."),
    "no-end-whole-day.ics": (date(2026, 12, 16), None),
}


@pytest.mark.parametrize("name", WHOLE_DAYS)
def test_whole_days_are_dates(take, rows, anne, company, name):
    take(name)
    (row,) = rows()
    assert (row.starts_on, row.notes) == WHOLE_DAYS[name]
    assert row.all_day
    assert row.ends_at is None


def clock(row):
    return f"{local(row.starts_at):%d.%m %H:%M}"


# file → the local times of its interactions, to be planned
SERIES = {
    "until.ics": ["02.12 08:00", "09.12 08:00", "16.12 08:00", "23.12 08:00"],
    "across-summer-time.ics": ["26.03 10:00", "27.03 10:00", "28.03 10:00", "29.03 10:00"],
    "rdate.ics": ["03.12 08:00", "05.12 08:00", "08.12 12:00"],
    "google-series.eml": ["25.11 09:00", "03.12 12:00", "16.12 09:00", "23.12 09:00", "30.12 09:00"],
    # Google's calendar files have instants and the calendar's zone: nine o'clock in summer, too.
    "google-export.ics": [
        "30.11 09:00",
        "30.12 09:00",
        "30.01 09:00",
        "30.03 09:00",
        "30.04 09:00",
        "30.05 09:00",
    ],
}


@pytest.mark.parametrize("name", SERIES)
def test_a_series_becomes_its_meetings(take, rows, anne, company, name):
    take(name)
    assert [clock(row) for row in rows()] == SERIES[name]
    assert {row.status for row in rows()} == {"planned"}


def test_ten_thousand_recurrences_are_planned_sixty_at_a_time(take, rows, anne):
    message = take("ten-thousand.ics")
    assert message.state == "taken"
    assert len(rows()) == 60
    assert clock(rows()[-1]) == "29.01 08:00"


def test_a_series_that_has_run_for_years_is_taken_from_today_on(take, rows, anne):
    take("long-series.ics")
    assert [clock(row) for row in rows()][:2] == ["04.12 12:00", "01.01 12:00"]
    assert len(rows()) == 12


def test_several_calendars_in_one_mail(take, rows, anne, company):
    take("several.eml")
    assert [row.starts_at for row in rows()] == [
        at(2026, 12, 10, 8),
        at(2026, 12, 11, 8),
        at(2026, 12, 11, 10),
    ]


def test_without_an_organiser_the_first_invited_user_is_the_author(take, rows, anne, bjorn):
    take("no-organiser.ics")
    (row,) = rows()
    assert row.author.name == "Bjørn Kollega"
    assert {one.name for one in row.advisors} == {"Anne Rådgiver", "Bjørn Kollega"}


def test_a_meeting_that_has_passed_is_a_draft_and_not_held(take, rows, anne, company):
    take("past.ics")
    (row,) = rows()
    assert (row.status, row.author.name) == ("draft", "Anne Rådgiver")


def test_a_long_uid_is_known_again(take, rows, anne):
    take("long-uid.ics")
    assert db.session.scalar(select(Meeting.uid)).startswith("sha256:")
    take("long-uid.ics", content=in_other_bytes("long-uid.ics"))
    assert len(rows()) == 1


def in_other_bytes(name):
    """The same calendar as another mailbox hands it on."""
    return raw(name).replace(b"VERSION:2.0", b"X-OTHER:1\r\nVERSION:2.0")


REFUSED = {
    "every-minute.ics": "rule",
    "no-such-day.ics": "over",
    "unknown-zone.ics": "unknown_zone",
    "nothing.eml": "no_invitation",
    "winmail.eml": "winmail",
    "reply.eml": "reply",
    "this-and-future.ics": "this_and_future",
    "outlook-desktop-cancelled.eml": "unknown_meeting",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_says_why_and_leaves_nothing(take, rows, anne, name):
    message = take(name)
    assert (message.state, message.reason) == ("refused", REFUSED[name])
    assert rows() == []
    assert db.session.scalar(select(Meeting.id)) is None


def test_a_meeting_without_any_user_is_nobodys(take, rows):
    make_user(email="noen@annet.example.no")
    assert take("outlook-desktop.eml").reason == "nobody"
    assert rows() == []
