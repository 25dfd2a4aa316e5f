"""The days of a rule, held against a library's."""

import random
import time
from datetime import date, datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr

from crm.invitations.reading.recurrence import FREQUENCIES, WEEKDAYS, parse_rule, recurring
from crm.invitations.reasons import Unreadable


def made_up(rng):
    """A rule that has days, so that the library comes to an end."""
    frequency = rng.choice(FREQUENCIES)
    parts = [f"FREQ={frequency}"]
    if rng.random() < 0.4:
        parts.append(f"INTERVAL={rng.randint(1, 4)}")
    if rng.random() < 0.4:
        days = rng.sample(WEEKDAYS, rng.randint(1, 3))
        if frequency in {"MONTHLY", "YEARLY"} and rng.random() < 0.6:
            days = [f"{rng.choice([1, 2, -1, 3, -2])}{day}" for day in days]
        parts.append("BYDAY=" + ",".join(days))
        if frequency == "MONTHLY" and rng.random() < 0.3:
            parts.append("BYSETPOS=" + rng.choice(["1", "-1", "1,-1"]))
    elif rng.random() < 0.3:
        parts.append(f"BYMONTHDAY={rng.choice(['1', '15,31', '-1', '29,30'])}")
    elif rng.random() < 0.3:
        parts.append(f"BYMONTH={rng.randint(1, 12)}")
    if rng.random() < 0.3:
        parts.append("WKST=SU")
    if rng.random() < 0.3:
        parts.append(f"COUNT={rng.randint(1, 20)}")
    return ";".join(parts)


def test_days_are_those_that_the_library_finds():
    rng = random.Random(2026)
    for _ in range(300):
        rule = made_up(rng)
        starts = datetime(2024, rng.randint(1, 12), rng.randint(1, 28), 10)  # noqa: DTZ001  local
        last = starts + timedelta(days=800)
        found = list(recurring(starts, parse_rule(rule, None), last.date()))
        expected = list(takewhile(lambda at, last=last: at <= last, rrulestr(rule, dtstart=starts)))
        assert found == expected, (rule, starts)


def test_a_rule_without_any_day_costs_next_to_nothing():
    begun = time.perf_counter()
    rule = parse_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", None)
    assert list(recurring(date(1990, 1, 1), rule, date(2027, 12, 31))) == []
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=MONTHLY;BYDAY=99MO",
        "FREQ=DAILY;COUNT=many",
        "FREQ=",
        "",
    ],
)
def test_rules_that_are_not_kept(rule):
    with pytest.raises(Unreadable):
        parse_rule(rule, None)


def test_a_rule_that_began_in_another_age_is_not_followed():
    with pytest.raises(Unreadable):
        list(recurring(date(1900, 1, 1), parse_rule("FREQ=DAILY", None), date(2027, 1, 1)))
