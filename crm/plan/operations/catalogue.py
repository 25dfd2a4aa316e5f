from itertools import count

from crm.accounts.models import User
from crm.plan.catalogue import CatalogueFocusArea, CatalogueMeasure, CatalogueStrategy, load_catalogue
from crm.plan.models import FocusArea, Goal, GoalKind, Measure, Plan, Strategy, Target
from crm.plan.operations.saving import record_all, wait_for_others
from crm.plan.queries import overlapping_plan


def load_catalogue_plan(*, actor: User | None = None) -> Plan | None:
    """The shipped plan, newly made; None where a plan with days in its period is there already."""
    catalogue = load_catalogue()
    wait_for_others()
    if overlapping_plan(catalogue.starts_on, catalogue.ends_on):
        return None
    plan = Plan(title=catalogue.title.nb, starts_on=catalogue.starts_on, ends_on=catalogue.ends_on)
    for kind, goals in ((GoalKind.main, catalogue.main_goals), (GoalKind.impact, catalogue.impact_goals)):
        plan.goals += [Goal(kind=kind, position=goal.number, labels=goal.labels.as_dict()) for goal in goals]
    positions = count(1)
    plan.focus_areas = [_focus_area(plan, area, positions) for area in catalogue.focus_areas]
    record_all(plan, actor=actor)
    return plan


def _focus_area(plan: Plan, shipped: CatalogueFocusArea, positions: "count[int]") -> FocusArea:
    strategies = [_strategy(plan, strategy, positions) for strategy in shipped.strategies]
    return FocusArea(number=shipped.number, labels=shipped.labels.as_dict(), strategies=strategies)


def _strategy(plan: Plan, shipped: CatalogueStrategy, positions: "count[int]") -> Strategy:
    measures = [_measure(plan, measure, next(positions)) for measure in shipped.measures]
    return Strategy(letter=shipped.letter, labels=shipped.labels.as_dict(), measures=measures)


def _measure(plan: Plan, shipped: CatalogueMeasure, position: int) -> Measure:
    return Measure(
        plan=plan,
        code=shipped.code,
        position=position,
        labels=shipped.labels.as_dict(),
        hints=shipped.hints,
        targets=[
            Target(
                kind=target.kind,
                labels=target.labels.as_dict(),
                goal=target.goal,
                every_year=target.every_year,
                interaction_kind=target.interaction_kind,
                organisation_kind=target.organisation_kind,
                due_on=target.due_on,
            )
            for target in shipped.targets
        ],
    )
