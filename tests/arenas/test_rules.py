"""What is proposed, how it reads, which measures come along, and who has stopped coming. No database."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest

from crm.arenas.days_off import day_off
from crm.arenas.rules import attendance, measures_on, proposals
from crm.arenas.wording import rule_in_words


def arena(rhythm="FREQ=WEEKLY;BYDAY=TH", **more):
    given = {"starts_on": date(2026, 1, 1), "begins_at": time(8, 30), "ended_on": None}
    return SimpleNamespace(rhythm=rhythm, **given | more)


def proposed(of, today, taken=(), most=6):
    return [one.day for one in proposals(of, today=today, taken=set(taken), most=most)]


def test_the_next_six_that_have_no_session(in_english):
    taken = [date(2026, 9, 10)]
    assert proposed(arena(), date(2026, 9, 3), taken) == [
        *(date(2026, 9, day) for day in (3, 17, 24)),
        *(date(2026, 10, day) for day in (1, 8, 15)),
    ]


def test_nothing_is_proposed_after_the_last_day_nor_without_a_rhythm(in_english):
    assert proposed(arena(ended_on=date(2026, 9, 10)), date(2026, 9, 3)) == [
        date(2026, 9, 3),
        date(2026, 9, 10),
    ]
    assert proposed(arena(rhythm=None), date(2026, 9, 3)) == []


def test_public_holidays_are_named(in_english):
    found = {one.day: one.off for one in proposals(arena(), today=date(2026, 3, 26), taken=set())}
    assert found[date(2026, 3, 26)] is None
    assert found[date(2026, 4, 2)].name == "Maundy Thursday"
    assert found[date(2026, 4, 2)].is_public


@pytest.mark.parametrize(
    ("day", "name", "is_public"),
    [
        (date(2026, 5, 17), "Constitution Day", True),
        (date(2027, 5, 17), "Constitution Day, Whit Monday", True),
        (date(2026, 5, 14), "Ascension Day", True),
        (date(2026, 12, 24), "Christmas Eve", False),
        (date(2026, 12, 31), "New Year's Eve", False),
        (date(2027, 1, 1), "New Year's Day", True),
    ],
)
def test_days_off(in_english, day, name, is_public):
    assert day_off(day) == (name, is_public)


def test_an_ordinary_day_is_none(in_english):
    assert day_off(date(2026, 5, 18)) is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "First Tuesday of every month, not in July"),
        ("nb", "Første tirsdag hver måned, ikke i juli"),
        ("nn", "Første tysdag kvar månad, ikkje i juli"),
    ],
)
def test_a_rhythm_in_words(app, language, words):
    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        assert rule_in_words("FREQ=MONTHLY;BYDAY=1TU;BYMONTH=1,2,3,4,5,6,8,9,10,11,12") == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TH", "Every Thursday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "Every other Monday and Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=FR", "Friday every 3 weeks"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR", "Last Friday of every other month"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "Day 15 of every month"),
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20271231", "Every Thursday until 31 Dec 2027"),
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=4", "Every Thursday, 4 in all"),
        ("FREQ=MONTHLY;BYDAY=2WE,4WE", "Own rule: FREQ=MONTHLY; BYDAY=2WE,4WE"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", "Own rule: FREQ=YEARLY; BYMONTH=5; BYMONTHDAY=1"),
    ],
)
def test_rules_in_words(in_english, rule, words):
    assert rule_in_words(rule) == words


def plans():
    """Three plans of one year; measure 10 is continued by 20 and that by 30; 11 and 31 stand alone."""
    made = [
        SimpleNamespace(
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            measures=dict.fromkeys(measures),
            successors=successors,
        )
        for year, measures, successors in (
            (2028, (30, 31), {20: 30}),
            (2027, (20, 21), {10: 20}),
            (2026, (10, 11), {}),
        )
    ]
    return SimpleNamespace(
        plans=made,
        covering=lambda day: next((one for one in made if one.starts_on <= day <= one.ends_on), None),
    )


@pytest.mark.parametrize(
    ("day", "chosen", "found"),
    [
        (date(2026, 12, 31), [11, 10], [10, 11]),
        (date(2027, 1, 1), [10, 11], [20]),
        (date(2028, 6, 1), [10], [30]),
        (date(2026, 6, 1), [30, 31], [10]),
        (date(2029, 1, 1), [10], []),
    ],
)
def test_measures_follow_the_plan_of_the_day(day, chosen, found):
    assert measures_on(day, chosen, plans()) == found


@dataclass
class Held:
    day: date
    organisations: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)


def weeks(*there):
    """Sessions a week apart, newest first; True where contact 1 of organisation 9 came."""
    latest = date(2026, 11, 5)
    return [
        Held(latest - timedelta(weeks=place), {9} if came else {8}, {1} if came else {2})
        for place, came in enumerate(there)
    ]


def told(sessions, *, contact_id=1, started_on=None, last_came=None):
    return attendance(
        sessions, organisation_id=9, contact_id=contact_id, started_on=started_on, last_came=last_came
    )


def test_how_often_somebody_came():
    found = told(weeks(True, False, True, True, True, True, True), last_came=date(2026, 11, 5))
    assert (found.came, found.of, found.has_stopped) == (5, 6, False)


def test_whoever_missed_the_last_three_has_stopped_coming():
    assert told(weeks(False, False, False, True), last_came=date(2026, 10, 15)).has_stopped
    assert told(weeks(*[False] * 6), last_came=date(2025, 1, 1)).has_stopped, "came long ago"
    assert not told(weeks(False, False, True), last_came=date(2026, 10, 22)).has_stopped
    assert not told(weeks(False, False), last_came=date(2025, 1, 1)).has_stopped, "only two to miss"


def test_whoever_never_came_has_not_stopped():
    assert not told(weeks(False, False, False, False)).has_stopped


def test_what_was_before_a_member_joined_was_not_theirs_to_come_to():
    found = told(weeks(True, False, False, False), started_on=date(2026, 10, 28), last_came=date(2026, 11, 5))
    assert (found.came, found.of) == (1, 2)


def test_an_organisation_came_by_whomever_it_sent():
    assert told(weeks(True, True), contact_id=None).came == 2
