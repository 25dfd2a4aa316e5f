"""A plan's outline as light values: what pickers, pages and reports walk through."""

from dataclasses import dataclass

from sqlalchemy import select

from crm.extensions import db
from crm.plan.models import FocusArea, Labels, Measure, Strategy


@dataclass(frozen=True, slots=True)
class _Node:
    id: int
    code: str
    labels: Labels
    wording: str | None

    def label(self, language: str) -> str:
        """The short label in the language, else in bokmål."""
        return self.labels.get(language) or self.labels["nb"]


@dataclass(frozen=True, slots=True)
class MeasureNode(_Node):
    """A measure as pickers, lists and reports need it."""

    strategy_id: int
    status: str
    hints: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class StrategyNode(_Node):
    measures: tuple[MeasureNode, ...]


@dataclass(frozen=True, slots=True)
class FocusAreaNode(_Node):
    """A focus area; its code is its number."""

    strategies: tuple[StrategyNode, ...]

    @property
    def measures(self) -> list[MeasureNode]:
        return [measure for strategy in self.strategies for measure in strategy.measures]


@dataclass(frozen=True, slots=True)
class MeasureTree:
    """All of a plan's focus areas, strategies and measures, in the plan's order."""

    plan_id: int
    focus_areas: tuple[FocusAreaNode, ...]

    @property
    def strategies(self) -> list[StrategyNode]:
        return [strategy for area in self.focus_areas for strategy in area.strategies]

    @property
    def measures(self) -> list[MeasureNode]:
        return [measure for strategy in self.strategies for measure in strategy.measures]

    def measure(self, code: str) -> MeasureNode | None:
        return next((measure for measure in self.measures if measure.code == code), None)

    def path(self, measure_id: int) -> tuple[FocusAreaNode, StrategyNode, MeasureNode] | None:
        """The measure with what it stands under."""
        for area in self.focus_areas:
            for strategy in area.strategies:
                for measure in strategy.measures:
                    if measure.id == measure_id:
                        return area, strategy, measure
        return None


def measure_tree(plan_id: int) -> MeasureTree:
    """Two statements, whatever the plan's size."""
    measures: dict[int, list[MeasureNode]] = {}
    for row in db.session.execute(
        select(
            Measure.id,
            Measure.code,
            Measure.labels,
            Measure.wording,
            Measure.strategy_id,
            Measure.status,
            Measure.hints,
        )
        .where(Measure.plan_id == plan_id)
        .order_by(Measure.position)
    ):
        measures.setdefault(row.strategy_id, []).append(MeasureNode(*row))
    strategies: dict[int, list[StrategyNode]] = {}
    areas: dict[int, tuple[int, Labels, str | None]] = {}
    for branch in db.session.execute(
        select(
            FocusArea.id.label("area_id"),
            FocusArea.number,
            FocusArea.labels.label("area_labels"),
            FocusArea.wording.label("area_wording"),
            Strategy.id,
            Strategy.letter,
            Strategy.labels,
            Strategy.wording,
        )
        .outerjoin(Strategy, Strategy.focus_area_id == FocusArea.id)
        .where(FocusArea.plan_id == plan_id)
        .order_by(FocusArea.number, Strategy.letter)
    ):
        areas[branch.area_id] = (branch.number, branch.area_labels, branch.area_wording)
        if branch.id is not None:
            strategies.setdefault(branch.area_id, []).append(
                StrategyNode(
                    branch.id,
                    f"{branch.number}.{branch.letter}",
                    branch.labels,
                    branch.wording,
                    tuple(measures.get(branch.id, ())),
                )
            )
    return MeasureTree(
        plan_id,
        tuple(
            FocusAreaNode(area_id, str(number), labels, wording, tuple(strategies.get(area_id, ())))
            for area_id, (number, labels, wording) in areas.items()
        ),
    )
