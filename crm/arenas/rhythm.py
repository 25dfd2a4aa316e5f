"""The rhythm of an arena: an iCalendar recurrence rule, read in Norwegian time. Pure.

Days are local, so that what begins at 08:30 does so in summer and in winter (see `crm.web.clock.instant`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.rrule import rrulestr
from flask_babel import gettext as _

from crm.web.clock import OSLO
from crm.web.formatting import number

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLACES: Final = (1, 2, 3, 4, -1)
"""Which one of a month: the first to the fourth, the last."""
YEARS: Final = range(2000, 2060)
LONGEST, MOST_EVERY, MOST_COUNT = 300, 52, 10_000
LATEST_YEAR_OF_LIBRARY: Final = 9998
JULY: Final = 7
_OTHER_MONTHS: Final = ",".join(str(month) for month in range(1, 13) if month != JULY)

_NUMBERS = r"[+-]?\d{1,3}(?:,[+-]?\d{1,3})*"
_DAY = r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)"
_PARTS: Final = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"\d{1,3}",
    "COUNT": r"\d{1,5}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "BYDAY": rf"{_DAY}(?:,{_DAY})*",
    "BYMONTHDAY": _NUMBERS,
    "BYYEARDAY": _NUMBERS,
    "BYWEEKNO": _NUMBERS,
    "BYMONTH": _NUMBERS,
    "BYSETPOS": _NUMBERS,
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}
"""What may stand in a rule. Nothing smaller than a day: an arena meets at most once a day."""
_LIMITS: Final = {
    "BYMONTH": 12,
    "BYMONTHDAY": 31,
    "BYYEARDAY": 366,
    "BYWEEKNO": 53,
    "BYSETPOS": 366,
    "BYDAY": 53,
}


@dataclass(frozen=True, slots=True)
class Simple:
    """A rhythm that the form can show: every so many weeks on a weekday, or on the nth weekday of every so many months.
    `place` is None for weeks; `weekday` counts from Monday as 0.
    """

    every: int
    weekday: int
    place: int | None = None
    pauses_in_july: bool = False

    @property
    def rule(self) -> str:
        day = WEEKDAYS[self.weekday]
        frequency, day = ("WEEKLY", day) if self.place is None else ("MONTHLY", f"{self.place}{day}")
        every = f";INTERVAL={self.every}" if self.every > 1 else ""
        pause = f";BYMONTH={_OTHER_MONTHS}" if self.pauses_in_july else ""
        return f"FREQ={frequency}{every};BYDAY={day}{pause}"


def parts_of(rule: str) -> dict[str, str]:
    """A rule's parts by name, in its order."""
    return {name: value for name, _is, value in (part.partition("=") for part in rule.split(";"))}


def simple(rule: str) -> Simple | None:
    """The rule as the form shows it; None for one that says more than that."""
    parts = parts_of(rule)
    found = re.fullmatch(r"(-?\d)?([A-Z]{2})", parts.get("BYDAY", ""))
    is_monthly = parts["FREQ"] == "MONTHLY"
    if not found or parts["FREQ"] not in {"WEEKLY", "MONTHLY"} or is_monthly != bool(found[1]):
        return None
    place = int(found[1]) if found[1] else None
    made = Simple(
        int(parts.get("INTERVAL", "1")),
        WEEKDAYS.index(found[2]),
        place,
        parts.get("BYMONTH") == _OTHER_MONTHS,
    )
    return made if made.rule == rule and place in {None, *PLACES} else None


def checked(typed: str) -> str:
    """A recurrence rule as it is kept, from what somebody typed or pasted. Raises ValueError with what to mend."""
    rule = re.sub(r"\s", "", typed).upper().removeprefix("RRULE:").strip(";")
    if len(rule) > LONGEST:
        raise ValueError(_("Shorten the rule to %(most)s characters", most=LONGEST))
    parts = parts_of(rule)
    if len(parts) != len(rule.split(";")):
        raise ValueError(_("Name each part of the rule only once"))
    if parts.get("FREQ") in {"HOURLY", "MINUTELY", "SECONDLY"}:
        raise ValueError(_("An arena meets at most once a day: use DAILY, WEEKLY, MONTHLY or YEARLY"))
    if "FREQ" not in parts:
        raise ValueError(_("Enter a recurrence rule such as FREQ=MONTHLY;BYDAY=1TU"))
    for name, value in parts.items():
        if name not in _PARTS or not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise ValueError(
                _("“%(part)s” is not understood in a recurrence rule", part=f"{name}={value}"[:60])
            )
    _check_sizes(parts)
    try:
        next(_occurrences(rule, datetime(2026, 1, 1), datetime(2026, 1, 2)), None)  # noqa: DTZ001  local
    except ValueError as error:
        raise ValueError(_("“%(part)s” is not understood in a recurrence rule", part=rule[:60])) from error
    return rule


def _check_sizes(parts: dict[str, str]) -> None:
    if not 1 <= int(parts.get("INTERVAL", "1")) <= MOST_EVERY:
        raise ValueError(_("INTERVAL must be from 1 to %(most)s", most=MOST_EVERY))
    if not 1 <= int(parts.get("COUNT", "1")) <= MOST_COUNT:
        raise ValueError(_("COUNT must be from 1 to %(most)s", most=number(MOST_COUNT)))
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError(_("Use COUNT or UNTIL, not both"))
    if re.search(r"\d", parts.get("BYDAY", "")) and parts["FREQ"] not in {"MONTHLY", "YEARLY"}:
        raise ValueError(_("Numbered weekdays such as 1TU are for MONTHLY and YEARLY"))
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH"}:
        raise ValueError(_("BYSETPOS chooses among days: say which, by BYDAY for instance"))
    _check_numbers(parts)
    if "UNTIL" in parts:
        try:
            _until(parts["UNTIL"])
        except (ValueError, OverflowError):
            raise ValueError(_("Write UNTIL as a day, such as UNTIL=20271231")) from None


def _check_numbers(parts: dict[str, str]) -> None:
    """Each number of a list lies within its limit, counted from the beginning or, where that is usual, from the end."""
    numbers = {name: parts[name].split(",") for name in _LIMITS.keys() & parts.keys() - {"BYDAY"}}
    numbers["BYDAY"] = [day[:-2] for day in parts.get("BYDAY", "").split(",") if day[:-2]]
    for name, found in numbers.items():
        most = _LIMITS[name]
        least = 1 if name == "BYMONTH" else -most
        if any(not int(one) or not least <= int(one) <= most for one in found):
            raise ValueError(_("%(name)s must be from 1 to %(most)s", name=name, most=most))


def last_day(rule: str) -> date | None:
    """The local day after which the rule says that nothing happens."""
    until = parts_of(rule).get("UNTIL")
    return _until(until).date() if until is not None else None


def _until(written: str) -> datetime:
    """The last local moment that UNTIL lets through: a day counts whole, and Z is UTC."""
    if len(written) == 8:
        return datetime.combine(datetime.strptime(written, "%Y%m%d").date(), time.max)  # noqa: DTZ007  a day
    moment = datetime.strptime(written.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  given its zone below
    if written.endswith("Z"):
        moment = moment.replace(tzinfo=UTC).astimezone(OSLO).replace(tzinfo=None)
    return moment


def occurrences(
    rule: str, *, starts_on: date, begins_at: time | None, first: date, last: date
) -> Iterator[date]:
    """The local days of the rhythm from `first` to `last`, both included. `starts_on` is where it counts from."""
    end = datetime.combine(last, time.max)
    if (until := parts_of(rule).get("UNTIL")) is not None:
        end = min(end, _until(until))
    for moment in _occurrences(rule, datetime.combine(starts_on, begins_at or time.min), end):
        if moment.date() >= first:
            yield moment.date()


def _occurrences(rule: str, start: datetime, last: datetime) -> Iterator[datetime]:
    """Local moments without zone. Of a rule that never comes true the library would look at every day until the year
    9999, for seconds; so it is asked about its calendar's last years, which have the same weekdays and leap years.
    """
    ahead = _years_ahead(last.year)
    bare = ";".join(f"{name}={value}" for name, value in parts_of(rule).items() if name != "UNTIL")
    for there in rrulestr(bare, dtstart=start.replace(year=start.year + ahead)):
        moment = there.replace(year=there.year - ahead)
        if moment > last:
            return
        yield moment


def _years_ahead(year: int) -> int:
    """How far from the year, at the end of the library's calendar, the same days fall on the same weekdays."""
    furthest = LATEST_YEAR_OF_LIBRARY - year
    return next(
        years
        for years in range(furthest - furthest % 4, 0, -4)
        if date(year, 3, 1).weekday() == date(year + years, 3, 1).weekday()
    )


def ends_at(day: date, begins_at: time, minutes: int) -> datetime:
    """When something that begins then ends, as an instant: so many minutes later by the clock on the wall."""
    local_end = datetime.combine(day, begins_at) + timedelta(minutes=minutes)
    return local_end.replace(tzinfo=OSLO)
