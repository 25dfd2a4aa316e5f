from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from crm.accounts.models import User
from crm.extensions import db
from crm.plan.models import FocusArea, Measure, Plan, Strategy


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


def find_measure(code: str, plan_id: int | None, today: date) -> Measure | None:
    """The measure with the code in the given plan, else in the current plan, else in the latest plan that has it.

    Its plan, strategy, focus area, lead and targets come with it, in one statement.
    """
    found = (
        db.session.scalars(
            select(Measure)
            .join(Measure.plan)
            .where(Measure.code == code, *([Plan.id == plan_id] if plan_id is not None else []))
            .order_by(Plan.starts_on.desc())
            .options(
                joinedload(Measure.plan, innerjoin=True),
                joinedload(Measure.strategy, innerjoin=True).joinedload(Strategy.focus_area, innerjoin=True),
                joinedload(Measure.lead),
                joinedload(Measure.targets),
            )
        )
        .unique()
        .all()
    )
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
class Neighbours:
    """The measures that a measure's page leads on to."""

    previous: Measure | None
    next: Measure | None
    continues: Measure | None
    continued_by: Measure | None


def neighbours(measure: Measure) -> Neighbours:
    """The measures before and after it in the plan, and those it continues and is continued by. One statement."""
    beside = Measure.position.in_([measure.position - 1, measure.position + 1])
    found = db.session.scalars(
        select(Measure)
        .where(
            or_(
                and_(Measure.plan_id == measure.plan_id, beside),
                Measure.continues_id == measure.id,
                Measure.id == measure.continues_id,
            )
        )
        .order_by(Measure.id)
        .options(joinedload(Measure.plan, innerjoin=True))
    ).all()
    here = {other.position: other for other in found if other.plan_id == measure.plan_id}
    return Neighbours(
        previous=here.get(measure.position - 1),
        next=here.get(measure.position + 1),
        continues=next((other for other in found if other.id == measure.continues_id), None),
        continued_by=next((other for other in found if other.continues_id == measure.id), None),
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
