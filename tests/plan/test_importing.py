"""From a published document to rows in the database."""

from datetime import date

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.plan import operations, queries
from crm.plan.models import Goal, Measure, Plan, Strategy
from crm.plan.operations import import_plan
from crm.web.validation import Invalid
from tests.plan.outline import CODES, TEXT, contents, plan_text
from tests.support.factories import make_interaction, make_plan, make_user, measure

PERIOD = {"starts_on": date(2031, 1, 1), "ends_on": date(2034, 12, 31)}


def imported(text=TEXT, actor=None, **changes):
    values = {"title": "Fjellvik 2031–2034", **PERIOD, **changes}
    outcome = import_plan(document=plan_text(text), actor=actor, **values)
    db.session.commit()
    return outcome


def refused(text=TEXT, **changes):
    before = contents()
    with pytest.raises(Invalid) as caught:
        imported(text, **changes)
    db.session.rollback()
    assert contents() == before
    return caught.value.errors


def test_a_document_becomes_a_plan_in_order_with_its_wording_intact(app):
    outcome = imported()
    assert not outcome.updated
    plan = db.session.get_one(Plan, outcome.plan.id)
    assert queries.plan_size(plan.id) == queries.PlanSize(2, 3, 3, 5)
    assert [m.code for m in plan.measures] == CODES
    assert [m.position for m in plan.measures] == [1, 2, 3, 4, 5]
    document = plan_text()
    assert [m.wording for m in plan.measures] == [m.wording for m in document.measures()]
    assert plan.measures[2].wording == "Holde frokostmøte på kaia."
    strategies = [s for area in plan.focus_areas for s in area.strategies]
    assert [s.wording for s in strategies] == ["Havn og kai", "Fisk", "Heis"]
    assert [sub.wording for sub in strategies[0].sub_strategies] == [
        "Bygge ut kaia sammen med rederiene.",
        "Holde farleden åpen.",
    ]
    assert [(g.kind, g.wording) for g in queries.goals_of(plan.id)] == [
        ("main", "Det skal være lett å drive bedrift i Fjellvik, hele året."),
        ("impact", "Flere arbeidsplasser"),
    ]


def test_labels_are_short_and_end_at_a_word(app):
    plan = imported().plan
    labels = [m.label("nn") for m in plan.measures]
    assert labels[0] == "Besøke rederiene"
    assert labels[1] == "Regne på en ny kran som kan løfte de største containerne…"
    assert labels[2] == "Holde frokostmøte på kaia"
    assert all(len(label) <= 60 for label in labels)


def test_who_imported_what_is_recorded(app):
    manager = make_user("manager")
    plan = imported(actor=manager).plan
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.actor_id == manager.id)).all()
    kinds = [event.subject_type for event in events]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "Plan": 1, "Goal": 2, "FocusArea": 2, "Strategy": 3, "Measure": 5,
    }  # fmt: skip
    assert {event.action for event in events} == {"created"}
    (of_plan,) = (event for event in events if event.subject_type == "Plan")
    assert of_plan.subject_id == plan.id


def test_the_same_document_again_changes_nothing(app):
    imported()
    before = contents()
    events = db.session.scalar(select(func.count()).select_from(AuditEvent))
    assert imported().updated
    assert contents() == before
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_a_plan_of_the_same_period_gets_the_wording_and_keeps_what_was_tagged(app):
    plan = imported().plan
    tagged = make_interaction(measures=[measure(plan, "1.A.2")])
    ids = {m.code: m.id for m in plan.measures}
    manager = make_user("manager")
    new = TEXT.replace("Regne på en ny kran", "Kjøpe en ny kran").replace("- Holde farleden åpen.\n", "")
    outcome = imported(
        new.replace("La folk komme opp.", "Ta folk med opp."), actor=manager, title="Ny tittel"
    )
    assert outcome.updated
    assert outcome.plan.id == plan.id
    assert outcome.plan.title == "Ny tittel"
    changed = measure(plan, "1.A.2")
    assert changed.wording.startswith("Kjøpe en ny kran")
    assert changed.label("nb").startswith("Regne på en ny kran")
    assert {m.code: m.id for m in plan.measures} == ids
    assert db.session.get_one(Interaction, tagged.id).measures == [changed]
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.actor_id == manager.id)).all()
    assert sorted((event.subject_type, sorted(event.changes)) for event in events) == [
        ("Measure", ["wording"]),
        ("Plan", ["title"]),
        ("Strategy", ["sub_strategies"]),
        ("Strategy", ["sub_strategies"]),
    ]
    first = next(event for event in events if event.subject_type == "Strategy")
    assert first.changes["sub_strategies"] == [
        ["Bygge ut kaia sammen med rederiene.", "Holde farleden åpen."],
        ["Bygge ut kaia sammen med rederiene."],
    ]


def test_sub_strategies_that_come_to_are_added_in_order(app):
    imported()
    plan = imported(TEXT.replace("- La folk komme opp.", "- La folk komme opp.\n- Og ned igjen.")).plan
    heis = queries.find_strategy("2.A", plan.id, date(2031, 1, 1))
    assert [(sub.position, sub.wording) for sub in heis.sub_strategies] == [
        (1, "La folk komme opp."),
        (2, "Og ned igjen."),
    ]


def test_the_shipped_catalogue_is_loaded_once(app):
    plan = operations.load_catalogue_plan()
    db.session.commit()
    assert queries.plan_size(plan.id) == queries.PlanSize(5, 15, 0, 43)
    assert all(set(m.labels) == {"nb", "nn", "en"} for m in plan.measures)
    assert {t.kind for m in plan.measures for t in m.targets} == {
        "interactions",
        "coverage",
        "milestone",
        "indicator",
    }
    assert measure(plan, "1.B.1").hints["interaction_kinds"] == ["company_visit"]
    assert [goal.kind for goal in queries.goals_of(plan.id)] == ["main"] * 7 + ["impact"] * 4
    assert operations.load_catalogue_plan() is None


def test_the_catalogue_gives_way_to_a_plan_with_days_in_its_period(app):
    make_plan(date(2024, 12, 31), date(2026, 12, 31))
    assert operations.load_catalogue_plan() is None


def test_the_catalogue_gets_its_wording_from_the_document_and_keeps_labels_and_targets(app):
    plan = operations.load_catalogue_plan()
    db.session.commit()
    labels = {m.code: m.labels for m in plan.measures}
    text = "\n".join(
        line
        for area in plan.focus_areas
        for line in [
            f"{area.number}. Område {area.number}",
            *(
                line
                for strategy in area.strategies
                for line in [
                    f"Strategi {strategy.letter}: Strategien {strategy.code}",
                    "Delstrategi",
                    "- En linje om dette.",
                    "Tiltak",
                    *(f"- Ordlyden til {m.code} står her." for m in strategy.measures),
                ]
            ),
        ]
    )
    outcome = imported(text, title="Vår plan", starts_on=date(2022, 1, 1), ends_on=date(2024, 12, 31))
    assert outcome.updated
    assert queries.plan_size(plan.id) == queries.PlanSize(5, 15, 15, 43)
    assert all(m.wording == f"Ordlyden til {m.code} står her." for m in outcome.plan.measures)
    assert {m.code: m.labels for m in outcome.plan.measures} == labels
    assert measure(plan, "2.A.2").targets[0].kind == "coverage"


def test_other_codes_in_the_same_period_are_refused(app):
    imported()
    errors = refused(TEXT.replace("- Male stolpene.", "- Male stolpene.\n- Smøre hjulene."))
    assert "2.A.2" in str(errors["document"])
    errors = refused(TEXT.replace("Holde frokostmøte på kaia.\n", ""))
    assert "1.A.3" in str(errors["document"])


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2034, 12, 31), date(2036, 12, 31)),
        (date(2029, 1, 1), date(2031, 1, 1)),
        (date(2032, 1, 1), date(2032, 12, 31)),
        (date(2030, 1, 1), date(2040, 12, 31)),
        (date(2031, 1, 1), date(2033, 12, 31)),
    ],
)
def test_a_period_with_days_of_another_plan_is_refused(app, starts_on, ends_on):
    imported()
    errors = refused(starts_on=starts_on, ends_on=ends_on)
    assert "Fjellvik 2031–2034" in str(errors["starts_on"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": date(2030, 12, 31)}, "ends_on"),
    ],
)
def test_a_plan_needs_a_title_and_a_period(app, changes, field):
    assert list(refused(**changes)) == [field]


def test_the_database_itself_refuses_two_plans_from_the_same_day(app):
    imported()
    db.session.add(Plan(title="En til", **PERIOD))
    with pytest.raises(Exception, match="plans"):
        db.session.flush()
    db.session.rollback()


def test_a_plan_is_continued(app):
    old = imported().plan
    operations.edit_measure(
        measure=measure(old, "1.B.1"), label_nb="Kart", label_nn=None, label_en=None, status="done",
        lead_id=None, version=None, actor=make_user("manager"),
    )  # fmt: skip
    db.session.commit()
    plan = operations.continue_plan(
        plan_id=old.id, title="Neste", starts_on=date(2035, 1, 1), ends_on=date(2036, 12, 31), actor=None
    )
    db.session.commit()
    assert queries.plan_size(plan.id) == queries.plan_size(old.id)
    assert [m.continues_id for m in plan.measures] == [m.id for m in old.measures]
    assert [m.wording for m in plan.measures] == [m.wording for m in old.measures]
    assert measure(plan, "1.B.1").status == "done"
    assert measure(plan, "1.B.1").labels == {"nb": "Kart"}
    with pytest.raises(Invalid):
        operations.continue_plan(
            plan_id=old.id, title="Neste", starts_on=date(2036, 1, 1), ends_on=date(2038, 12, 31), actor=None
        )


def test_milestones_of_a_continued_plan_fall_due_in_its_period(app):
    old = operations.load_catalogue_plan()
    plan = operations.continue_plan(
        plan_id=old.id, title="Neste", starts_on=date(2025, 1, 1), ends_on=date(2028, 12, 31), actor=None
    )
    db.session.commit()
    (target,) = measure(plan, "1.A.1").targets
    assert target.due_on == date(2028, 12, 31)
    assert len({t.id for m in plan.measures for t in m.targets}) == sum(len(m.targets) for m in old.measures)
    assert measure(plan, "1.B.1").hints == measure(old, "1.B.1").hints


def test_counts_of_rows_do_not_grow_on_refusal(app):
    imported()
    rows = [
        db.session.scalar(select(func.count()).select_from(m)) for m in (Goal, Strategy, Measure, AuditEvent)
    ]
    refused(TEXT.replace("- Male stolpene.", "- Male stolpene.\n- Smøre hjulene."))
    assert rows == [
        db.session.scalar(select(func.count()).select_from(m)) for m in (Goal, Strategy, Measure, AuditEvent)
    ]
