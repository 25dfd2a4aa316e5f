"""Interactions as lists, timelines and "my day" show them. Who and what belongs to each is text that the database writes:
fifty rows come whole, in one statement.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from crm.accounts.models import User
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
from crm.plan.models import Measure

MOST_NAMED = 3


def _several(names: str | None, count: int) -> str:
    """The first names, and how many more there are."""
    more = count - MOST_NAMED
    return _("%(names)s and %(num)s more", names=names, num=more) if more > 0 else names or ""


class ListedInteraction(NamedTuple):
    """`organisations` and `advisors` name the first three; the counts tell how many there are. Measures are codes."""

    id: int
    kind: str
    status: str
    title: str
    starts_on: date | None
    starts_at: datetime | None
    place: str | None
    confidential: bool
    organisations: str | None
    organisation_count: int
    advisors: str | None
    advisor_count: int
    measures: str | None

    @property
    def kind_label(self) -> Any:
        return InteractionKind(self.kind).label

    @property
    def organisation_text(self) -> str:
        return _several(self.organisations, self.organisation_count)

    @property
    def advisor_text(self) -> str:
        return _several(self.advisors, self.advisor_count)

    @property
    def status_label(self) -> Any:
        return InteractionStatus(self.status).label


def listed(ids: Sequence[int]) -> list[ListedInteraction]:
    """The interactions with these ids, in their order. Whether they may be read was for the caller to ask. One statement."""
    if not ids:
        return []
    rows: dict[int, Any] = {row[0]: row for row in db.session.execute(_LISTED, {"ids": ids}).all()}
    return [ListedInteraction(*rows[one]) for one in ids if one in rows]


def _texts(names: Select[*tuple[Any, ...]]) -> Any:
    of_one = names.correlate(Interaction.__table__).subquery()
    return select(func.aggregate_strings(of_one.c[0], ", ")).scalar_subquery()


def _count(column: Any) -> Any:
    return select(func.count()).where(column == _i.id).correlate(Interaction.__table__).scalar_subquery()


_i, _o, _u, _m = (model.__table__.c for model in (Interaction, Organisation, User, Measure))
_with, _by, _for = interaction_organisations.c, AdvisorParticipation.__table__.c, interaction_measures.c
_LISTED = select(
    *(_i.id, _i.kind, _i.status, _i.title, _i.starts_on, _i.starts_at, _i.place, _i.confidential),
    _texts(
        select(_o.name)
        .where(_with.interaction_id == _i.id, _o.id == _with.organisation_id)
        .order_by(_o.sort_key, _o.id)
        .limit(MOST_NAMED)
    ),
    _count(_with.interaction_id),
    _texts(
        select(_u.name)
        .where(_by.interaction_id == _i.id, _u.id == _by.user_id)
        .order_by(_u.sort_key, _u.id)
        .limit(MOST_NAMED)
    ),
    _count(_by.interaction_id),
    _texts(
        select(_m.code)
        .where(_for.interaction_id == _i.id, _m.id == _for.measure_id)
        .order_by(_m.position, _m.id)
    ),
).where(among(_i.id))
