"""Out and in again: whatever people write, whenever it takes place."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.calendars.writing import CalendarEntry, calendar_file

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


@settings(max_examples=50, deadline=None)
@given(
    summary=WORDS,
    place=WORDS,
    lines=st.lists(WORDS, max_size=4),
    starts=INSTANTS,
    minutes=st.integers(0, 600),
    sequence=st.integers(0, 10_000),
)
def test_an_entry_is_read_as_it_was_meant(summary, place, lines, starts, minutes, sequence):
    ends = starts + timedelta(minutes=minutes)
    entry = CalendarEntry(
        uid="interaction-1@example.no",
        sequence=sequence,
        summary=summary,
        starts=starts,
        ends=ends,
        place=place,
        description="\n".join(lines),
        last_modified=starts,
    )
    raw = calendar_file([entry])
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    (event,) = icalendar.Calendar.from_ical(raw).events
    assert str(event["SUMMARY"]) == " ".join(summary.split())
    assert str(event.get("LOCATION", "")) == " ".join(place.split())
    assert str(event.get("DESCRIPTION", "")) == "\n".join(lines)
    assert (event.DTSTART, event.DTEND, event["SEQUENCE"]) == (starts, ends, sequence)
    other = vobject.readOne(raw.decode()).vevent
    assert (other.dtstart.value.astimezone(UTC), other.dtend.value.astimezone(UTC)) == (starts, ends)


@settings(max_examples=50, deadline=None)
@given(first=st.dates(date(1990, 1, 1), date(2060, 1, 1)), days=st.integers(0, 40))
def test_whole_days_stay_the_same_days(first, days):
    entry = CalendarEntry(
        uid="x@example.no",
        sequence=0,
        summary="x",
        starts=first,
        ends=first + timedelta(days=days),
        last_modified=datetime(2026, 1, 1, tzinfo=UTC),
    )
    (event,) = icalendar.Calendar.from_ical(calendar_file([entry])).events
    assert (first, first + timedelta(days=days + 1)) == (event.DTSTART, event.DTEND)
