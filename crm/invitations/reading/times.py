"""The times of a meeting, as properties of RFC 5545 write them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from icalendar import vDDDTypes, vDuration

from crm.invitations.reading.recurrence import Rule, parse_rule
from crm.invitations.reading.zones import Zone, Zones
from crm.invitations.reasons import Reason, Unreadable

MOST_DATES = 2_000
YEARS = range(1970, 2101)


@dataclass(frozen=True, slots=True)
class Line:
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value)


def value_of(value: str) -> date:
    """A date, a naive local time or an instant. Raises Unreadable."""
    try:
        found = vDDDTypes.from_ical(value.strip()[:40].partition("/")[0])  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise Unreadable(Reason.no_start) from error
    if not isinstance(found, date) or found.year not in YEARS:
        raise Unreadable(Reason.no_start)
    return found


def stamp_of(value: str) -> datetime | None:
    try:
        found = value_of(value)
    except Unreadable:
        return None
    if not isinstance(found, datetime):
        found = datetime.combine(found, time())
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def start_of(line: Line | None, zones: Zones, *, whole: bool) -> tuple[date | None, Zone]:
    """When it begins, local to the zone that it names."""
    if line is None:
        return None, zones.usual
    found = value_of(line.value)
    if not isinstance(found, datetime):
        return found, zones.usual
    # An instant without a zone's name recurs by the clock of the calendar's own zone.
    zone = zones.usual if found.tzinfo else zones.named(line.parameters.get("TZID", ""))
    local = zone.local(found) if found.tzinfo else found
    return (local.date() if whole and local.time() == time() else local), zone


def moment_of(line: Line, *, zones: Zones, zone: Zone, whole: bool, value: str | None = None) -> date:
    """A time as the meeting's own are: local to its zone, a day where it lasts whole days."""
    found = value_of(line.value if value is None else value)
    if not isinstance(found, datetime):
        return found if whole else datetime.combine(found, time())
    if found.tzinfo:
        local = zone.local(found)
    else:
        named = zones.named(line.parameters.get("TZID", "")) if line.parameters.get("TZID") else zone
        local = found if named == zone else zone.local(named.instant(found))
    return local.date() if whole else local


def recurrence_of(line: Line, zones: Zones, zone: Zone) -> date:
    """When an occurrence would have begun: a day where the series is one of whole days, whatever it itself has become."""
    return moment_of(line, zones=zones, zone=zone, whole=not isinstance(value_of(line.value), datetime))


def end_of(
    starts: date | None, end: Line | None, duration: Line | None, zones: Zones, zone: Zone
) -> date | None:
    """When it ends: as written, else after its duration, else after an hour or the whole day."""
    if starts is None:
        return None
    if not isinstance(starts, datetime):
        return max(starts, _last_day(starts, end, duration))
    found: date | None = None
    try:
        if end is not None:
            found = moment_of(end, zones=zones, zone=zone, whole=False)
        elif duration is not None:
            found = starts + _length(duration)
    except (Unreadable, OverflowError):
        found = None
    later = found if isinstance(found, datetime) and found >= starts else None
    return later or starts + timedelta(hours=1)


def _last_day(starts: date, end: Line | None, duration: Line | None) -> date:
    try:
        if end is not None:
            found = value_of(end.value)
            return (found.date() if isinstance(found, datetime) else found) - timedelta(days=1)
        if duration is not None:
            return starts + _length(duration) - timedelta(days=1)
    except (Unreadable, OverflowError):
        pass
    return starts


def _length(line: Line) -> timedelta:
    try:
        found: timedelta = vDuration.from_ical(line.value.strip()[:40])  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise Unreadable(Reason.no_start) from error
    return min(found, timedelta(days=366))


def rule_of(line: Line | None, starts: date | None, zone: Zone) -> Rule | None:
    if line is None or starts is None:
        return None
    written = re.search(r"(?i)\bUNTIL=([0-9TZ]+)", line.value)
    until: date | None = None
    if written:
        try:
            until = value_of(written[1].upper())
        except Unreadable as unreadable:
            raise Unreadable(Reason.rule) from unreadable
        if isinstance(until, datetime) and until.tzinfo:
            until = zone.local(until)
    return parse_rule(line.value[:2_000], until)


def dates_of(lines: list[Line], understood: partial[date]) -> tuple[date, ...]:
    found: list[date] = []
    for line in lines:
        values = line.value.split(",")[: MOST_DATES - len(found)]
        found += [understood(line, value=value) for value in values if value.strip()]
    return tuple(found)
