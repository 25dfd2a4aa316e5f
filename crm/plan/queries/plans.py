from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from crm.extensions import db
from crm.plan.models import FocusArea, Goal, Measure, Plan, Strategy, SubStrategy
from crm.plan.queries.outlines import PlanOutline, outlines

P = TypeVar("P", Plan, PlanOutline)


def plan_for(day: date) -> Plan | None:
    """The plan whose period covers the day, if there is one."""
    return db.session.scalar(select(Plan).where(Plan.starts_on <= day, Plan.ends_on >= day))


def current_plan(today: date) -> Plan | None:
    """The plan that covers today, else the latest that has begun, else the first to come; None without any plan."""
    return chosen_plan(plans(), None, today)


def plans() -> Sequence[Plan]:
    """Every plan, the latest first."""
    return db.session.scalars(select(Plan).order_by(Plan.starts_on.desc())).all()


def chosen_plan(found: Sequence[P], plan_id: int | None, today: date) -> P | None:
    """Of the plans, latest first: the one with the id, or, where no id is given, the current one."""
    if plan_id is not None:
        return next((plan for plan in found if plan.id == plan_id), None)
    begun = [plan for plan in found if plan.starts_on <= today]
    return begun[0] if begun else (found[-1] if found else None)


@dataclass(frozen=True, slots=True)
class PlanGap:
    """No plan covers the day; `previous` is the last one that ended before it."""

    previous: Plan | PlanOutline | None


def plan_gap(today: date) -> PlanGap | None:
    """What to tell who would log something today: None where a plan covers today. One statement."""
    return gap_among(outlines().plans, today)


def gap_among(found: Sequence[Plan] | Sequence[PlanOutline], today: date) -> PlanGap | None:
    """As `plan_gap`, of all plans, latest first."""
    if any(plan.starts_on <= today <= plan.ends_on for plan in found):
        return None
    return PlanGap(previous=next((plan for plan in found if plan.ends_on < today), None))


def plan_in_period(starts_on: date, ends_on: date) -> Plan | None:
    """The plan with exactly this period, with everything in it loaded."""
    return db.session.scalar(
        select(Plan).where(Plan.starts_on == starts_on, Plan.ends_on == ends_on).options(*_whole_plan())
    )


def whole_plan(plan_id: int) -> Plan | None:
    """The plan with everything in it loaded."""
    return db.session.scalar(select(Plan).where(Plan.id == plan_id).options(*_whole_plan()))


def _whole_plan() -> list[ExecutableOption]:
    strategies = selectinload(Plan.focus_areas).selectinload(FocusArea.strategies)
    return [
        selectinload(Plan.goals),
        strategies.selectinload(Strategy.sub_strategies),
        strategies.selectinload(Strategy.measures).selectinload(Measure.targets),
    ]


def overlapping_plan(starts_on: date, ends_on: date) -> Plan | None:
    """The first plan that has a day in the period, both days included."""
    return db.session.scalar(
        select(Plan)
        .where(Plan.starts_on <= ends_on, Plan.ends_on >= starts_on)
        .order_by(Plan.starts_on)
        .limit(1)
    )


def goals_of(plan_id: int) -> Sequence[Goal]:
    """Main goals, then impact goals, in the plan's order."""
    return db.session.scalars(_GOALS, {"plan_id": plan_id}).all()


_GOALS = (
    select(Goal)
    .where(Goal.plan_id == bindparam("plan_id", type_=Integer))
    .order_by(Goal.kind.desc(), Goal.position)
)


@dataclass(frozen=True, slots=True)
class PlanSize:
    """How much a plan holds."""

    focus_areas: int
    strategies: int
    sub_strategies: int
    measures: int


def plan_size(plan_id: int) -> PlanSize:
    """Counted in one statement."""
    return plan_sizes([plan_id]).get(plan_id, PlanSize(0, 0, 0, 0))


def plan_sizes(plan_ids: Iterable[int]) -> dict[int, PlanSize]:
    """The size of each of the plans. One statement, whatever their number."""
    areas = select(func.count()).select_from(FocusArea).where(FocusArea.plan_id == Plan.id)
    counts = (
        areas,
        areas.join(Strategy, Strategy.focus_area_id == FocusArea.id),
        areas.join(Strategy, Strategy.focus_area_id == FocusArea.id).join(
            SubStrategy, SubStrategy.strategy_id == Strategy.id
        ),
        select(func.count()).select_from(Measure).where(Measure.plan_id == Plan.id),
    )
    rows = db.session.execute(
        select(Plan.id, *(count.scalar_subquery() for count in counts)).where(Plan.id.in_(list(plan_ids)))
    )
    return {plan_id: PlanSize(*numbers) for plan_id, *numbers in rows}
