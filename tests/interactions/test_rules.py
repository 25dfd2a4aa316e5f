from datetime import UTC, date, datetime, timedelta

import pytest

from crm.interactions.rules import NOTES_LENGTH, Candidate, Tagged, problems

TODAY = date(2026, 11, 23)
MEASURE = Tagged(code="1.B.1", plan="Plan 2025–2028", starts_on=date(2025, 1, 1), ends_on=date(2028, 12, 31))
EARLIER = Tagged(code="1.A.2", plan="Plan 2022–2024", starts_on=date(2022, 1, 1), ends_on=date(2024, 12, 31))


def candidate(**changes):
    valid = {
        "kind": "company_visit",
        "status": "held",
        "title": "Besøk",
        "starts_on": TODAY,
        "organisations": 1,
        "advisors": 1,
        "measures": (MEASURE,),
    }
    return Candidate(**(valid | changes))


@pytest.fixture(autouse=True)
def in_english(app):
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


def refused(**changes):
    return problems(candidate(**changes), TODAY)


def test_a_held_visit_with_all_it_needs_is_accepted():
    assert refused() == {}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"starts_on": TODAY + timedelta(days=1)}, "starts_on", "still to come"),
        ({"starts_on": None}, "starts_on", "Enter the date"),
        ({"organisations": 0}, "organisations", "at least one organisation"),
        ({"advisors": 0}, "advisors", "at least one advisor"),
        ({"measures": ()}, "measures", "at least one measure"),
        ({"kind": "introduction"}, "organisations", "at least two"),
        ({"kind": "seance"}, "kind", "what kind"),
        ({"status": "perhaps"}, "status", "draft, planned"),
        ({"title": None}, "title", "Enter a title"),
        ({"title": "x" * 201}, "title", "200"),
        ({"place": "x" * 201}, "place", "200"),
        ({"notes": "x" * 200_000}, "notes", "200,000 characters"),
        ({"ends_at": datetime(2026, 11, 23, 9, tzinfo=UTC)}, "starts_at", "when it began"),
        ({"measures": (EARLIER,)}, "measures", "Plan 2022–2024"),
    ],
)
def test_what_held_lacks_is_told_at_its_field_with_the_mend(changes, field, words):
    found = refused(**changes)
    assert list(found) == [field]
    assert words in " ".join(found[field])


def test_an_end_before_the_start_is_refused_and_the_same_moment_is_not():
    nine = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert "ends_at" in refused(starts_at=nine, ends_at=nine - timedelta(minutes=1))
    assert refused(starts_at=nine, ends_at=nine) == {}


def test_notes_may_be_as_long_as_the_limit():
    assert refused(notes="x" * NOTES_LENGTH) == {}
    assert "notes" in refused(notes="x" * (NOTES_LENGTH + 1))


def test_an_introduction_of_two_organisations_is_accepted():
    assert refused(kind="introduction", organisations=2) == {}


def test_measures_of_the_plan_that_covers_an_earlier_day_are_accepted():
    assert refused(starts_on=date(2024, 12, 31), measures=(EARLIER,)) == {}
    told = refused(starts_on=date(2024, 12, 31), measures=(EARLIER, MEASURE))
    assert "1.B.1" in told["measures"][0]
    assert "1.A.2" not in told["measures"][0]


def test_a_draft_needs_only_a_title():
    bare = {"status": "draft", "starts_on": None, "organisations": 0, "advisors": 0, "measures": ()}
    assert refused(**bare) == {}
    assert list(refused(**bare, title="")) == ["title"]
    assert list(refused(**bare, notes="x" * 200_000)) == ["notes"]


def test_only_a_draft_can_be_saved_as_a_draft():
    assert refused(status="draft", was_status="draft") == {}
    assert list(refused(status="draft", was_status="held")) == ["status"]


def test_planned_lies_ahead():
    bare = {"status": "planned", "organisations": 0, "measures": ()}
    assert refused(**bare) == {}
    assert refused(**bare | {"starts_on": TODAY + timedelta(days=30)}) == {}
    assert "has passed" in refused(**bare | {"starts_on": TODAY - timedelta(days=1)})["starts_on"][0]
    assert "planned for" in refused(**bare | {"starts_on": None})["starts_on"][0]


def test_a_planned_one_whose_day_has_passed_can_still_be_edited_but_not_moved_into_the_past():
    passed = TODAY - timedelta(days=2)
    kept = {"status": "planned", "was_status": "planned", "was_on": passed}
    assert refused(starts_on=passed, **kept) == {}
    assert list(refused(starts_on=TODAY - timedelta(days=1), **kept)) == ["starts_on"]


def test_everything_wrong_is_told_at_once():
    found = refused(organisations=0, advisors=0, measures=(), title="", starts_on=None)
    assert set(found) == {"organisations", "advisors", "measures", "title", "starts_on"}
