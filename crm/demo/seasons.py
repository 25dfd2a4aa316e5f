"""When a business-development office is busy: autumn above all, hardly ever in July, never on a day off."""

from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = {1: 0.8, 2: 1.0, 3: 1.1, 4: 0.9, 5: 0.9, 6: 1.0, 7: 0.1, 8: 0.8, 9: 1.4, 10: 1.5, 11: 1.4, 12: 0.8}
_WEEKDAYS = (0.9, 1.15, 1.1, 1.15, 0.7, 0.0, 0.0)
_FIXED_DAYS_OFF = {(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)}
_GROWTH_PER_YEAR = 0.08


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, by the anonymous algorithm."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def is_day_off(day: date) -> bool:
    """Saturdays, Sundays and Norway's public holidays."""
    since_easter = (day - easter(day.year)).days
    return (
        day.weekday() >= 5 or (day.month, day.day) in _FIXED_DAYS_OFF or since_easter in {-3, -2, 1, 39, 50}
    )


def busyness(day: date, first: date) -> float:
    """How much happens on the day, in relation to other days; grows a little by the year from `first`."""
    if is_day_off(day):
        return 0.0
    weight = _MONTHS[day.month] * _WEEKDAYS[day.weekday()]
    if (
        -7 < (day - easter(day.year)).days < 0
        or (day.month, day.day) >= (12, 21)
        or (day.month, day.day) <= (1, 3)
    ):
        weight *= 0.1
    return weight * (1 + _GROWTH_PER_YEAR * (day - first).days / 365)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def next_working_day(day: date) -> date:
    """The day itself, or the first after it that is no day off."""
    while is_day_off(day):
        day += timedelta(days=1)
    return day
