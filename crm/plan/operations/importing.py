from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.audit.recording import record
from crm.plan.documents import FocusAreaText, GoalText, ItemText, PlanDocument
from crm.plan.mapping import Pair
from crm.plan.models import FocusArea, Goal, GoalKind, Measure, Plan, Strategy, SubStrategy
from crm.plan.operations.making import filled_strategy, new_focus_area, new_goal
from crm.plan.operations.restructuring import counterparts, measures_of, restructure
from crm.plan.operations.saving import record_all, wait_for_others
from crm.plan.queries import overlapping_plan, plan_in_period
from crm.plan.rules import checked_heading, code_errors, overlap_error, short_label, suggested_title
from crm.web.validation import Invalid


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did: made a plan, or (`updated`) gave one that was there its official wording."""

    plan: Plan
    updated: bool


def expect_import(
    *, document: PlanDocument, starts_on: date, ends_on: date, pairs: Sequence[Pair] | None = None
) -> Plan | None:
    """The plan that the import would give its wording, or None where it would make a new one.

    Raises Invalid where it would be refused. Writes nothing.
    """
    plan = plan_in_period(starts_on, ends_on)
    if plan is None and pairs is not None:
        raise Invalid({"document": [_("No plan has this period, so there is nothing to map")]})
    if plan is not None and pairs is not None:
        counterparts(plan, document, pairs)
    elif plan is not None and (reasons := code_errors(document, plan)):
        raise Invalid({"document": list(reasons)})
    if plan is None and (other := overlapping_plan(starts_on, ends_on)):
        raise Invalid({"starts_on": [overlap_error(other)]})
    return plan


def expected_title(
    document: PlanDocument, filename: str, starts_on: date | None, ends_on: date | None
) -> str:
    """The document's own title, else that of the plan which has the period already, else from the file's name."""
    standing = plan_in_period(starts_on, ends_on) if starts_on and ends_on and not document.title else None
    return standing.title if standing else suggested_title(document, filename)


def import_plan(
    *,
    document: PlanDocument,
    title: str | None,
    starts_on: date | None,
    ends_on: date | None,
    actor: User | None,
    pairs: Sequence[Pair] | None = None,
) -> ImportOutcome:
    """Make a plan of the document, or give the plan of the same period and codes its title and official wording.

    A plan that is given its wording keeps its ids, labels and targets, so that what was tagged stays tagged;
    labels that the document itself brings take the place of the plan's. Where the codes differ, `pairs` say which
    measure of the plan has become which of the document: the plan then takes the document's structure as well.
    Raises Invalid, with nothing written, where the period overlaps another plan's, or the codes differ and no pairs
    are given.
    """
    title, starts_on, ends_on = checked_heading(title, starts_on, ends_on)
    wait_for_others()
    plan = expect_import(document=document, starts_on=starts_on, ends_on=ends_on, pairs=pairs)
    updated = plan is not None
    if plan is None:
        plan = _new_plan(document, Plan(title=title, starts_on=starts_on, ends_on=ends_on))
    else:
        if pairs is not None:
            restructure(plan, document, pairs, actor)
        plan.title = title
        _give_wording(plan, document, actor)
    record_all(plan, actor=actor)
    return ImportOutcome(plan, updated=updated)


def _new_plan(document: PlanDocument, plan: Plan) -> Plan:
    positions = count(1)
    for kind, goals in _goals(document):
        plan.goals += [new_goal(kind, goal) for goal in goals]
    for area in document.focus_areas:
        made = new_focus_area(area)
        made.strategies = [filled_strategy(plan, strategy, positions) for strategy in area.strategies]
        plan.focus_areas.append(made)
    return plan


def _goals(document: PlanDocument) -> Sequence[tuple[GoalKind, Sequence[GoalText]]]:
    return ((GoalKind.main, document.main_goals), (GoalKind.impact, document.impact_goals))


def _give_wording(plan: Plan, document: PlanDocument, actor: User | None) -> None:
    """Goals that the document lacks stay; the sub-strategies become the document's."""
    continued = any(measure.continues_id for measure in measures_of(plan))
    goals = {(goal.kind, goal.position): goal for goal in plan.goals}
    for kind, texts in _goals(document):
        for text in texts:
            goal = goals.get((kind, text.number))
            if goal is None:
                plan.goals.append(new_goal(kind, text))
            else:
                _reword(goal, text, continued=continued)
    areas = {area.number: area for area in plan.focus_areas}
    for area_text in document.focus_areas:
        _give_area_wording(areas[area_text.number], area_text, actor, continued=continued)


def _give_area_wording(area: FocusArea, text: FocusAreaText, actor: User | None, *, continued: bool) -> None:
    _reword(area, text, continued=continued)
    strategies = {strategy.letter: strategy for strategy in area.strategies}
    for strategy_text in text.strategies:
        strategy = strategies[strategy_text.letter]
        _reword(strategy, strategy_text, continued=continued)
        measures = {measure.code: measure for measure in strategy.measures}
        for measure_text in strategy_text.measures:
            _reword(measures[measure_text.code], measure_text, continued=continued)
        _replace_sub_strategies(strategy, [sub.wording for sub in strategy_text.sub_strategies], actor)


def _reword(part: Goal | FocusArea | Strategy | Measure, text: ItemText, *, continued: bool) -> None:
    """A label that was made of the wording of the plan before is made of the new one; others are somebody's choice."""
    if part.wording != text.wording:
        if continued and part.wording is not None and part.labels == {"nb": short_label(part.wording)}:
            part.labels = {"nb": short_label(text.wording)}
        part.wording = text.wording
    if given := text.labels.as_dict():
        part.labels = {**part.labels, **given}


def _replace_sub_strategies(strategy: Strategy, wordings: list[str], actor: User | None) -> None:
    """In place, so that no two ever share a position; a text that changes is seen only by who compares."""
    standing = list(strategy.sub_strategies)
    before = [sub.wording for sub in standing]
    if before == wordings:
        return
    for sub, wording in zip(standing, wordings, strict=False):
        sub.wording = wording
    for sub in standing[len(wordings) :]:
        strategy.sub_strategies.remove(sub)
    for position, wording in enumerate(wordings[len(standing) :], len(standing) + 1):
        strategy.sub_strategies.append(SubStrategy(position=position, wording=wording))
    record(strategy, actor=actor, changes={"sub_strategies": [before, wordings]})
