from dataclasses import dataclass, field
from datetime import date, timedelta

from crm.interactions.suggestions import suggested_measures

TODAY = date(2026, 11, 23)


@dataclass
class Measure:
    id: int
    hints: dict = field(default_factory=dict)


def test_nothing_known_suggests_nothing():
    assert suggested_measures([Measure(1), Measure(2)], today=TODAY) == []


def test_what_the_organisation_was_tagged_with_comes_first_the_latest_foremost():
    measures = [Measure(1), Measure(2), Measure(3, {"interaction_kinds": ["company_visit"]})]
    earlier = [(1, TODAY - timedelta(days=900)), (2, TODAY - timedelta(days=10))]
    assert suggested_measures(measures, today=TODAY, kind="company_visit", earlier=earlier) == [2, 3, 1]


def test_three_tags_outweigh_one_of_the_same_age():
    earlier = [(1, TODAY)] + [(2, TODAY)] * 3
    assert suggested_measures([Measure(1), Measure(2)], today=TODAY, earlier=earlier) == [2, 1]


def test_hints_on_kind_organisation_kind_and_industry():
    measures = [
        Measure(1, {"interaction_kinds": ["meeting"]}),
        Measure(2, {"organisation_kinds": ["school"]}),
        Measure(3, {"industry_prefixes": ["62", "72"]}),
        Measure(4),
    ]
    found = suggested_measures(
        measures, today=TODAY, kind="meeting", organisation_kinds=["school"], industry_codes=["62.010"]
    )
    assert found == [2, 3, 1]
    assert suggested_measures(measures, today=TODAY, kind="event", organisation_kinds=["company"]) == []


def test_an_industry_code_without_prefixes_suggests_nothing():
    assert (
        suggested_measures([Measure(1, {"industry_prefixes": []})], today=TODAY, industry_codes=["62.010"])
        == []
    )


def test_own_habits_weigh_least():
    measures = [Measure(1), Measure(2, {"organisation_kinds": ["school"]})]
    assert suggested_measures(measures, today=TODAY, organisation_kinds=["school"], own={1: 500}) == [2, 1]


def test_at_most_six_in_the_plans_order_among_equals():
    measures = [Measure(i, {"interaction_kinds": ["event"]}) for i in range(1, 10)]
    assert suggested_measures(measures, today=TODAY, kind="event") == [1, 2, 3, 4, 5, 6]


def test_what_is_of_another_plan_is_left_out_and_days_ahead_weigh_as_today():
    assert suggested_measures(
        [Measure(1)], today=TODAY, earlier=[(99, TODAY), (1, TODAY + timedelta(days=40))]
    ) == [1]
