"""Counting straight from the interactions: what filtered reports use, and what the kept counts are tested against.

Each interaction's tags are packed into one number with a bit per measure of the plan. Grouped by that number, one
statement answers for measures, strategies, focus areas and plan at once, each distinct: an interaction counts for a
strategy where its number has any of the strategy's bits. The same for each organisation and each contact.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    case,
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
from crm.organisations.models import Organisation
from crm.plan.models import Measure
from crm.plan.queries import MeasureTree
from crm.reports.models import EVERYTHING, Level, PartyKind
from crm.reports.queries.filter import ReportFilter, Step

BITS = 62
"""Measures in one 64-bit number, clear of its sign."""


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
    return {
        measure.id: [
            Level.plan.scope(tree.plan_id),
            Level.focus_area.scope(area.id),
            Level.strategy.scope(strategy.id),
            Level.measure.scope(measure.id),
        ]
        for area in tree.focus_areas
        for strategy in area.strategies
        for measure in strategy.measures
    }


def count_interactions(asked: ReportFilter, tree: MeasureTree, counts: Counts) -> None:
    """Fill in the interactions. One statement."""
    packed = _Packed(tree)
    period = period_number(Interaction.starts_on, asked.by)
    tags = interaction_measures.join(
        packed.bits, packed.bits.c.measure_id == interaction_measures.c.measure_id
    )
    each = (
        select(period.label("period"), *packed.columns)
        .select_from(Interaction)
        .outerjoin(tags, interaction_measures.c.interaction_id == Interaction.id)
        .where(*_held(asked))
        .group_by(Interaction.id, Interaction.starts_on)
        .subquery()
    )
    rows = db.session.execute(select(*each.c, func.count()).group_by(*each.c))
    for number, *numbers, n in rows:
        counts.interactions[EVERYTHING][number] += n
        for scope in packed.scopes(numbers):
            counts.interactions[scope][number] += n


def count_reached(asked: ReportFilter, tree: MeasureTree, counts: Counts) -> None:
    """Fill in the organisations and the contacts. One statement."""
    packed = _Packed(tree)
    rows = db.session.execute(union_all(*(_reached(kind, asked, packed) for kind in PartyKind)))
    for kind, *numbers, n in rows:
        for scope in packed.scopes(numbers):
            counts.reached[PartyKind(kind)][scope] += n


def _reached(kind: PartyKind, asked: ReportFilter, packed: "_Packed") -> Select[Any]:
    """How many organisations (or contacts) have met which set of measures."""
    link, party = PARTIES[kind]
    met = (
        select(party.label("party"), interaction_measures.c.measure_id)
        .distinct()
        .select_from(Interaction)
        .join(interaction_measures, interaction_measures.c.interaction_id == Interaction.id)
        .join(link, link.c.interaction_id == Interaction.id)
        .where(*_held(asked))
    )
    if kind is PartyKind.organisation and asked.organisation_kind:
        met = met.join(Organisation, Organisation.id == party).where(
            Organisation.kind == asked.organisation_kind
        )
    pair = met.subquery()
    each = (
        select(*packed.columns)
        .select_from(pair)
        .join(packed.bits, packed.bits.c.measure_id == pair.c.measure_id)
        .group_by(pair.c.party)
        .subquery()
    )
    return select(literal(kind.value), *each.c, func.count()).group_by(*each.c)


PARTIES: dict[PartyKind, tuple[Any, Any]] = {
    PartyKind.organisation: (interaction_organisations, interaction_organisations.c.organisation_id),
    PartyKind.contact: (ContactParticipation.__table__, ContactParticipation.__table__.c.contact_id),
}
"""Where it is written who took part."""


class _Packed:
    """Sets of measures as numbers: as many as the plan's size needs, each of BITS measures."""

    def __init__(self, tree: MeasureTree) -> None:
        by_measure = scopes_of_plan(tree)
        self.under = [by_measure[measure_id] for measure_id in sorted(by_measure)]
        self.bits = (
            select(
                Measure.id.label("measure_id"),
                cast(func.row_number().over(order_by=Measure.id) - 1, Integer).label("bit"),
            )
            .where(Measure.plan_id == tree.plan_id)
            .subquery("bits")
        )
        chunks = range(max(1, -(-len(self.under) // BITS)))
        self.columns = [self._chunk(chunk).label(f"measures_{chunk}") for chunk in chunks]
        self._known: dict[tuple[int, ...], list[int]] = {}

    def _chunk(self, chunk: int) -> ColumnElement[int]:
        # Tags are unique within an interaction, so that a sum of their bits is their union.
        bit = self.bits.c.bit - chunk * BITS
        value = cast(literal(1), BigInteger).bitwise_lshift(bit)
        within = value if len(self.under) <= BITS else case((bit.between(0, BITS - 1), value), else_=0)
        return cast(func.coalesce(func.sum(within), 0), BigInteger)

    def scopes(self, numbers: Sequence[int]) -> Iterable[int]:
        """What counts under the measures of the set, each once."""
        key = tuple(numbers)
        found = self._known.get(key)
        if found is None:
            scopes: set[int] = set()
            for chunk, number in enumerate(key):
                rest = number
                while rest:
                    lowest = rest & -rest
                    scopes.update(self.under[chunk * BITS + lowest.bit_length() - 1])
                    rest ^= lowest
            found = self._known[key] = list(scopes)
        return found


def period_number(column: Any, step: Step) -> ColumnElement[int]:
    """As `Step.number`, in the database."""
    month = cast(extract("year", column), Integer) * 12 + cast(extract("month", column), Integer) - 1
    return month if step is Step.month else month // step.months


def _held(asked: ReportFilter) -> list[ColumnElement[bool]]:
    # The status stands in the statement itself: only then does the index of what counts serve it.
    return [Interaction.status == literal_column("'held'"), *asked.interactions(status=None).conditions()]
