"""Europe/Oslo in a calendar file: its VTIMEZONE, and how an instant is written so that every client reads the same one."""

from datetime import UTC, datetime, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from crm.web.clock import local

TZID = "Europe/Oslo"
SUMMER = timedelta(hours=2)
WINTER = timedelta(hours=1)
TODAYS_RULES_SINCE = 1997
"""The first year that has both of the changes as the VTIMEZONE tells them; before 1996 summer ended in September."""


def oslo() -> Timezone:
    """The zone by its rules, not by a list of changes: it does not run out."""
    zone = Timezone()
    zone.add("TZID", TZID)
    for part, begins, month, before, after in (
        (TimezoneDaylight(), datetime(1981, 3, 29, 2), 3, WINTER, SUMMER),  # noqa: DTZ001 - local, by RFC 5545
        (TimezoneStandard(), datetime(1996, 10, 27, 3), 10, SUMMER, WINTER),  # noqa: DTZ001 - local, too
    ):
        part.add("DTSTART", begins)
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", after)
        part.add("TZNAME", "CEST" if after == SUMMER else "CET")
        zone.add_component(part)
    return zone


def written(instant: datetime) -> datetime:
    """The instant as local time in Europe/Oslo, or in UTC where its local time names another instant too (the second
    pass of the hour that summer time's end repeats) or lies before the rules that the VTIMEZONE tells.
    """
    at = local(instant)
    return instant.astimezone(UTC) if at.fold or at.year < TODAYS_RULES_SINCE else at
