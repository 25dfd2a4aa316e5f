from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.plan.models import Plan
from crm.plan.rules import next_period, next_title, period_in, short_label, suggested_title
from tests.plan.outline import TEXT, plan_text


@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_a_label_is_never_empty_nor_long(wording):
    assert 0 < len(short_label(wording)) <= 60


@pytest.mark.parametrize(
    ("wording", "label"),
    [
        ("Male stolpene.", "Male stolpene"),
        ("Besøke rederiene hver vår. Spørre om alt.", "Besøke rederiene hver vår"),
        ("Bygge ut områder, f.eks. Berga.", "Bygge ut områder, f.eks. Berga"),
        ("Ordet " * 11, "Ordet " * 9 + "Ordet…"),
        ("x" * 80, "x" * 59 + "…"),
        (
            "Holde et stort møte med alle som vil komme på kaia, og med de andre",
            "Holde et stort møte med alle som vil komme på kaia…",
        ),
    ],
)
def test_labels_from_wording(wording, label):
    assert short_label(wording) == label


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Handlingsplan 2022–2024", (2022, 2024)),
        ("handlingsplan-2022-2024.txt", (2022, 2024)),
        ("plan_2022_2024.docx", (2022, 2024)),
        ("Plan 2024-2022", None),
        ("Sak 12022-20241", None),
        ("Plan", None),
    ],
)
def test_a_period_is_read_from_a_name(text, years):
    assert period_in(text) == (years and (date(years[0], 1, 1), date(years[1], 12, 31)))


def test_a_title_is_the_documents_own_or_its_files_name():
    assert suggested_title(plan_text(), "x.txt") == "Handlingsplan for Fjellvik"
    untitled = plan_text(TEXT.partition("\n")[2])
    assert suggested_title(untitled, "min_plan-2022-2024.txt") == "Min plan 2022–2024"


@pytest.mark.parametrize(
    ("period", "following"),
    [
        ((date(2022, 1, 1), date(2024, 12, 31)), (date(2025, 1, 1), date(2027, 12, 31))),
        ((date(2025, 7, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2027, 6, 30))),
        ((date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 3, 1), date(2024, 3, 31))),
        ((date(2024, 1, 10), date(2024, 1, 19)), (date(2024, 1, 20), date(2024, 1, 29))),
    ],
)
def test_the_next_period_is_as_long(period, following):
    assert next_period(Plan(starts_on=period[0], ends_on=period[1])) == following


def test_the_next_title_has_the_next_years():
    assert (
        next_title("Plan 2022–2024 for vekst", date(2025, 1, 1), date(2027, 12, 31))
        == "Plan 2025–2027 for vekst"
    )
