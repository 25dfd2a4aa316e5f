"""Interactions as lists, timelines and "my day" show them: fifty come whole, in one statement."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import String, cast, func, select

from crm.accounts.directory import directory
from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    Interaction,
    InteractionKind,
    InteractionStatus,
    interaction_measures,
    interaction_organisations,
)
from crm.organisations.models import Organisation
from crm.plan.queries import outlines

MOST_NAMED = 3
BETWEEN, WITHIN = "\x1e", "\x1f"
"""ASCII's own signs between records and between the fields of one."""


class ListedInteraction(NamedTuple):
    """`organisations` and `advisors` are in the order of names, `measures` are codes in that of their plan."""

    id: int
    kind: str
    status: str
    title: str
    starts_on: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    place: str | None
    confidential: bool
    outcome: str | None
    organisations: list[str]
    advisors: list[str]
    measures: list[str]

    @property
    def kind_label(self) -> Any:
        return InteractionKind(self.kind).label

    @property
    def status_label(self) -> Any:
        return InteractionStatus(self.status).label


def in_short(names: Sequence[str]) -> str:
    """The first three, and how many more there are."""
    more = len(names) - MOST_NAMED
    if more <= 0:
        return ", ".join(names)
    return str(_("%(names)s and %(num)s more", names=", ".join(names[:MOST_NAMED]), num=more))


def listed(ids: Sequence[int]) -> list[ListedInteraction]:
    """The interactions with these ids, in their order. Whether they may be read was for the caller to ask. One statement,
    and one for what is kept (crm/web/editions.py).
    """
    if not ids:
        return []
    people, plans = directory(), outlines()
    found: dict[int, ListedInteraction] = {}
    for row in db.session.execute(_LISTED, {"ids": ids}).all():
        organisations, advisor_ids, measure_ids = row[-3:]
        found[row.id] = ListedInteraction._make(
            (
                *row[:-3],
                [name.partition(WITHIN)[2] for name in sorted((organisations or "").split(BETWEEN)) if name],
                [people[one].name for one in _in_order(advisor_ids, people.places)],
                [plans.measures[one].code for one in _in_order(measure_ids, plans.places)],
            )
        )
    return [found[one] for one in ids if one in found]


def _in_order(ids: str | None, places: Mapping[int, int]) -> list[int]:
    """What the database joined into one text."""
    if not ids:
        return []
    return sorted((one for one in map(int, ids.split(",")) if one in places), key=places.__getitem__)


def _joined(value: Any, link: Any, *conditions: Any, between: str = ",") -> Any:
    """The value of each row that belongs to the interaction, as one text."""
    return (
        select(func.aggregate_strings(value, between))
        .where(link.interaction_id == _i.id, *conditions)
        .correlate(Interaction.__table__)
        .scalar_subquery()
    )


_i, _o = Interaction.__table__.c, Organisation.__table__.c
_with, _by, _for = interaction_organisations.c, AdvisorParticipation.__table__.c, interaction_measures.c
_LISTED = select(
    *(_i.id, _i.kind, _i.status, _i.title, _i.starts_on, _i.starts_at, _i.ends_at, _i.place, _i.confidential),
    _i.outcome,
    _joined(_o.sort_key + WITHIN + _o.name, _with, _o.id == _with.organisation_id, between=BETWEEN),
    _joined(cast(_by.user_id, String), _by),
    _joined(cast(_for.measure_id, String), _for),
).where(among(_i.id))
"""Names of organisations come along; those of advisors and measures are known."""
