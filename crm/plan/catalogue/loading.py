"""Reads the shipped catalogue from its file."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from crm.plan.catalogue.structure import (
    Catalogue,
    CatalogueFocusArea,
    CatalogueGoal,
    CatalogueMeasure,
    CatalogueStrategy,
    CatalogueTarget,
    ShortLabels,
    StrategyPeriod,
)

CATALOGUE_FILE = Path(__file__).with_name("2022-2024.json")


@cache
def load_catalogue() -> Catalogue:
    """The plan for 2022–2024. A missing or unknown field raises: a broken file must not start the product."""
    data = json.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))
    strategy = data["strategy"]
    return Catalogue(
        title=ShortLabels(**data["title"]),
        starts_on=date.fromisoformat(data["starts_on"]),
        ends_on=date.fromisoformat(data["ends_on"]),
        strategy=StrategyPeriod(
            title=ShortLabels(**strategy["title"]),
            starts_on=date.fromisoformat(strategy["starts_on"]),
            ends_on=date.fromisoformat(strategy["ends_on"]),
        ),
        main_goals=tuple(_goal(goal) for goal in data["main_goals"]),
        impact_goals=tuple(_goal(goal) for goal in data["impact_goals"]),
        focus_areas=tuple(_focus_area(focus_area) for focus_area in data["focus_areas"]),
    )


def _goal(data: dict[str, Any]) -> CatalogueGoal:
    return CatalogueGoal(number=data["number"], labels=ShortLabels(**data["labels"]))


def _focus_area(data: dict[str, Any]) -> CatalogueFocusArea:
    strategies = tuple(_strategy(strategy) for strategy in data["strategies"])
    return CatalogueFocusArea(
        number=data["number"], labels=ShortLabels(**data["labels"]), strategies=strategies
    )


def _strategy(data: dict[str, Any]) -> CatalogueStrategy:
    measures = tuple(_measure(measure) for measure in data["measures"])
    return CatalogueStrategy(code=data["code"], labels=ShortLabels(**data["labels"]), measures=measures)


def _measure(data: dict[str, Any]) -> CatalogueMeasure:
    return CatalogueMeasure(
        code=data["code"],
        labels=ShortLabels(**data["labels"]),
        targets=tuple(_target(target) for target in data.get("targets", ())),
        interaction_kinds=tuple(data.get("interaction_kinds", ())),
        organisation_kinds=tuple(data.get("organisation_kinds", ())),
        industry_prefixes=tuple(data.get("industry_prefixes", ())),
    )


def _target(data: dict[str, Any]) -> CatalogueTarget:
    due_on = data.get("due_on")
    return CatalogueTarget(
        **{
            **data,
            "labels": ShortLabels(**data["labels"]),
            "due_on": date.fromisoformat(due_on) if due_on else None,
        }
    )
