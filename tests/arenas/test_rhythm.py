"""Recurrence rules: which days, by Norwegian time, and which are refused."""

import time as stopwatch
from datetime import UTC, date, datetime, time

import pytest

from crm.arenas.rhythm import Simple, checked, ends_at, occurrences, simple
from crm.web.clock import instant

START = date(2026, 1, 1)


def days(rule, first, last, *, starts_on=START, begins_at=time(8, 30)):
    return list(occurrences(rule, starts_on=starts_on, begins_at=begins_at, first=first, last=last))


def test_every_other_thursday_counts_from_the_first_week_and_over_the_turn_of_the_year():
    rule = Simple(every=2, weekday=3).rule
    found = days(rule, date(2026, 12, 10), date(2027, 1, 31))
    assert found == [date(2026, 12, 17), date(2026, 12, 31), date(2027, 1, 14), date(2027, 1, 28)]


def test_the_first_and_the_last_weekday_of_the_month():
    first, last = date(2026, 2, 1), date(2026, 4, 30)
    assert days(Simple(1, 1, place=1).rule, first, last) == [
        date(2026, 2, 3),
        date(2026, 3, 3),
        date(2026, 4, 7),
    ]
    assert days(Simple(1, 4, place=-1).rule, first, last) == [
        date(2026, 2, 27),
        date(2026, 3, 27),
        date(2026, 4, 24),
    ]


def test_a_pause_in_july():
    found = days(Simple(1, 2, pauses_in_july=True).rule, date(2026, 6, 20), date(2026, 8, 10))
    assert found == [date(2026, 6, 24), date(2026, 8, 5)]


def test_half_past_eight_is_half_past_eight_on_both_sides_of_summer_time():
    found = days("FREQ=WEEKLY;BYDAY=TH", date(2026, 3, 26), date(2026, 4, 2))
    assert [instant(day, time(8, 30)).astimezone(UTC).hour for day in found] == [7, 6]
    assert ends_at(date(2026, 3, 28), time(23, 0), 120).astimezone(UTC) == datetime(
        2026, 3, 29, 0, 0, tzinfo=UTC
    )


def test_until_is_a_whole_day_and_z_is_utc():
    rule = "FREQ=WEEKLY;BYDAY=TH;UNTIL="
    span = (date(2026, 1, 1), date(2026, 1, 31))
    assert days(rule + "20260115", *span)[-1] == date(2026, 1, 15)
    # 07:29 in UTC is 08:29 in Norway: one minute before the session begins.
    assert days(rule + "20260115T072900Z", *span)[-1] == date(2026, 1, 8)
    assert days(rule + "20260115T073000Z", *span)[-1] == date(2026, 1, 15)


def test_count_is_reckoned_from_the_first_day():
    found = days("FREQ=WEEKLY;BYDAY=TH;COUNT=3", date(2026, 1, 8), date(2027, 1, 1))
    assert found == [date(2026, 1, 8), date(2026, 1, 15)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=7",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
    ],
)
def test_a_rule_that_never_comes_true_is_found_out_at_once(rule):
    began = stopwatch.perf_counter()
    assert days(checked_in_english(rule), START, date(2029, 1, 1)) == []
    assert stopwatch.perf_counter() - began < 1


def test_ten_thousand_recurrences_do_not_hang():
    began = stopwatch.perf_counter()
    found = days("FREQ=DAILY;COUNT=10000", date(2050, 1, 1), date(2050, 1, 2), starts_on=date(2023, 1, 1))
    assert found == [date(2050, 1, 1), date(2050, 1, 2)]
    assert stopwatch.perf_counter() - began < 1


def checked_in_english(rule):
    return checked(rule)


def test_what_calendars_write_is_tidied(in_english):
    assert checked(" rrule:FREQ=Monthly; byday=2we,4we ") == "FREQ=MONTHLY;BYDAY=2WE,4WE"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "Enter a recurrence rule"),
        ("every thursday", "Enter a recurrence rule"),
        ("FREQ=HOURLY", "at most once a day"),
        ("FREQ=SECONDLY;COUNT=5", "at most once a day"),
        ("FREQ=WEEKLY;BYDAY=XX", "“BYDAY=XX” is not understood"),
        ("FREQ=DAILY;BYHOUR=9,10", "“BYHOUR=9,10” is not understood"),
        ("FREQ=WEEKLY;BYDAY=1TH", "for MONTHLY and YEARLY"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL must be from 1"),
        ("FREQ=WEEKLY;COUNT=99999", "COUNT must be from 1 to 10,000"),
        ("FREQ=WEEKLY;COUNT=5;UNTIL=20270101", "not both"),
        ("FREQ=WEEKLY;UNTIL=20271399", "UNTIL=20271231"),
        ("FREQ=WEEKLY;FREQ=DAILY", "only once"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY must be from 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY must be from 1 to 31"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH must be from 1 to 12"),
        ("FREQ=MONTHLY;BYSETPOS=2", "BYSETPOS chooses"),
        ("FREQ=WEEKLY;BYDAY=TH\nEXDATE:20260101", "is not understood"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["TH"] * 200), "Shorten"),
    ],
)
def test_what_is_refused_says_what_to_mend(in_english, rule, told):
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        checked(rule)


@pytest.mark.parametrize(
    "rhythm",
    [Simple(1, 3), Simple(2, 0), Simple(1, 1, 1), Simple(3, 4, -1), Simple(2, 2, None, True)],
)
def test_what_the_form_makes_it_shows_again(in_english, rhythm):
    assert simple(checked(rhythm.rule)) == rhythm


def test_a_richer_rule_is_left_as_it_is():
    for rule in ("FREQ=MONTHLY;BYDAY=2WE,4WE", "FREQ=WEEKLY;BYDAY=TH;COUNT=9", "FREQ=MONTHLY;BYDAY=5FR"):
        assert simple(rule) is None
