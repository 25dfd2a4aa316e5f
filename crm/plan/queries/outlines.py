"""The plans with their trees, read once an edition and kept: nearly every page asks for them, and they hardly change.

They cannot be stale: see crm/web/editions.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from crm.extensions import db
from crm.plan.models import FocusArea, Measure, Plan, PlanState, Strategy, state_on
from crm.plan.queries.tree import FocusAreaNode, MeasureNode, MeasureTree, StrategyNode
from crm.web.editions import Kept


@dataclass(frozen=True)
class PlanOutline:
    """A plan with its tree; its period has both ends included. `successors` leads from a measure of an earlier plan to
    the one that continues it.
    """

    id: int
    title: str
    starts_on: date
    ends_on: date
    state: str
    tree: MeasureTree
    successors: Mapping[int, int]

    def state_on(self, day: date) -> PlanState:
        return state_on(day, state=self.state, ends_on=self.ends_on)

    @cached_property
    def measures(self) -> dict[int, MeasureNode]:
        """By id, in the plan's order."""
        return {measure.id: measure for measure in self.tree.measures}


@dataclass(frozen=True)
class Outlines:
    """Every plan, the latest first."""

    plans: tuple[PlanOutline, ...]

    def of(self, plan_id: int) -> PlanOutline | None:
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    @cached_property
    def measures(self) -> dict[int, MeasureNode]:
        """The measures of all plans, by id."""
        return {identity: measure for plan in self.plans for identity, measure in plan.measures.items()}

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each measure stands in the order of its plan."""
        return {identity: place for place, identity in enumerate(self.measures)}

    def covering(self, day: date) -> PlanOutline | None:
        """The plan whose period the local day lies in."""
        return next((plan for plan in self.plans if plan.starts_on <= day <= plan.ends_on), None)


_PLAN = (Plan.id, Plan.title, Plan.starts_on, Plan.ends_on, Plan.state)
_AREA = (FocusArea.id, FocusArea.number, FocusArea.labels, FocusArea.wording)
_STRATEGY = (Strategy.id, Strategy.letter, Strategy.labels, Strategy.wording)
_MEASURE = (
    *(Measure.id, Measure.code, Measure.labels, Measure.wording, Measure.strategy_id, Measure.status),
    *(Measure.hints, Measure.continues_id),
)
_WHOLE = (
    select(*_PLAN, *_AREA, *_STRATEGY, *_MEASURE)
    .outerjoin(FocusArea, FocusArea.plan_id == Plan.id)
    .outerjoin(Strategy, Strategy.focus_area_id == FocusArea.id)
    .outerjoin(Measure, Measure.strategy_id == Strategy.id)
    .order_by(Plan.starts_on.desc(), FocusArea.number, Strategy.letter, Measure.position)
)


def _read() -> Outlines:
    """One statement."""
    rows = [tuple(row) for row in db.session.execute(_WHOLE).all()]
    return Outlines(tuple(_plan(plan, rest) for plan, rest in _grouped(rows, len(_PLAN))))


def _grouped(rows: Iterable[tuple[Any, ...]], width: int) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """What rows begin with, once, and what follows it in each of them; without those that have nothing there."""
    for identity, found in groupby(rows, key=itemgetter(0)):
        if identity is not None:
            several = list(found)
            yield several[0][:width], [row[width:] for row in several]


def _plan(plan: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> PlanOutline:
    plan_id, title, starts_on, ends_on, state = plan
    areas = []
    for (area_id, number, labels, wording), in_area in _grouped(rows, len(_AREA)):
        strategies = tuple(
            StrategyNode(strategy_id, f"{number}.{letter}", names, text, tuple(_measures(in_strategy)))
            for (strategy_id, letter, names, text), in_strategy in _grouped(in_area, len(_STRATEGY))
        )
        areas.append(FocusAreaNode(area_id, str(number), labels, wording, strategies))
    measures = [row[len(_AREA) + len(_STRATEGY) :] for row in rows]
    successors = {continued: identity for identity, *_rest, continued in measures if continued is not None}
    tree = MeasureTree(plan_id, tuple(areas))
    return PlanOutline(plan_id, title, starts_on, ends_on, state, tree, successors)


def _measures(rows: list[tuple[Any, ...]]) -> Iterator[MeasureNode]:
    return (MeasureNode(*row[:-1]) for row in rows if row[0] is not None)


outlines = Kept("plans", _read)
"""All plans with their trees."""


def measure_tree(plan_id: int) -> MeasureTree:
    """The plan's tree; an empty one where there is no such plan."""
    plan = outlines().of(plan_id)
    return plan.tree if plan is not None else MeasureTree(plan_id, ())
