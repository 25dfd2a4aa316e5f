"""The shipped catalogue has the plan's shape, and short labels in three languages."""

from datetime import date

import pytest

from crm.plan.catalogue import load_catalogue

MEASURES_PER_STRATEGY = {
    "1.A": 2,
    "1.B": 4,
    "1.C": 6,
    "2.A": 3,
    "2.B": 3,
    "2.C": 2,
    "3.A": 2,
    "3.B": 3,
    "3.C": 2,
    "4.A": 3,
    "4.B": 3,
    "4.C": 2,
    "5.A": 3,
    "5.B": 3,
    "5.C": 2,
}
INTERACTION_KINDS = {
    "company_visit",
    "meeting",
    "phone_call",
    "email",
    "event",
    "introduction",
    "arena_session",
    "collaboration",
}
ORGANISATION_KINDS = {
    "company",
    "developer",
    "cluster",
    "startup_hub",
    "university",
    "school",
    "public_agency",
    "investor",
    "association",
    "other",
}


def test_shape_and_order():
    catalogue = load_catalogue()
    assert (catalogue.starts_on, catalogue.ends_on) == (date(2022, 1, 1), date(2024, 12, 31))
    assert catalogue.strategy.ends_on == date(2030, 12, 31)
    assert [area.number for area in catalogue.focus_areas] == [1, 2, 3, 4, 5]
    assert {s.code: len(s.measures) for s in catalogue.strategies()} == MEASURES_PER_STRATEGY
    codes = [
        f"{code}.{place}" for code, size in MEASURES_PER_STRATEGY.items() for place in range(1, size + 1)
    ]
    assert [measure.code for measure in catalogue.measures()] == codes
    assert len(codes) == 43
    assert [goal.number for goal in catalogue.main_goals] == list(range(1, 8))
    assert [goal.number for goal in catalogue.impact_goals] == list(range(1, 5))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_labels_are_short_and_tell_apart(language):
    catalogue = load_catalogue()
    items = [
        *catalogue.main_goals,
        *catalogue.impact_goals,
        *catalogue.focus_areas,
        *catalogue.strategies(),
        *catalogue.measures(),
    ]
    labels = [item.labels.as_dict()[language] for item in items]
    assert all(0 < len(label.split()) <= 6 for label in labels)
    measures = [measure.labels.as_dict()[language] for measure in catalogue.measures()]
    assert len(set(measures)) == 43


def test_targets():
    targets = {measure.code: measure.targets for measure in load_catalogue().measures() if measure.targets}
    assert {code: [target.kind for target in found] for code, found in targets.items()} == {
        "1.A.1": ["milestone"],
        "1.A.2": ["milestone"],
        "1.B.3": ["interactions"],
        "1.C.4": ["indicator"],
        "2.A.2": ["coverage"],
        "2.B.3": ["interactions"],
        "5.C.1": ["interactions"],
    }
    assert targets["1.A.1"][0].due_on == date(2024, 12, 31)
    assert (targets["1.C.4"][0].goal, targets["2.A.2"][0].goal) == (500, 100)
    assert targets["2.A.2"][0].organisation_kind == "school"
    assert (targets["5.C.1"][0].goal, targets["5.C.1"][0].every_year) == (1, True)
    assert targets["5.C.1"][0].interaction_kind == "collaboration"


def test_hints_use_known_words():
    for measure in load_catalogue().measures():
        assert set(measure.interaction_kinds) <= INTERACTION_KINDS
        assert set(measure.organisation_kinds) <= ORGANISATION_KINDS
        assert all(prefix.replace(".", "").isdigit() for prefix in measure.industry_prefixes)
    visit, hotel = load_catalogue().measure("1.B.1"), load_catalogue().measure("3.B.1")
    assert "company_visit" in visit.interaction_kinds
    assert hotel.fits_industry("55.101")
    assert not hotel.fits_industry("62.010")
    assert not hotel.fits_industry(None)
    assert load_catalogue().measure("9.Z.9") is None
