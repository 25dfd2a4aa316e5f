"""The meetings of one calendar's text (RFC 5545), as Outlook, Exchange, Google, Apple and Thunderbird write it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from icalendar.parser import Contentline

from crm.invitations.reading.times import (
    MOST_DATES,
    Line,
    dates_of,
    end_of,
    moment_of,
    recurrence_of,
    rule_of,
    stamp_of,
    start_of,
)
from crm.invitations.reading.values import Invited, Method
from crm.invitations.reading.wording import plain_words
from crm.invitations.reading.zones import Zones, plain_name
from crm.invitations.reasons import Reason, Unreadable
from crm.mail.reading import Person, person
from crm.web.forms.fields import tidy

MOST_MEETINGS, MOST_ATTENDEES = 300, 200
MOST_UID, MOST_TEXT = 255, 20_000
READ = frozenset(
    [
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "LAST-MODIFIED",
        "RECURRENCE-ID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "SUMMARY",
        "DESCRIPTION",
        "X-ALT-DESC",
        "LOCATION",
        "ORGANIZER",
        "ATTENDEE",
        "RRULE",
        "RDATE",
        "EXDATE",
        "CLASS",
        "STATUS",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
    ]
)
SEVERAL = {"ATTENDEE": MOST_ATTENDEES, "RDATE": MOST_DATES, "EXDATE": MOST_DATES}
METHODS = {
    "REQUEST": Method.request,
    "PUBLISH": Method.request,
    "ADD": Method.request,
    "": Method.request,
    "CANCEL": Method.cancel,
    "REPLY": Method.reply,
}


@dataclass(slots=True)
class Calendar:
    method: str = ""
    zone: str = ""
    definitions: list[list[str]] = field(default_factory=list)
    meetings: list[dict[str, list[Line]]] = field(default_factory=list)

    def begin(self, component: str) -> None:
        """Raises Unreadable for one meeting too many."""
        if component == "VEVENT":
            self.meetings.append({})
        elif component == "VTIMEZONE":
            self.definitions.append([])
        if len(self.meetings) > MOST_MEETINGS:
            raise Unreadable(Reason.too_many_meetings)

    def take(self, within: list[str], word: str, line: str) -> None:
        """A line of the components that it stands in, from the outermost on."""
        innermost = within[-1] if within else ""
        if "VTIMEZONE" in within[:3]:
            self.definitions[-1].append(line.strip())
        elif innermost == "VEVENT" and word in READ:
            _keep(self.meetings[-1], word, line)
        elif innermost == "VCALENDAR" and word == "METHOD":
            self.method = line.partition(":")[2].strip().upper()
        elif innermost == "VCALENDAR" and word == "X-WR-TIMEZONE":
            self.zone = line.partition(":")[2].strip()

    def zones(self) -> Zones:
        return Zones({_zone_name(lines): "\n".join(lines) for lines in self.definitions}, self.zone)


def read_calendar(text: str) -> tuple[list[Invited], list[Reason]]:
    """The meetings, and why others could not be read. Raises Unreadable where there are too many."""
    found: list[Invited] = []
    problems: list[Reason] = []
    calendar = _parsed(text)
    method = METHODS.get(calendar.method, Method.other)
    zones = calendar.zones()
    for lines in calendar.meetings:
        try:
            found.append(_invited(lines, method, zones))
        except Unreadable as unreadable:
            problems.append(unreadable.reason)
    return found, problems


def _parsed(text: str) -> Calendar:
    calendar = Calendar()
    within: list[str] = []
    for line in text.split("\n"):
        name = re.match(r"[A-Za-z0-9-]+", line)
        word = name[0].upper() if name else ""
        if word == "BEGIN":
            within.append(line[6:].strip().upper())
            calendar.begin(within[-1])
        calendar.take(within, word, line)
        if word == "END" and within:
            within.pop()
    return calendar


def _keep(lines: dict[str, list[Line]], name: str, line: str) -> None:
    """The first of each property, several where several make sense; a broken line is left out."""
    kept = lines.setdefault(name, [])
    if len(kept) >= SEVERAL.get(name, 1):
        return
    head, _colon, value = line.partition(":")
    try:
        if ";" in head:
            _name, parameters, value = Contentline(line[:MOST_TEXT]).parts()  # type: ignore[no-untyped-call]
            given = {
                key.upper(): one if isinstance(one, str) else ",".join(one) for key, one in parameters.items()
            }
        else:
            given = {}
    except ValueError:
        return
    kept.append(Line(given, value[:MOST_TEXT] if name not in {"RDATE", "EXDATE"} else value[: MOST_TEXT * 2]))


def _zone_name(lines: list[str]) -> str:
    named = (line for line in lines if line.upper().startswith("TZID"))
    return next((plain_name(line.partition(":")[2]) for line in named), "")


def _invited(lines: dict[str, list[Line]], method: Method, zones: Zones) -> Invited:
    def line(name: str) -> Line | None:
        return next(iter(lines.get(name, ())), None)

    def text(name: str) -> str:
        found = line(name)
        return found.text if found is not None else ""

    cancelled = text("STATUS").strip().upper() == "CANCELLED"
    if cancelled and method is Method.request:
        method = Method.cancel
    starts, zone = start_of(
        line("DTSTART"), zones, whole=text("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
    )
    if starts is None and method is Method.request:
        raise Unreadable(Reason.no_start)
    recurrence = line("RECURRENCE-ID")
    if recurrence is not None and "RANGE" in recurrence.parameters:
        raise Unreadable(Reason.this_and_future)
    in_zone = partial(moment_of, zones=zones, zone=zone, whole=not isinstance(starts, datetime | None))
    stamp = line("DTSTAMP") or line("LAST-MODIFIED")
    organiser = line("ORGANIZER")
    return Invited(
        method=method,
        uid=_uid(text("UID"), lines),
        sequence=_sequence(text("SEQUENCE")),
        stamp=stamp_of(stamp.value if stamp else ""),
        zone=zone,
        recurrence=recurrence_of(recurrence, zones, zone) if recurrence is not None else None,
        starts=starts,
        ends=end_of(starts, line("DTEND"), line("DURATION"), zones, zone),
        title=tidy(text("SUMMARY"))[:MOST_TEXT],
        description=plain_words(text("DESCRIPTION"), text("X-ALT-DESC")),
        place=tidy(text("LOCATION"))[:MOST_TEXT],
        organiser=_person(organiser) if organiser is not None else None,
        attendees=tuple(_attendees(lines.get("ATTENDEE", []))),
        rule=rule_of(line("RRULE"), starts, zone)
        if recurrence is None and method is Method.request
        else None,
        more=dates_of(lines.get("RDATE", []), in_zone),
        without=dates_of(lines.get("EXDATE", []), in_zone),
        private=text("CLASS").strip().upper() in {"PRIVATE", "CONFIDENTIAL"},
        answers=tuple(_answers(lines.get("ATTENDEE", []))) if method is Method.reply else (),
    )


def _uid(uid: str, lines: dict[str, list[Line]]) -> str:
    """What the meeting is known by: its UID as it stands, a digest of one that is long, of the meeting for want of one."""
    uid = tidy(uid)
    if not uid:
        said = [line.value for name in ("DTSTART", "SUMMARY", "ORGANIZER") for line in lines.get(name, [])]
        uid = "\n".join(["without UID", *said])
    digest = hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()
    return uid if len(uid) <= MOST_UID and "\n" not in uid else f"sha256:{digest}"


def _sequence(text: str) -> int:
    return min(int(text), 2**31 - 1) if re.fullmatch(r"\d{1,12}", text.strip()) else 0


def _person(line: Line) -> Person | None:
    named = line.parameters.get("CN", "")
    return person(line.value, named) or person(line.parameters.get("EMAIL", ""), named)


def _answers(lines: list[Line]) -> Iterator[tuple[str, str]]:
    """Who answered in a reply, and what."""
    for line in lines:
        found = _person(line)
        if found is not None and "PARTSTAT" in line.parameters:
            yield found.email, line.parameters["PARTSTAT"].upper()


def _attendees(lines: list[Line]) -> Iterator[Person]:
    """Who is invited and has not declined; rooms and equipment are nobody."""
    seen = set()
    for line in lines:
        given = {name: value.upper() for name, value in line.parameters.items()}
        if given.get("CUTYPE") in {"ROOM", "RESOURCE"} or given.get("PARTSTAT") == "DECLINED":
            continue
        if given.get("ROLE") == "NON-PARTICIPANT":
            continue
        found = _person(line)
        if found is not None and found.email not in seen:
            seen.add(found.email)
            yield found
