from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from crm.accounts.models import User
from crm.audit.recording import record
from crm.plan.documents import FocusAreaText, GoalText, ItemText, PlanDocument, StrategyText
from crm.plan.models import FocusArea, Goal, GoalKind, Labels, Measure, Plan, Strategy, SubStrategy
from crm.plan.operations.saving import record_all, wait_for_others
from crm.plan.queries import overlapping_plan, plan_in_period
from crm.plan.rules import checked_heading, code_errors, overlap_error, short_label, suggested_title
from crm.web.validation import Invalid


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did: made a plan, or (`updated`) gave one that was there its official wording."""

    plan: Plan
    updated: bool


def expect_import(*, document: PlanDocument, starts_on: date, ends_on: date) -> Plan | None:
    """The plan that the import would give its wording, or None where it would make a new one.

    Raises Invalid where it would be refused. Writes nothing.
    """
    plan = plan_in_period(starts_on, ends_on)
    if plan is not None and (reasons := code_errors(document, plan)):
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
) -> ImportOutcome:
    """Make a plan of the document, or give the plan of the same period and codes its title and official wording.

    A plan that is given its wording keeps its ids, labels and targets, so that what was tagged stays tagged;
    labels that the document itself brings take the place of the plan's.
    Raises Invalid, with nothing written, where the period overlaps another plan's or the codes differ.
    """
    title, starts_on, ends_on = checked_heading(title, starts_on, ends_on)
    wait_for_others()
    plan = expect_import(document=document, starts_on=starts_on, ends_on=ends_on)
    updated = plan is not None
    if plan is None:
        plan = _new_plan(document, Plan(title=title, starts_on=starts_on, ends_on=ends_on))
    else:
        plan.title = title
        _give_wording(plan, document, actor)
    record_all(plan, actor=actor)
    return ImportOutcome(plan, updated=updated)


def _labels(item: ItemText) -> Labels:
    return {"nb": short_label(item.wording), **item.labels.as_dict()}


def _new_plan(document: PlanDocument, plan: Plan) -> Plan:
    positions = count(1)
    for kind, goals in _goals(document):
        plan.goals += [_new_goal(kind, goal) for goal in goals]
    for area in document.focus_areas:
        made = FocusArea(number=area.number, labels=_labels(area), wording=area.wording)
        made.strategies = [_new_strategy(plan, strategy, positions) for strategy in area.strategies]
        plan.focus_areas.append(made)
    return plan


def _goals(document: PlanDocument) -> Sequence[tuple[GoalKind, Sequence[GoalText]]]:
    return ((GoalKind.main, document.main_goals), (GoalKind.impact, document.impact_goals))


def _new_goal(kind: GoalKind, goal: GoalText) -> Goal:
    return Goal(kind=kind, position=goal.number, labels=_labels(goal), wording=goal.wording)


def _new_strategy(plan: Plan, text: StrategyText, positions: "count[int]") -> Strategy:
    return Strategy(
        letter=text.letter,
        labels=_labels(text),
        wording=text.wording,
        sub_strategies=[SubStrategy(position=sub.number, wording=sub.wording) for sub in text.sub_strategies],
        measures=[
            Measure(
                plan=plan,
                code=measure.code,
                position=next(positions),
                labels=_labels(measure),
                wording=measure.wording,
                hints={},
            )
            for measure in text.measures
        ],
    )


def _give_wording(plan: Plan, document: PlanDocument, actor: User | None) -> None:
    """Goals that the document lacks stay; the sub-strategies become the document's."""
    goals = {(goal.kind, goal.position): goal for goal in plan.goals}
    for kind, texts in _goals(document):
        for text in texts:
            goal = goals.get((kind, text.number))
            if goal is None:
                plan.goals.append(_new_goal(kind, text))
            else:
                _reword(goal, text)
    areas = {area.number: area for area in plan.focus_areas}
    for area_text in document.focus_areas:
        _give_area_wording(areas[area_text.number], area_text, actor)


def _give_area_wording(area: FocusArea, text: FocusAreaText, actor: User | None) -> None:
    _reword(area, text)
    strategies = {strategy.letter: strategy for strategy in area.strategies}
    for strategy_text in text.strategies:
        strategy = strategies[strategy_text.letter]
        _reword(strategy, strategy_text)
        measures = {measure.code: measure for measure in strategy.measures}
        for measure_text in strategy_text.measures:
            _reword(measures[measure_text.code], measure_text)
        _replace_sub_strategies(strategy, [sub.wording for sub in strategy_text.sub_strategies], actor)


def _reword(part: Goal | FocusArea | Strategy | Measure, text: ItemText) -> None:
    if part.wording != text.wording:
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
