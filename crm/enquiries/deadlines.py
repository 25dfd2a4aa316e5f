"""Working days and working time. Pure.

Working time is 08:00 to 15:30 in Norway (Europe/Oslo) on working days, the whole year: seven and a half hours, the core of
what Norwegian municipalities keep open. What comes in after closing time, or on a day off, counts as received when the
office next opens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from crm.web.clock import instant, local
from crm.web.working_days import is_working_day

OPENS: Final = time(8, 0)
CLOSES: Final = time(15, 30)
USUAL_DAYS: Final = 3
A_DAY: Final = timedelta(days=1)
DAY_MINUTES: Final = 450


def working_day_from(day: date) -> date:
    """The day itself where the office is open, else the next one on which it is."""
    while not is_working_day(day):
        day += A_DAY
    return day


def working_days_after(day: date, number: int) -> date:
    """The working day so many working days later; with 0 the first one from the day on."""
    day = working_day_from(day)
    for _each in range(number):
        day = working_day_from(day + A_DAY)
    return day


def working_day_before(day: date) -> date:
    """The last working day before the day."""
    day -= A_DAY
    while not is_working_day(day):
        day -= A_DAY
    return day


def received_on(received_at: datetime) -> date:
    """The working day that what comes in at the instant is counted from."""
    moment = local(received_at)
    late = is_working_day(moment.date()) and moment.time() >= CLOSES
    return working_day_from(moment.date() + A_DAY if late else moment.date())


def due_day(received_at: datetime, working_days: int) -> date:
    """The last local day for an answer: the day it counts from is not one of the working days."""
    return working_days_after(received_on(received_at), working_days)


def working_days_between(since: date, until: date) -> int:
    """How many working days there are after the one, up to and with the other; 0 where it is no later."""
    return sum(is_working_day(since + A_DAY * n) for n in range(1, (until - since).days + 1))


def working_minutes(since: datetime, until: datetime) -> int:
    """Whole minutes of working time between two instants; 0 where the second is no later."""
    first, last = local(since).date(), local(until).date()
    seconds = 0.0
    for n in range((last - first).days + 1):
        day = first + A_DAY * n
        if is_working_day(day):
            begins, ends = max(since, instant(day, OPENS)), min(until, instant(day, CLOSES))
            seconds += max(0.0, (ends - begins).total_seconds())
    return int(seconds // 60)


def minutes_with_us(since: datetime, until: datetime, pauses: Iterable[tuple[datetime, datetime]]) -> int:
    """Working time between two instants, without the pauses in it, in which nothing was for us to do."""
    return max(0, working_minutes(since, until) - sum(working_minutes(*pause) for pause in pauses))


@dataclass(frozen=True, slots=True)
class Clock:
    """How an open enquiry stands: `minutes` of working time are left, or `days` working days have passed since it was due."""

    due_on: date
    days: int
    """Working days until the due day: 0 today, 1 the next working day, below 0 that many working days late."""
    minutes: int

    @property
    def is_late(self) -> bool:
        return self.days < 0

    @property
    def is_near(self) -> bool:
        """Due today or on the next working day."""
        return 0 <= self.days <= 1


def clock(due_on: date, at: datetime) -> Clock:
    """How the deadline stands at the instant. It is late from the day after it was due."""
    today = local(at).date()
    if today > due_on:
        return Clock(due_on, min(-1, -working_days_between(due_on, today)), 0)
    left = working_minutes(at, instant(due_on, CLOSES))
    return Clock(due_on, working_days_between(today, due_on), left)
