"""What is written is read by two readers, one of which did not write it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import vobject

from crm.calendars.writing import (
    Answer,
    Attendee,
    CalendarEntry,
    Method,
    Person,
    Status,
    calendar_file,
    uid,
)
from crm.web.clock import OSLO

CHANGED = datetime(2026, 3, 2, 8, tzinfo=UTC)
VISIT = CalendarEntry(
    uid="interaction-12@kontakt.example.no",
    sequence=3,
    summary="Bedriftsbesøk",
    starts=datetime(2026, 3, 3, 8, tzinfo=UTC),
    ends=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    last_modified=CHANGED,
)


def read(entry, **options):
    """The entry as icalendar and as vobject read it."""
    raw = calendar_file([entry], **options)
    return icalendar.Calendar.from_ical(raw).events[0], vobject.readOne(raw.decode()).vevent


def instants(entry):
    """Start and end in UTC, which both readers must agree on."""
    ours, theirs = read(entry)
    told = [(ours.DTSTART, ours.DTEND), (theirs.dtstart.value, theirs.dtend.value)]
    first, second = [tuple(moment.astimezone(UTC) for moment in pair) for pair in told]
    assert first == second
    return first


@pytest.mark.parametrize(
    "starts",
    [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # 01:30, half an hour before the clock goes on
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # 03:00, the first moment of summer time
        datetime(2026, 10, 24, 22, 30, tzinfo=UTC),  # 00:30, still summer time
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30, for the first time
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30, for the second time
        datetime(2026, 10, 25, 2, 0, tzinfo=UTC),  # 03:00
        datetime(2041, 7, 1, 7, 0, tzinfo=UTC),
        datetime(1992, 10, 10, 7, 0, tzinfo=UTC),  # summer time ended in September then
    ],
)
def test_instants_are_the_same_on_both_sides_of_the_changes(starts):
    entry = replace(VISIT, starts=starts, ends=starts + timedelta(hours=1))
    assert instants(entry) == (starts, starts + timedelta(hours=1))


def test_times_are_told_in_the_zone_that_people_live_in():
    ours, _ = read(VISIT)
    assert ours.DTSTART.replace(tzinfo=None) == datetime(2026, 3, 3, 9)  # noqa: DTZ001 - local
    assert ours["DTSTART"].params["TZID"] == "Europe/Oslo"
    raw = calendar_file([VISIT]).decode()
    zone = vobject.readOne(raw).vtimezone.tzinfo
    for day in range(366 * 3):
        noon = datetime(2026, 1, 1, 12) + timedelta(days=day)  # noqa: DTZ001 - local
        assert zone.utcoffset(noon) == OSLO.utcoffset(noon), noon


def test_whole_days_are_dates_and_end_on_the_day_after():
    one, theirs = read(replace(VISIT, starts=date(2026, 5, 17), ends=None))
    assert (date(2026, 5, 17), date(2026, 5, 18)) == (one.DTSTART, one.DTEND)
    assert (theirs.dtstart.value, theirs.dtend.value) == (date(2026, 5, 17), date(2026, 5, 18))
    raw = calendar_file([replace(VISIT, starts=date(2026, 5, 17))])
    assert b"DTSTART;VALUE=DATE:20260517\r\n" in raw
    three, _ = read(replace(VISIT, starts=date(2026, 5, 15), ends=date(2026, 5, 17)))
    assert date(2026, 5, 18) == three.DTEND


def test_long_norwegian_titles_are_folded_at_75_octets_and_come_back_whole():
    title = "Ærlig talt: blåbær, " + "å" * 180
    entry = replace(VISIT, summary=title, place="Rådhuset; sal \\ 2")
    raw = calendar_file([entry])
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    ours, theirs = read(entry)
    assert str(ours["SUMMARY"]) == theirs.summary.value == title
    assert str(ours["LOCATION"]) == theirs.location.value == "Rådhuset; sal \\ 2"


def test_hostile_text_stays_inside_its_property():
    entry = replace(
        VISIT,
        summary="Møte\r\nATTENDEE:mailto:evil@example.com\x00\x1b",
        description="En\u2028to\r\nEND:VEVENT\rBEGIN:VEVENT",
        url="https://kontakt.example.no/\r\nX-EVIL:1",
        organizer=Person(email="kari@example.no\r\nX-EVIL:1", name='Kari "K";X=1:\nNordmann'),
    )
    ours, theirs = read(entry)
    assert "ATTENDEE" not in ours
    assert "X-EVIL" not in ours
    assert theirs.summary.value == "Møte ATTENDEE:mailto:evil@example.com"
    assert theirs.description.value == "En\nto\nEND:VEVENT\nBEGIN:VEVENT"
    assert ours["ORGANIZER"].params["CN"] == "Kari 'K';X=1: Nordmann"
    assert len(icalendar.Calendar.from_ical(calendar_file([entry])).events) == 1


def test_what_programs_compare_by_is_told():
    entry = replace(
        VISIT,
        status=Status.cancelled,
        categories=("1.B.1", "5.C.1"),
        confidential=True,
        url="https://kontakt.example.no/interactions/12",
    )
    ours, theirs = read(entry)
    assert theirs.uid.value == "interaction-12@kontakt.example.no"
    assert (theirs.sequence.value, theirs.status.value, theirs.transp.value) == (
        "3",
        "CANCELLED",
        "TRANSPARENT",
    )
    assert ours["CATEGORIES"].cats == ["1.B.1", "5.C.1"]
    assert ours["CLASS"] == "CONFIDENTIAL"
    assert ours.LAST_MODIFIED == ours.DTSTAMP == CHANGED
    assert ours["URL"] == "https://kontakt.example.no/interactions/12"


def test_an_invitation_names_its_method_organiser_and_attendees():
    entry = replace(
        VISIT,
        organizer=Person(email="kari@example.no", name="Kari Ås"),
        attendees=(
            Attendee(email="per@firma.example.no", name="Per", rsvp=True),
            Attendee(email="rom@example.no", kind="ROOM", role="NON-PARTICIPANT", answer=Answer.accepted),
        ),
    )
    calendar = icalendar.Calendar.from_ical(calendar_file([entry], method=Method.request))
    assert calendar["METHOD"] == "REQUEST"
    event = calendar.events[0]
    assert event["ORGANIZER"] == "mailto:kari@example.no"
    assert event["ORGANIZER"].params["CN"] == "Kari Ås"
    guest, room = event["ATTENDEE"]
    assert dict(guest.params) == {
        "CN": "Per",
        "CUTYPE": "INDIVIDUAL",
        "PARTSTAT": "NEEDS-ACTION",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "TRUE",
    }
    assert (room.params["CUTYPE"], room.params["PARTSTAT"]) == ("ROOM", "ACCEPTED")


def test_a_feed_has_a_name_an_interval_and_no_method():
    raw = calendar_file([VISIT], name="Næringskontakt", refresh=timedelta(hours=1))
    calendar = icalendar.Calendar.from_ical(raw)
    assert "METHOD" not in calendar
    assert calendar["X-WR-CALNAME"] == "Næringskontakt"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n" in raw
    assert raw == calendar_file([VISIT], name="Næringskontakt", refresh=timedelta(hours=1))


def test_a_name_in_calendars_holds_no_port():
    assert (
        uid("interaction", 12, "https://kontakt.example.no:8443/crm") == "interaction-12@kontakt.example.no"
    )
