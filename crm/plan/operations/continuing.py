from datetime import date

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.plan.models import (
    FocusArea,
    Goal,
    Measure,
    MeasureStatus,
    Plan,
    Strategy,
    SubStrategy,
    Target,
    TargetKind,
)
from crm.plan.operations.saving import record_all, wait_for_others
from crm.plan.queries import overlapping_plan, whole_plan
from crm.plan.rules import checked_heading, overlap_error
from crm.web.validation import Invalid


def continue_plan(
    *, plan_id: int, title: str | None, starts_on: date | None, ends_on: date | None, actor: User | None
) -> Plan:
    """A new plan for the period with all that the plan holds, each measure continuing its namesake.

    Measures begin as ongoing, but what was done or dropped stays so. A milestone that was due before the period
    becomes due on the period's last day; one that was reached is not set again.
    Raises Invalid where the period overlaps a plan's.
    """
    title, starts_on, ends_on = checked_heading(title, starts_on, ends_on)
    wait_for_others()
    if other := overlapping_plan(starts_on, ends_on):
        raise Invalid({"starts_on": [overlap_error(other)]})
    old = whole_plan(plan_id)
    if old is None:
        raise Invalid({"plan_id": [_("There is no such plan")]})
    plan = Plan(title=title, starts_on=starts_on, ends_on=ends_on)
    plan.goals = [
        Goal(kind=goal.kind, position=goal.position, labels=dict(goal.labels), wording=goal.wording)
        for goal in old.goals
    ]
    for area in old.focus_areas:
        strategies = [_continued_strategy(plan, strategy) for strategy in area.strategies]
        plan.focus_areas.append(
            FocusArea(
                number=area.number, labels=dict(area.labels), wording=area.wording, strategies=strategies
            )
        )
    record_all(plan, actor=actor)
    return plan


def _continued_strategy(plan: Plan, old: Strategy) -> Strategy:
    return Strategy(
        letter=old.letter,
        labels=dict(old.labels),
        wording=old.wording,
        sub_strategies=[
            SubStrategy(position=sub.position, wording=sub.wording) for sub in old.sub_strategies
        ],
        measures=[_continued_measure(plan, measure) for measure in old.measures],
    )


def _continued_measure(plan: Plan, old: Measure) -> Measure:
    over = old.status in {MeasureStatus.done, MeasureStatus.dropped}
    return Measure(
        plan=plan,
        code=old.code,
        position=old.position,
        labels=dict(old.labels),
        wording=old.wording,
        status=old.status if over else MeasureStatus.ongoing,
        lead_id=old.lead_id,
        continues_id=old.id,
        hints=dict(old.hints),
        targets=[
            _continued_target(target, plan)
            for target in old.targets
            if not (over and target.kind == TargetKind.milestone)
        ],
    )


def _continued_target(old: Target, plan: Plan) -> Target:
    due_on = old.due_on
    if due_on is not None and due_on < plan.starts_on:
        due_on = plan.ends_on
    return Target(
        kind=old.kind,
        labels=dict(old.labels),
        goal=old.goal,
        every_year=old.every_year,
        interaction_kind=old.interaction_kind,
        organisation_kind=old.organisation_kind,
        due_on=due_on,
    )
