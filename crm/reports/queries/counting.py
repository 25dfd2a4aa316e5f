"""Counting straight from the interactions: what filtered reports use, and what the kept counts are tested against.

The database groups interactions by the set of measures that each is tagged with, and organisations and contacts by the
set that each has met. Those sets are few. From them the numbers of measures, strategies, focus areas and plan follow
at once, each distinct: an interaction counts for a strategy where its set has any of the strategy's measures.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    cast,
    extract,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from crm.extensions import db
from crm.interactions.models import (
    ContactParticipation,
    Interaction,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.queries.filter import InteractionFilter
from crm.organisations.models import Organisation
from crm.plan.queries import MeasureTree
from crm.reports.models import EVERYTHING, Level, PartyKind
from crm.reports.queries.filter import ReportFilter, Step
from crm.web.shapes import SHAPES_KEPT


@dataclass(slots=True)
class Counts:
    """By scope (see crm.reports.models): interactions in each period by the period's number, and the reached."""

    interactions: dict[int, dict[int, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    reached: dict[PartyKind, dict[int, int]] = field(
        default_factory=lambda: {kind: defaultdict(int) for kind in PartyKind}
    )


def scopes_of_plan(tree: MeasureTree) -> dict[int, list[int]]:
    """What each measure, by its id, counts under."""
    plan = Level.plan.scope(tree.plan_id)
    return {
        measure.id: [plan, of_area, of_strategy, Level.measure.scope(measure.id)]
        for area in tree.focus_areas
        for of_area in [Level.focus_area.scope(area.id)]
        for strategy in area.strategies
        for of_strategy in [Level.strategy.scope(strategy.id)]
        for measure in strategy.measures
    }


def count_interactions(asked: ReportFilter, tree: MeasureTree, counts: Counts) -> None:
    """Fill in the interactions. One statement."""
    held = asked.interactions(status=None)
    sets = _Sets(tree)
    rows = db.session.execute(_tagged(held.shape(), asked.by), held.parameters()).all()
    for number, measures, n in rows:
        counts.interactions[EVERYTHING][number] += n
        for scope in sets.scopes(measures):
            counts.interactions[scope][number] += n


def count_reached(asked: ReportFilter, tree: MeasureTree, counts: Counts) -> None:
    """Fill in the organisations and the contacts. One statement."""
    held = asked.interactions(status=None)
    sets = _Sets(tree)
    for kind, measures, n in db.session.execute(_reached(held.shape()), held.parameters()).all():
        reached = counts.reached[PartyKind(kind)]
        for scope in sets.scopes(measures):
            reached[scope] += n


@lru_cache(SHAPES_KEPT)
def _tagged(shape: InteractionFilter, by: Step) -> Select[*tuple[Any, ...]]:
    """How many interactions of each period are tagged with which set of measures."""
    tags = interaction_measures.c
    own = select(_set_of(tags.measure_id)).where(tags.interaction_id == Interaction.id).scalar_subquery()
    each = (
        select(period_number(Interaction.starts_on, by).label("period"), own.label("measures"))
        .where(*held(shape))
        .subquery()
    )
    return select(*each.c, func.count()).group_by(*each.c)


@lru_cache(SHAPES_KEPT)
def _reached(shape: InteractionFilter) -> CompoundSelect[*tuple[Any, ...]]:
    """How many organisations and contacts have met which set of measures."""
    return union_all(*(_reached_of(kind, shape) for kind in PartyKind))


def _reached_of(kind: PartyKind, shape: InteractionFilter) -> Select[*tuple[Any, ...]]:
    link, party = PARTIES[kind]
    measure_id = interaction_measures.c.measure_id
    met = (
        select(party.label("party"), measure_id)
        .select_from(Interaction)
        .join(interaction_measures, interaction_measures.c.interaction_id == Interaction.id)
        .join(link, link.c.interaction_id == Interaction.id)
        .where(*held(shape))
        .group_by(party, measure_id)
    )
    if kind is PartyKind.organisation and shape.organisation_kind is not None:
        met = met.join(Organisation, Organisation.id == party).where(
            Organisation.kind == shape.bound("organisation_kind", String)
        )
    pair = met.subquery()
    each = select(_set_of(pair.c.measure_id).label("measures")).group_by(pair.c.party).subquery()
    return select(literal(kind.value), each.c.measures, func.count()).group_by(each.c.measures)


PARTIES: dict[PartyKind, tuple[Any, Any]] = {
    PartyKind.organisation: (interaction_organisations, interaction_organisations.c.organisation_id),
    PartyKind.contact: (ContactParticipation.__table__, ContactParticipation.__table__.c.contact_id),
}
"""Where it is written who took part."""


def _set_of(measure_id: Any) -> ColumnElement[str]:
    """A group's measures as text, "12,15". The order is the database's: the same set may come as two texts."""
    return func.aggregate_strings(cast(measure_id, String), ",")


class _Sets:
    """What the sets of measures that the database writes count under."""

    def __init__(self, tree: MeasureTree) -> None:
        self._by_measure = scopes_of_plan(tree)
        self._known: dict[str | None, set[int]] = {None: set()}

    def scopes(self, measures: str | None) -> Iterable[int]:
        """What counts under the measures of the set, each once. Those of other plans count nowhere."""
        found = self._known.get(measures)
        if found is None:
            ids = map(int, (measures or "").split(","))
            found = self._known[measures] = set().union(*(self._by_measure.get(i, ()) for i in ids))
        return found


def period_number(column: Any, step: Step) -> ColumnElement[int]:
    """As `Step.number`, in the database."""
    month = cast(extract("year", column), Integer) * 12 + cast(extract("month", column), Integer) - 1
    return month if step is Step.month else month // step.months


def held(shape: InteractionFilter) -> list[ColumnElement[bool]]:
    """What counts, of what the filter's shape lets through."""
    # The status stands in the statement itself: only then does the index of what counts serve it.
    return [Interaction.status == literal_column("'held'"), *shape.conditions()]
