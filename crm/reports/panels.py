"""What the plan's pages show of the log, and what lists of the log are told."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from crm.plan.counts import PlanCounts
from crm.plan.models import Measure, Plan
from crm.plan.queries import PlanOutline, measure_tree
from crm.reports.models import Level
from crm.reports.queries import (
    TargetByPeriod,
    YearNumbers,
    counted_by_year,
    interactions_by_scope,
    known_interactions,
    numbers_and_more,
    target_by_period,
    targets_of,
)
from crm.web.clock import today
from crm.web.panels import add_panel


def plan_counts(plan: Plan | PlanOutline, _viewer: Any) -> PlanCounts:
    """Held interactions of each measure, strategy and focus area of the plan."""
    tree = measure_tree(plan.id)
    scopes = {
        level: {node.id: level.scope(node.id) for node in nodes}
        for level, nodes in (
            (Level.focus_area, tree.focus_areas),
            (Level.strategy, tree.strategies),
            (Level.measure, tree.measures),
        )
    }
    whole = Level.plan.scope(plan.id)
    found = interactions_by_scope([whole, *(scope for own in scopes.values() for scope in own.values())])
    numbers = {level: {i: found.get(scope, 0) for i, scope in own.items()} for level, own in scopes.items()}
    return PlanCounts(
        plan=found.get(whole, 0),
        focus_areas=numbers[Level.focus_area],
        strategies=numbers[Level.strategy],
        measures=numbers[Level.measure],
    )


@dataclass(frozen=True, slots=True)
class YearRow:
    """A measure's numbers in a calendar year, with the addresses of what is behind them."""

    numbers: YearNumbers
    interactions_url: str
    organisations_url: str
    contacts_url: str


@dataclass(frozen=True, slots=True)
class MeasureNumbers:
    """A measure's numbers by year, the latest first, and whether its targets of interactions were met."""

    years: list[YearRow]
    targets: list[TargetByPeriod]


def measure_numbers(measure: Measure, _viewer: Any) -> MeasureNumbers:
    """One statement."""
    now = today()
    targets = targets_of(measure, now)
    by_year, counted = numbers_and_more(
        Level.measure.scope(measure.id), [counted_by_year(target, measure) for target in targets]
    )
    return MeasureNumbers(
        _year_rows(measure, by_year),
        [target_by_period(one, measure, counted.get(str(one.id), {}), now) for one in targets],
    )


def _year_rows(measure: Measure, by_year: list[YearNumbers]) -> list[YearRow]:
    every = urlencode({"plan": measure.plan_id, "measure": measure.code})

    def address(endpoint: str, year: int, narrowing: str = "") -> str:
        return f"{url_for(endpoint)}?{narrowing}{every}&from={year}-01-01&to={year}-12-31"

    return [
        YearRow(
            numbers,
            address("interactions.index", numbers.year, "status=held&"),
            address("reports.organisations", numbers.year),
            address("reports.contacts", numbers.year),
        )
        for numbers in by_year
    ]


def register_panels() -> None:
    add_panel("interactions", "known", known_interactions)
    add_panel("plan", "counts", plan_counts)
    add_panel("measure", "numbers", measure_numbers)
