"""Every rule of routing by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.responsibilities.facts import Asked, Caller
from crm.responsibilities.routing import right_contact
from tests.responsibilities.facts import (
    ABOUT_PREMISES,
    ASKED,
    BERGER,
    COMPANY,
    DAY,
    FUNDING,
    HEIA,
    OLD,
    PLANNING,
    PREMISES,
    TRANSPORT,
    UNKEPT,
    away,
    ours,
)

CASES = {
    "the account manager": (COMPANY, ASKED, [], {}, ("account_manager", "Anne")),
    "their deputy while they are away": (
        COMPANY,
        ASKED,
        [],
        {"_1": away()},
        ("account_manager", "Bjørn"),
    ),
    "the organisation's own deputy before the absence's": (
        COMPANY,
        ASKED,
        [],
        {"_1": away(deputy=3)},
        ("account_manager", "Bjørn"),
    ),
    "the absence's deputy where the own one is away too": (
        COMPANY,
        ASKED,
        [],
        {"_1": away(deputy=3), "_2": away()},
        ("account_manager", "Carl"),
    ),
    "nobody where all are away": (
        COMPANY,
        ASKED,
        [],
        {"_1": away(deputy=3), "_2": away(), "_3": away()},
        ("account_manager", None),
    ),
    "the deputy of an account manager who has left": (
        COMPANY,
        ASKED,
        [],
        {"_1": None},
        ("account_manager", "Bjørn"),
    ),
    "the next rule where both have left": (
        COMPANY,
        ASKED,
        [TRANSPORT],
        {"_1": None, "_2": None},
        ("responsibility", "Carl"),
    ),
    "whoever answers for what is asked about, before the account manager": (
        COMPANY,
        ABOUT_PREMISES,
        [{"topic_id": PREMISES, "user_id": 4}],
        {},
        ("topic", "Dina"),
    ),
    "the account manager where nobody answers for the topic": (
        COMPANY,
        ABOUT_PREMISES,
        [{"topic_id": FUNDING, "user_id": 4}, TRANSPORT],
        {},
        ("account_manager", "Anne"),
    ),
    "whoever answers for the site that is asked about": (
        COMPANY,
        Asked(DAY, site_id=BERGER),
        [{"site_id": BERGER, "user_id": 4}, {"site_id": HEIA, "user_id": 5}],
        {},
        ("topic", "Dina"),
    ),
    "nobody by a topic that is not asked about": (
        UNKEPT,
        ASKED,
        [{"topic_id": PREMISES, "user_id": 4}],
        {},
        ("nobody", None),
    ),
    "nobody by a topic that is retired": (
        UNKEPT,
        Asked(DAY, topic_id=OLD),
        [{"topic_id": OLD, "user_id": 4}],
        {},
        ("nobody", None),
    ),
    "the site of a developer who asks about nothing": (
        Caller(70, kind="developer"),
        ASKED,
        [{"site_id": BERGER, "user_id": 4}, {"organisation_kind": "developer", "user_id": 5}],
        {},
        ("responsibility", "Dina"),
    ),
    "by the focus area that the site is to attract": (
        Caller(),
        Asked(DAY, site_id=BERGER),
        [{"focus_area": 3, "user_id": 4}, {"focus_area": 2, "user_id": 5}],
        {},
        ("responsibility", "Dina"),
    ),
    "by the focus area that is named": (
        Caller(),
        Asked(DAY, focus_areas=frozenset({2})),
        [{"focus_area": 3, "user_id": 4}, {"focus_area": 2, "user_id": 5}],
        {},
        ("responsibility", "Erik"),
    ),
    "the industry, dots aside": (UNKEPT, ASKED, [{"industry_prefix": "62.01", "user_id": 3}], {}, ("responsibility", "Carl")),
    "not another industry": (UNKEPT, ASKED, [{"industry_prefix": "63", "user_id": 3}], {}, ("nobody", None)),
    "nobody by another organisation": (UNKEPT, ASKED, [{"organisation_id": 52, "user_id": 3}], {}, ("nobody", None)),
    "nobody by an organisation for an unknown caller": (Caller(), ASKED, [{"organisation_id": 52, "user_id": 3}], {}, ("nobody", None)),
    "nobody by another kind": (UNKEPT, ASKED, [{"organisation_kind": "school", "user_id": 3}], {}, ("nobody", None)),
    "who met them last": (
        replace(UNKEPT, met=((3, DAY), (4, DAY - timedelta(9)))),
        ASKED,
        [],
        {},
        ("met_last", "Carl"),
    ),
    "not who has left": (
        replace(UNKEPT, met=((3, DAY), (4, DAY - timedelta(9)))),
        ASKED,
        [],
        {"_3": None},
        ("met_last", "Dina"),
    ),
    "who met them before, where the last is away": (
        replace(UNKEPT, met=((3, DAY), (4, DAY - timedelta(9)))),
        ASKED,
        [],
        {"_3": away()},
        ("met_last", "Dina"),
    ),
    "a unit": (
        UNKEPT,
        ABOUT_PREMISES,
        [{"topic_id": PREMISES, "unit_id": PLANNING}],
        {},
        ("topic", None),
    ),
    "the deputy of a responsibility": (
        UNKEPT,
        ABOUT_PREMISES,
        [{"topic_id": PREMISES, "user_id": 4, "deputy_id": 5}],
        {"_4": away(deputy=3)},
        ("topic", "Erik"),
    ),
    "nobody for an unknown caller who asks about nothing": (Caller(), ASKED, [TRANSPORT], {}, ("nobody", None)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_named_is(case, app):
    caller, asked, answering, changes, expected = CASES[case]
    found = right_contact(caller, asked, ours(*answering, **changes))
    assert (found.rule, found.person and found.person.name) == expected, str(found.reason)


MORE_SPECIFIC = [
    {"organisation_id": 51},
    {"site_id": BERGER, "topic_id": PREMISES},
    {"site_id": BERGER},
    {"topic_id": PREMISES, "industry_prefix": "62.0"},
    {"topic_id": PREMISES, "industry_prefix": "62"},
    {"topic_id": PREMISES, "organisation_kind": "company"},
    {"topic_id": PREMISES, "focus_area": 3},
    {"topic_id": PREMISES},
]
WITHOUT_TOPIC = [
    {"organisation_id": 51, "industry_prefix": "62"},
    {"organisation_id": 51},
    {"industry_prefix": "62.010"},
    {"industry_prefix": "62", "organisation_kind": "company", "focus_area": 3},
    {"industry_prefix": "62", "organisation_kind": "company"},
    {"industry_prefix": "62"},
    {"organisation_kind": "company"},
    {"focus_area": 3},
]


@pytest.mark.parametrize("place", range(1, 8))
def test_the_more_specific_wins(place, app):
    for order, asked in (
        (MORE_SPECIFIC[1:], Asked(DAY, PREMISES, BERGER)),
        (WITHOUT_TOPIC, Asked(DAY, focus_areas=frozenset({3}))),
    ):
        pair = [{**one, "user_id": 2} for one in order[place:]] + [{**order[place - 1], "user_id": 1}]
        found = right_contact(UNKEPT, asked, ours(*pair))
        assert found.person.name == "Anne", order[place - 1]
        assert found.ties == ()


def test_a_topic_at_an_organisation_is_more_specific_than_the_topic_at_a_site(app):
    """What names the organisation comes first of all that is asked about."""
    asked = Asked(DAY, PREMISES, BERGER)
    named = [
        {"site_id": BERGER, "topic_id": PREMISES, "user_id": 1},
        {"organisation_id": 51, "topic_id": PREMISES, "user_id": 2},
    ]
    assert right_contact(UNKEPT, asked, ours(*named)).person.name == "Bjørn"


def test_those_that_are_just_as_specific_are_shown(app):
    answering = [
        {"topic_id": PREMISES, "user_id": 4},
        {"topic_id": PREMISES, "user_id": 2},
        {"topic_id": PREMISES, "user_id": 3},
        {"topic_id": PREMISES, "unit_id": PLANNING},
        {"topic_id": PREMISES, "user_id": 5},
    ]
    found = right_contact(UNKEPT, ABOUT_PREMISES, ours(*answering, _2=away(), _3=None))
    assert found.person.name == "Dina", "there, and first by name"
    assert [one.name for one in found.ties] == ["Erik", "Bjørn"]
    assert found.ties[1].away_until == DAY + timedelta(6)
    assert found.tied_units == ("Plan og bygg",)


def test_the_account_manager_is_shown_beside_who_answers_for_the_topic(app):
    found = right_contact(COMPANY, ABOUT_PREMISES, ours({"topic_id": PREMISES, "user_id": 4}))
    assert found.account_manager.name == "Anne"
    same = right_contact(COMPANY, ABOUT_PREMISES, ours({"topic_id": PREMISES, "user_id": 1}))
    assert same.account_manager is None
    assert right_contact(COMPANY, ASKED, ours()).account_manager is None


def test_away_is_told_with_the_deputy(app):
    found = right_contact(COMPANY, ASKED, ours(_1=away()))
    assert found.responsible.name == found.away.name == "Anne"
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert str(found.reason) == "Account manager: Anne is away until 30 Nov 2026, this is the deputy"


def test_where_the_deputy_is_away_too_the_unit_is_named_with_who_is_there(app):
    found = right_contact(COMPANY, ASKED, ours(_1=away(), _2=away()))
    assert found.person is None
    assert (found.unit, [one.name for one in found.members]) == ("Næring", ["Carl"])
    assert "Bjørn" in str(found.reason)


def test_phone_hours_are_those_of_who_is_responsible_not_of_the_deputy(app):
    answering = {"topic_id": PREMISES, "user_id": 4, "deputy_id": 5, "phone_hours": "9–15"}
    assert right_contact(UNKEPT, ABOUT_PREMISES, ours(answering)).person.phone_hours == "9–15"
    assert right_contact(UNKEPT, ABOUT_PREMISES, ours(answering, _4=away())).person.phone_hours is None
