"""What the time is in Norway. Instants are kept in UTC; people, days and counts follow Europe/Oslo."""

from calendar import monthrange
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from crm.database import now

OSLO = ZoneInfo("Europe/Oslo")


def today() -> date:
    """The local date."""
    return now().astimezone(OSLO).date()


def local(instant: datetime) -> datetime:
    return instant.astimezone(OSLO)


def instant(day: date, at: time) -> datetime:
    """The instant of a local day and time of day. In the hour that summer time's end repeats, the first one."""
    return datetime.combine(day, at, OSLO)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of its month where that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
