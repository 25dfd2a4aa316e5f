"""Calendar files (RFC 5545), written from plain data: feeds, files to take away, and invitations (RFC 5546, by METHOD).

Nothing here knows of the database or of a request; the same entries always give the same bytes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

from crm.calendars.zone import oslo, written

PRODUCT = "-//Naeringskontakt//Naeringskontakt//NO"
MIMETYPE = "text/calendar"
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class Method(StrEnum):
    """What the file asks of whoever receives it; a feed has none."""

    publish = "PUBLISH"
    request = "REQUEST"
    cancel = "CANCEL"


class Status(StrEnum):
    tentative = "TENTATIVE"
    confirmed = "CONFIRMED"
    cancelled = "CANCELLED"


class Answer(StrEnum):
    """What an attendee has said to an invitation (PARTSTAT)."""

    none = "NEEDS-ACTION"
    accepted = "ACCEPTED"
    declined = "DECLINED"
    tentative = "TENTATIVE"
    delegated = "DELEGATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The organiser, or with what an invitation says of them, an attendee."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee(Person):
    answer: Answer = Answer.none
    rsvp: bool = False
    kind: str = "INDIVIDUAL"
    role: str = "REQ-PARTICIPANT"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One VEVENT.

    `starts` and `ends` are both aware instants or, for whole days, both local dates, and then `ends` is the last day.
    `last_modified` is an aware instant. `sequence` grows with each change; `uid` is the same in every calendar.
    `busy` is whether the time is taken; `confidential` asks clients not to show it to others.
    """

    uid: str
    sequence: int
    summary: str
    starts: datetime | date
    ends: datetime | date | None = None
    last_modified: datetime
    status: Status = Status.confirmed
    place: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    url: str = ""
    busy: bool = True
    confidential: bool = False
    organizer: Person | None = None
    attendees: tuple[Attendee, ...] = ()

    @property
    def all_day(self) -> bool:
        return not isinstance(self.starts, datetime)


def uid(kind: str, identity: int, public_url: str) -> str:
    """The name of a record in every calendar it goes to, e.g. `interaction-12@kontakt.example.no`."""
    return f"{kind}-{identity}@{urlsplit(public_url).hostname or 'localhost'}"


def calendar_file(
    entries: Iterable[CalendarEntry],
    *,
    method: Method | None = None,
    name: str = "",
    refresh: timedelta | None = None,
) -> bytes:
    """The file, in UTF-8 with lines folded at 75 octets. `name` and `refresh` are for feeds: what clients call the
    calendar, and how often they should ask again.
    """
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    if method is not None:
        calendar.add("METHOD", method.value)
    if name:
        # NAME is the standard's; Outlook, Google and Apple read the older one.
        calendar.add("NAME", vText(_line(name)))
        calendar.add("X-WR-CALNAME", vText(_line(name)))
    if refresh is not None:
        calendar.add("REFRESH-INTERVAL", refresh, {"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", vDuration(refresh))
    calendar.add_component(oslo())
    for entry in entries:
        calendar.add_component(_event(entry))
    raw: bytes = calendar.to_ical()
    return raw


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.last_modified)
    event.add("LAST-MODIFIED", entry.last_modified)
    event.add("SUMMARY", _line(entry.summary))
    event.add("STATUS", entry.status.value)
    event.add("TRANSP", "OPAQUE" if entry.busy and entry.status != Status.cancelled else "TRANSPARENT")
    _add_times(event, entry)
    if entry.place:
        event.add("LOCATION", _line(entry.place))
    if entry.description:
        event.add("DESCRIPTION", _clean(entry.description))
    if entry.url:
        event.add("URL", _word(entry.url))
    if entry.categories:
        event.add("CATEGORIES", [_line(category) for category in entry.categories])
    if entry.confidential:
        event.add("CLASS", "CONFIDENTIAL")
    if entry.organizer is not None:
        event.add("ORGANIZER", _address(entry.organizer), encode=False)
    for attendee in entry.attendees:
        event.add("ATTENDEE", _attendee(attendee), encode=False)
    return event


def _add_times(event: Event, entry: CalendarEntry) -> None:
    if isinstance(entry.starts, datetime):
        event.add("DTSTART", written(entry.starts))
        if isinstance(entry.ends, datetime):
            event.add("DTEND", written(entry.ends))
    else:
        event.add("DTSTART", entry.starts)
        # The end of whole days is told as the first day that is no longer in it.
        event.add("DTEND", (entry.ends or entry.starts) + timedelta(days=1))


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{_word(person.email)}")
    if person.name:
        # A parameter knows no escaping: a double quote would end it.
        address.params["CN"] = _line(person.name).replace('"', "'")
    return address


def _attendee(attendee: Attendee) -> vCalAddress:
    address = _address(attendee)
    address.params["CUTYPE"] = attendee.kind
    address.params["ROLE"] = attendee.role
    address.params["PARTSTAT"] = attendee.answer.value
    address.params["RSVP"] = "TRUE" if attendee.rsvp else "FALSE"
    return address


def _clean(value: str) -> str:
    """Without the characters that a calendar file may not hold; every kind of line break as the one it knows."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", value))


def _line(value: str) -> str:
    return " ".join(_clean(value).split())


def _word(value: str) -> str:
    """Addresses are written as they are, not escaped: a break in one would begin a line of its own."""
    return "".join(_clean(value).split())
