"""What other features' pages show of interactions."""

from datetime import date

from tests.support.factories import make_interaction, make_plan, make_user, measure


def test_a_measure_shows_what_counts_under_it(pages):
    reader, plan = make_user("reader"), make_plan()
    wanted = measure(plan, "1.A.1")
    make_interaction(title="Besøket som teller", measures=[wanted])
    make_interaction(title="Hemmelig besøk", measures=[wanted], confidential=True)
    make_interaction(title="Bare planlagt", status="planned", measures=[wanted])
    make_interaction(title="Et annet tiltak", measures=[measure(plan, "1.A.2")])
    page = pages.get(f"/plan/measures/1.A.1?plan={plan.id}", user=reader)
    assert "Besøket som teller" in page.text
    assert "1 fortrolig aktivitet" in page.text
    for other in ("Hemmelig besøk", "Bare planlagt", "Et annet tiltak"):
        assert other not in page.text


def test_my_day_says_when_no_plan_covers_today(pages):
    advisor, manager = make_user(), make_user("manager")
    make_plan(date(2022, 1, 1), date(2024, 12, 31))
    assert "Ingen plan dekker dagen i dag" in pages.get("/", user=advisor).text
    assert pages.get("/", user=manager).all("a[href*='/plan/continue']")
    make_plan()
    assert "Ingen plan dekker dagen i dag" not in pages.get("/", user=advisor).text
