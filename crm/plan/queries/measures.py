from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, Select, String, and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload, selectinload

from crm.accounts.models import User
from crm.extensions import db
from crm.plan.models import FocusArea, Measure, Plan, Strategy
from crm.plan.queries.outlines import PlanOutline, outlines
from crm.plan.queries.tree import MeasureNode


def measure_by_code(plan: Plan, code: str) -> Measure | None:
    return db.session.scalar(select(Measure).where(Measure.plan_id == plan.id, Measure.code == code))


def measures_by_code(plan: Plan, codes: Iterable[str]) -> dict[str, int]:
    """The ids of the plan's measures with these codes; codes that it has not are left out. One statement."""
    found = select(Measure.code, Measure.id).where(Measure.plan_id == plan.id, Measure.code.in_(list(codes)))
    return {row.code: row.id for row in db.session.execute(found)}


def measure_records(plan_id: int | None = None) -> Select[Measure]:
    """Measures of the plan, or of every plan, with strategy, focus area and targets, in no order yet."""
    return (
        select(Measure)
        .where(*([Measure.plan_id == plan_id] if plan_id is not None else []))
        .options(
            joinedload(Measure.strategy, innerjoin=True).joinedload(Strategy.focus_area, innerjoin=True),
            selectinload(Measure.targets),
            raiseload("*"),
        )
    )


_BY_CODE = (
    select(Measure)
    .join(Measure.plan)
    .where(Measure.code == bindparam("code", type_=String))
    .order_by(Plan.starts_on.desc())
    .options(
        contains_eager(Measure.plan),
        joinedload(Measure.strategy, innerjoin=True).joinedload(Strategy.focus_area, innerjoin=True),
        joinedload(Measure.lead),
        joinedload(Measure.targets),
    )
)
_BY_CODE_OF_PLAN = _BY_CODE.where(Measure.plan_id == bindparam("plan_id", type_=Integer))


def find_measure(code: str, plan_id: int | None, today: date) -> Measure | None:
    """The measure with the code in the given plan, else in the current plan, else in the latest plan that has it.

    Its plan, strategy, focus area, lead and targets come with it, in one statement.
    """
    statement = _BY_CODE if plan_id is None else _BY_CODE_OF_PLAN
    found = db.session.scalars(statement, {"code": code, "plan_id": plan_id}).unique().all()
    begun = [measure for measure in found if measure.plan.starts_on <= today]
    return next(iter(begun or found[-1:]), None)


def find_strategy(code: str, plan_id: int | None, today: date) -> Strategy | None:
    """The strategy with the code, chosen as `find_measure` does, with all that it holds."""
    number, _, letter = code.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 4):
        return None
    found = db.session.scalars(
        select(Strategy)
        .join(Strategy.focus_area)
        .join(FocusArea.plan)
        .where(
            FocusArea.number == int(number),
            Strategy.letter == letter,
            *([Plan.id == plan_id] if plan_id is not None else []),
        )
        .order_by(Plan.starts_on.desc())
        .options(
            joinedload(Strategy.focus_area, innerjoin=True).joinedload(FocusArea.plan, innerjoin=True),
            selectinload(Strategy.sub_strategies),
            selectinload(Strategy.measures),
        )
    ).all()
    begun = [strategy for strategy in found if strategy.focus_area.plan.starts_on <= today]
    return next(iter(begun or found[-1:]), None)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A measure in another plan."""

    code: str
    plan: PlanOutline


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The measures that a measure's page leads on to."""

    previous: MeasureNode | None
    next: MeasureNode | None
    continues: Elsewhere | None
    continued_by: Elsewhere | None


def neighbours(measure: Measure) -> Neighbours:
    """The measures before and after it in the plan, and those it continues and is continued by."""
    plans = outlines().plans
    own = next(plan.tree.measures for plan in plans if plan.id == measure.plan_id)
    row: list[MeasureNode | None] = [None, *own, None]
    at = next(place for place, node in enumerate(row) if node and node.id == measure.id)
    later = {plan.successors[measure.id] for plan in plans if measure.id in plan.successors}

    def elsewhere(ids: Collection[int | None]) -> Elsewhere | None:
        found = (Elsewhere(plan.measures[i].code, plan) for plan in plans for i in ids if i in plan.measures)
        return next(found, None)

    return Neighbours(
        previous=row[at - 1],
        next=row[at + 1],
        continues=elsewhere([measure.continues_id]),
        continued_by=elsewhere(later),
    )


def strategy_neighbours(strategy: Strategy) -> tuple[Strategy | None, Strategy | None]:
    """The strategies before and after it in the plan."""
    found = (
        select(Strategy)
        .join(Strategy.focus_area)
        .where(FocusArea.plan_id == strategy.focus_area.plan_id)
        .order_by(FocusArea.number, Strategy.letter)
        .options(joinedload(Strategy.focus_area, innerjoin=True))
    )
    row: list[Strategy | None] = [None, *db.session.scalars(found), None]
    at = row.index(strategy)
    return row[at - 1], row[at + 1]


def possible_leads(measure: Measure) -> Sequence[User]:
    """Who can be a measure's lead: everybody who uses the system now, and whoever is its lead already."""
    active = and_(User.deactivated_at.is_(None), User.is_service.is_(False))
    return db.session.scalars(
        select(User).where(or_(active, User.id == measure.lead_id)).order_by(User.sort_key)
    ).all()
