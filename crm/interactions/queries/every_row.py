"""All rows of a list, for exports: a batch at a time, so that a hundred thousand take no more memory than some."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from crm.accounts.models import User
from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    Interaction,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.queries.listing import COLUMNS, KEYS, InteractionQuery, InteractionRow, Named
from crm.interactions.queries.noted import read_signals, signals_of
from crm.organisations.models import Contact, Organisation
from crm.plan.models import Measure

MOST_NAMES = 5_000
"""Kept of each part before they are forgotten, and asked for anew."""


class _Part(NamedTuple):
    """What belongs to an interaction: where it is linked, and what it is called, in which order."""

    interaction_id: Any
    linked_id: Any
    id: Any
    name: Any
    order: Any
    is_number: bool = False
    """Of the order, which is asked for as text."""


_in_organisations, _in_measures = interaction_organisations.c, interaction_measures.c
_full_name = Contact.given_name + " " + Contact.family_name
_met, _took_part = ContactParticipation, AdvisorParticipation
PARTS = (
    _Part(
        _in_organisations.interaction_id,
        _in_organisations.organisation_id,
        Organisation.id,
        Organisation.name,
        Organisation.sort_key,
    ),
    _Part(_met.interaction_id, _met.contact_id, Contact.id, _full_name, Contact.sort_key),
    _Part(_took_part.interaction_id, _took_part.user_id, User.id, User.name, User.sort_key),
    _Part(
        _in_measures.interaction_id,
        _in_measures.measure_id,
        Measure.id,
        Measure.code,
        Measure.position,
        is_number=True,
    ),
)
"""Organisations, contacts, advisors and measures, as they stand in an InteractionRow."""


def _linked_ids(part: _Part) -> ColumnElement[str]:
    """The ids of an interaction's part, as 3,17,4: half the time of fetching them as rows."""
    ids = func.aggregate_strings(cast(part.linked_id, String), ",")
    return select(ids).where(part.interaction_id == Interaction.id).scalar_subquery()


WIDTH = len(COLUMNS)
LINKED_IDS = tuple(_linked_ids(part) for part in PARTS)
SIGNALS = signals_of(Interaction.id)
NAMES = union_all(
    *(
        select(literal(number), part.id, part.name, cast(part.order, String)).where(
            among(part.id, f"ids_{number}")
        )
        for number, part in enumerate(PARTS)
    )
)


def every_row(query: InteractionQuery, batch: int = 500) -> Iterator[InteractionRow]:
    """Everything that the query's viewer may read, in the order of the list.

    Two statements a batch: the rows with the ids of who and what belongs to them, and the names not met before.
    """
    order = [key.column.desc() for key in KEYS]
    statement = (
        query.statement().with_only_columns(*COLUMNS, *LINKED_IDS, SIGNALS).order_by(*order).limit(batch)
    )
    named = [_Named() for _part in PARTS]
    found = _found(statement)
    while found:
        _learn(named, found)
        for row in found:
            parts = [names.of(ids) for names, ids in zip(named, row[WIDTH:-1], strict=True)]
            told = InteractionRow(*row[:WIDTH], *parts)
            told.signals = read_signals(row[-1])
            yield told
        if len(found) < batch:
            return
        last = found[-1]
        further = tuple_(*(key.column for key in KEYS)) < tuple_(*(getattr(last, key.name) for key in KEYS))
        found = _found(statement.where(further))


def _found(statement: Any) -> Sequence[Any]:
    return db.session.connection().execute(statement).all()


class _Named(dict[str, tuple[Any, Named]]):
    """One part's order and name by id, as text."""

    def of(self, ids: str | None) -> list[Named]:
        """The names of the ids as LINKED_IDS give them, in their order."""
        if not ids:
            return []
        if "," not in ids:
            return [self[ids][1]]
        return [name for _order, name in sorted([self[one] for one in ids.split(",")])]

    def missing(self, linked: Iterable[str | None]) -> list[int]:
        """The ids that are not known yet. Where that makes too many, the known ones are forgotten."""
        met = set(",".join(filter(None, linked)).split(",")) - {""}
        if len(met - self.keys()) + len(self) > MOST_NAMES:
            self.clear()
        return [int(one) for one in met - self.keys()]


def _learn(named: list[_Named], found: Sequence[Any]) -> None:
    """Ask for the names that the rows have and are not known, in one statement."""
    missing = {
        f"ids_{number}": names.missing(row[WIDTH + number] for row in found)
        for number, names in enumerate(named)
    }
    if any(missing.values()):
        for number, one, name, order in db.session.execute(NAMES, missing).all():
            key = int(order) if PARTS[number].is_number else order
            named[number][str(one)] = (key, Named(one, name))
