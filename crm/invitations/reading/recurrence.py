"""The days of a recurring meeting. Rules of our own reading, since a hostile rule may name no day at all and a search
without an end for the first of them is what libraries do then: here each step is a day of a bounded span.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.invitations.reasons import Reason, Unreadable

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_YEARS = 40
_NUMBERS = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A recurrence rule. `until` is local, a date for the whole of that day. Weekdays are (place, day): place 0 for each."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    week_start: int = 0


def parse_rule(text: str, until: date | None) -> Rule:
    """The rule as written, with its end as the caller has understood it. Raises Unreadable for what is not kept: rules by
    the hour, minute or second, by the week or day of the year.
    """
    parts = dict(part.split("=", 1) for part in text.upper().split(";") if "=" in part)
    frequency = parts.get("FREQ", "")
    try:
        place = FREQUENCIES.index(frequency)
        numbers = {name: _numbers(parts.get(name, ""), most) for name, most in _NUMBERS.items()}
        weekdays = tuple(_weekday(one) for one in parts.get("BYDAY", "").split(",") if one)
        interval = int(parts.get("INTERVAL", "1"))
        count = int(parts["COUNT"]) if "COUNT" in parts else None
        week_start = WEEKDAYS.index(parts.get("WKST", "MO"))
    except ValueError as error:
        raise Unreadable(Reason.rule) from error
    if (
        parts.keys() & {"BYWEEKNO", "BYYEARDAY"}
        or not 1 <= interval <= 1000
        or (place < 2 and any(which for which, _day in weekdays))
    ):
        raise Unreadable(Reason.rule)
    return Rule(
        frequency=frequency,
        interval=interval,
        count=count,
        until=until,
        weekdays=weekdays,
        month_days=numbers["BYMONTHDAY"],
        months=numbers["BYMONTH"],
        places=numbers["BYSETPOS"],
        week_start=week_start,
    )


def _numbers(text: str, most: int) -> tuple[int, ...]:
    found = tuple(int(one) for one in text.split(",") if one)
    if any(not 0 < abs(one) <= most for one in found) or len(found) > most:
        raise ValueError(text)
    return found


def _weekday(text: str) -> tuple[int, int]:
    place = int(text[:-2] or "0")
    if abs(place) > 53:
        raise ValueError(text)
    return place, WEEKDAYS.index(text[-2:])


def recurring(starts: date, rule: Rule, last: date) -> Iterator[date]:
    """When the meeting begins, from its first time to the local day `last`: datetimes if `starts` is one, else dates.
    Raises Unreadable where it began more than 40 years before.
    """
    first = starts.date() if isinstance(starts, datetime) else starts
    if (last - first).days > MOST_YEARS * 366:
        raise Unreadable(Reason.rule)
    for made, day in enumerate(_days(first, rule, last)):
        at = datetime.combine(day, starts.time()) if isinstance(starts, datetime) else day
        if (rule.count is not None and made >= rule.count) or _is_past(at, rule.until):
            return
        yield at


def _is_past(at: date, until: date | None) -> bool:
    if until is None:
        return False
    if isinstance(until, datetime) and isinstance(at, datetime):
        return at > until
    return _day(at) > _day(until)


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


def _days(first: date, rule: Rule, last: date) -> Iterator[date]:
    for begins, ends in _periods(first, rule, last):
        days = [day for day in _each_day(begins, ends) if _fits(day, first, rule)]
        if rule.places:
            kept = {
                days[place - 1 if place > 0 else place] for place in rule.places if abs(place) <= len(days)
            }
            days = sorted(kept)
        yield from (day for day in days if first <= day <= last)


def _periods(first: date, rule: Rule, last: date) -> Iterator[tuple[date, date]]:
    """The days, weeks, months or years that the rule looks at: first and last day of each."""
    number = 0
    while True:
        step = number * rule.interval
        try:
            begins, ends = _period(first, rule, step)
        except (ValueError, OverflowError):
            return
        if begins > last:
            return
        yield begins, ends
        number += 1


def _period(first: date, rule: Rule, step: int) -> tuple[date, date]:
    if rule.frequency == "DAILY":
        day = first + timedelta(days=step)
        return day, day
    if rule.frequency == "WEEKLY":
        monday = first - timedelta(days=(first.weekday() - rule.week_start) % 7) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6)
    if rule.frequency == "MONTHLY":
        begins = _month(first.year, first.month - 1 + step)
        return begins, _month(begins.year, begins.month) - timedelta(days=1)
    return date(first.year + step, 1, 1), date(first.year + step, 12, 31)


def _month(year: int, months: int) -> date:
    """The first day of the month that comes so many months after the January of the year."""
    return date(year + months // 12, months % 12 + 1, 1)


def _each_day(begins: date, ends: date) -> Iterator[date]:
    for number in range((ends - begins).days + 1):
        yield begins + timedelta(days=number)


def _fits(day: date, first: date, rule: Rule) -> bool:
    months, month_days, weekdays = rule.months, rule.month_days, rule.weekdays
    if not month_days and not weekdays:
        if rule.frequency == "WEEKLY":
            weekdays = ((0, first.weekday()),)
        elif rule.frequency in {"MONTHLY", "YEARLY"}:
            month_days = (first.day,)
            months = months or ((first.month,) if rule.frequency == "YEARLY" else ())
    if months and day.month not in months:
        return False
    if month_days:
        length = (_month(day.year, day.month) - timedelta(days=1)).day
        if day.day not in month_days and day.day - length - 1 not in month_days:
            return False
    return not weekdays or any(_is_weekday(day, one, rule) for one in weekdays)


def _is_weekday(day: date, wanted: tuple[int, int], rule: Rule) -> bool:
    place, weekday = wanted
    if day.weekday() != weekday:
        return False
    if not place:
        return True
    within_year = rule.frequency == "YEARLY" and not rule.months
    begins = date(day.year, 1, 1) if within_year else day.replace(day=1)
    ends = date(day.year, 12, 31) if within_year else _month(day.year, day.month) - timedelta(days=1)
    found = (day - begins).days // 7 + 1 if place > 0 else -((ends - day).days // 7 + 1)
    return found == place
