"""What the API tells of interactions: their own columns, and who and what belongs to them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, cast, func, select

from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    Interaction,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.queries.noted import read_signals, signals_of
from crm.plan.models import Measure

_i, _m = Interaction.__table__.c, Measure.__table__.c
_with, _for = interaction_organisations.c, interaction_measures.c
_met, _by = ContactParticipation.__table__.c, AdvisorParticipation.__table__.c

RECORDED = (
    *(_i.id, _i.kind, _i.status, _i.title, _i.starts_on, _i.starts_at, _i.ends_at, _i.listed_on, _i.place),
    *(_i.notes, _i.confidential, _i.cancelled_by, _i.outcome, _i.outcome_note, _i.outcome_on),
    *(_i.version, _i.created_at, _i.updated_at),
)
FIELDS = tuple(column.key for column in RECORDED)


class InteractionRecord(NamedTuple):
    """`fields` has RECORDED by name; of who belongs to it the ids, in their order; of measures the codes, and the
    signals as they are kept.
    """

    fields: Mapping[str, Any]
    organisations: Sequence[int]
    contacts: Sequence[int]
    advisors: Sequence[int]
    measures: Sequence[str]
    signals: Sequence[str]


def _written(linked: Any, interaction_id: Any) -> Any:
    """The linked ids as text such as 3,17,4: half the time of fetching them as rows."""
    return (
        select(func.aggregate_strings(cast(linked, String), ","))
        .where(interaction_id == _i.id)
        .scalar_subquery()
    )


_codes = (
    select(_m.code)
    .where(_for.interaction_id == _i.id, _m.id == _for.measure_id)
    .order_by(_m.position, _m.id)
    .correlate(Interaction.__table__)
    .subquery()
)
_PARTS = select(
    _i.id,
    _written(_with.organisation_id, _with.interaction_id),
    _written(_met.contact_id, _met.interaction_id),
    _written(_by.user_id, _by.interaction_id),
    select(func.aggregate_strings(_codes.c.code, ",")).scalar_subquery(),
    signals_of(_i.id),
).where(among(_i.id))


def with_parts(rows: Sequence[Any]) -> list[InteractionRecord]:
    """Rows of RECORDED with who and what belongs to them: one more statement, whatever their number."""
    found = db.session.execute(_PARTS, {"ids": [row.id for row in rows]}).all() if rows else ()
    parts = {
        one: (*map(_ids, linked), codes.split(",") if codes else [], read_signals(signals))
        for one, *linked, codes, signals in found
    }
    return [InteractionRecord(dict(zip(FIELDS, row, strict=False)), *parts[row.id]) for row in rows]


def _ids(written: str | None) -> list[int]:
    return sorted(map(int, written.split(","))) if written else []
