"""Working days and working time, over Easter, 17 May and the changes of the clock."""

from datetime import UTC, date, datetime, time

import pytest

from crm.enquiries.deadlines import (
    DAY_MINUTES,
    clock,
    due_day,
    minutes_with_us,
    working_day_before,
    working_days_between,
    working_minutes,
)
from crm.web.clock import instant


def at(day: str, clock: str) -> datetime:
    return instant(date.fromisoformat(day), time.fromisoformat(clock)).astimezone(UTC)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (at("2026-11-24", "10:00"), 3, "2026-11-27"),  # Tuesday: the day itself is not one of the three
        (at("2026-11-24", "10:00"), 0, "2026-11-24"),
        (at("2026-11-26", "10:00"), 3, "2026-12-01"),  # over a weekend
        (at("2026-11-24", "15:30"), 3, "2026-11-30"),  # after closing time: as if on Wednesday
        (at("2026-11-28", "23:50"), 3, "2026-12-03"),  # Saturday night: as if on Monday
        (at("2026-11-29", "00:10"), 0, "2026-11-30"),
        (at("2026-04-01", "09:00"), 3, "2026-04-09"),  # Wednesday before Easter: Thursday to Monday are off
        (at("2026-05-13", "09:00"), 2, "2026-05-18"),  # Ascension Day is the 14th, 17 May a Sunday
        (at("2027-05-14", "09:00"), 1, "2027-05-18"),  # 17 May is a Monday, and Whit Monday
        (at("2026-12-23", "12:00"), 3, "2026-12-29"),
    ],
)
def test_the_deadline_is_counted_in_working_days_from_when_the_office_had_it(received, days, due):
    assert due_day(received, days) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        (at("2026-11-24", "09:00"), at("2026-11-24", "10:30"), 90),
        (at("2026-11-24", "06:00"), at("2026-11-24", "08:30"), 30),
        (at("2026-11-24", "15:00"), at("2026-11-25", "08:30"), 60),
        (at("2026-11-28", "23:50"), at("2026-11-30", "08:05"), 5),
        (at("2026-11-28", "10:00"), at("2026-11-29", "22:00"), 0),
        (at("2026-11-24", "10:00"), at("2026-11-24", "09:00"), 0),
        (at("2026-04-01", "15:00"), at("2026-04-07", "09:00"), 90),  # over Easter
        (
            at("2026-03-27", "08:00"),
            at("2026-03-30", "15:30"),
            2 * DAY_MINUTES,
        ),  # summer time begins on the 29th
        (at("2026-10-23", "08:00"), at("2026-10-26", "15:30"), 2 * DAY_MINUTES),  # and ends on 25 October
    ],
)
def test_working_time_is_from_eight_to_half_past_three_on_working_days_in_norway(since, until, minutes):
    assert working_minutes(since, until) == minutes


def test_what_we_could_not_do_anything_about_is_not_counted():
    pause = (at("2026-11-24", "10:00"), at("2026-11-26", "10:00"))
    assert minutes_with_us(at("2026-11-24", "09:00"), at("2026-11-26", "11:00"), [pause]) == 120


def test_the_clock_says_what_is_left_or_how_late_it_is():
    due = date(2026, 11, 30)  # a Monday
    friday = clock(due, at("2026-11-27", "14:00"))
    assert (friday.days, friday.minutes, friday.is_near, friday.is_late) == (1, 90 + DAY_MINUTES, True, False)
    same_day = clock(due, at("2026-11-30", "15:00"))
    assert (same_day.days, same_day.minutes) == (0, 30)
    evening = clock(due, at("2026-11-30", "20:00"))
    assert (evening.days, evening.minutes, evening.is_late) == (0, 0, False)
    assert clock(due, at("2026-12-02", "09:00")).days == -2
    assert (
        clock(date(2026, 11, 27), at("2026-11-28", "09:00")).days == -1
    )  # late, though no working day has passed
    assert not clock(due, at("2026-11-24", "09:00")).is_near


def test_days_between_and_before_skip_days_off():
    assert working_days_between(date(2026, 4, 1), date(2026, 4, 8)) == 2
    assert working_days_between(date(2026, 4, 8), date(2026, 4, 1)) == 0
    assert working_day_before(date(2026, 4, 7)) == date(2026, 4, 1)
