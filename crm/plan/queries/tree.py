"""A plan's tree as light values: what pickers, pages and reports walk through."""

from dataclasses import dataclass

from crm.plan.models import Labels


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
