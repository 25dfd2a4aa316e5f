"""Time zones as calendars name them: by their own name, by Windows', by a path, or by a definition that comes along."""

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil import tz
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from crm.invitations.reasons import Reason, Unreadable
from crm.web.clock import OSLO

OWN = "Europe/Oslo"
"""Times without a zone are those of the office."""
KEPT_LINES = re.compile(
    r"(?i)(BEGIN|END):(VTIMEZONE|STANDARD|DAYLIGHT)|TZID[:;]|DTSTART[:;]|TZOFFSETFROM:|TZOFFSETTO:|RRULE:"
)
YEARLY = re.compile(
    r"(?i)RRULE:(?=.*FREQ=YEARLY)((FREQ=YEARLY|INTERVAL=1|WKST=[A-Z]{2}|UNTIL=[0-9TZ]+|BYMONTH=\d{1,2}"
    r"|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=[0-9,]+)(;|$))+"
)
MOST_LINES = 200
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_UTC = {"utc", "z", "gmt", "etc/utc", "tzone://microsoft/utc", "coordinated universal time"}


@dataclass(frozen=True, slots=True)
class Zone:
    """A known zone's name, or the definition that came along (a VTIMEZONE as text)."""

    name: str = OWN
    definition: str = ""

    def instant(self, local: datetime) -> datetime:
        """The instant in UTC of a local time. In the hour that summer time's end repeats, the first one; a time that its
        beginning leaves out is as long after midnight as the clock would have shown.
        """
        return local.replace(tzinfo=self._zone()).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        """The local time, naive, of an instant."""
        return instant.astimezone(self._zone()).replace(tzinfo=None)

    def _zone(self) -> tzinfo:
        if self.definition:
            return _defined(self.definition)
        return OSLO if self.name == OWN else ZoneInfo(self.name)


class Zones:
    """The zones of one calendar: `definitions` are its VTIMEZONEs by name; `usual` is what it names for itself."""

    def __init__(self, definitions: dict[str, str], usual: str = "") -> None:
        self._definitions = definitions
        self.usual = Zone(known_zone(usual) or OWN)

    def named(self, name: str) -> Zone:
        """Raises Unreadable for one that is neither known nor defined."""
        name = plain_name(name)
        if not name:
            return self.usual
        known = known_zone(name)
        if known is not None:
            return Zone(known)
        definition = self._definitions.get(name)
        if definition is None:
            raise Unreadable(Reason.unknown_zone)
        _defined(definition)
        return Zone(OWN, definition)


def plain_name(name: str) -> str:
    """A zone's name without the quotes and backslashes that it is written with in one place and not in another."""
    return name.strip().strip('"').replace("\\", "")


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def known_zone(name: str) -> str | None:
    """The zone's own name, for what calendars write in its place: `W. Europe Standard Time`, `/vendor/Europe/Oslo`."""
    folded = name.strip().strip("/").casefold()
    if folded in _UTC:
        return "UTC"
    parts = folded.split("/")
    candidates = [folded, *("/".join(parts[-number:]) for number in (3, 2) if len(parts) > number)]
    for candidate in candidates:
        found = _names().get(candidate) or _names().get(_WINDOWS.get(candidate, "").casefold())
        if found:
            return found
    return None


@lru_cache(maxsize=64)
def _defined(definition: str) -> tzinfo:
    """The zone of a VTIMEZONE. Only yearly rules are followed. Raises Unreadable where it makes no sense."""
    lines = [line for line in definition.split("\n") if KEPT_LINES.match(line)]
    rules = [line for line in lines if line.upper().startswith("RRULE")]
    if len(lines) > MOST_LINES or not all(YEARLY.fullmatch(rule) for rule in rules):
        raise Unreadable(Reason.unknown_zone)
    try:
        zone = tz.tzical(io.StringIO("\n".join(lines) + "\n")).get()
        if zone is not None:
            zone.utcoffset(datetime(2026, 7, 1))  # noqa: DTZ001  a local time
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise Unreadable(Reason.unknown_zone) from error
    if not isinstance(zone, tzinfo):
        raise Unreadable(Reason.unknown_zone)
    return zone
