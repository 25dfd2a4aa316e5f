"""What stands on an organisation's page beside its own fields: people and relations."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, case, func, or_, select

from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation, Relation, RelationKind
from crm.organisations.presentation import inverse_labels, labels_of

_a, _c, _r = (model.__table__.c for model in (Affiliation, Contact, Relation))
_ORGANISATION = bindparam("organisation", type_=Integer)

MOST_PEOPLE = 100
"""Shown on an organisation's page; the list of contacts has the others."""


class People(NamedTuple):
    """Of both at most a hundred together; the totals count all."""

    current: Sequence[Any]
    former: Sequence[Any]
    current_total: int
    former_total: int


_PEOPLE = (
    select(
        _a.id,
        _a.contact_id,
        _a.title,
        _a.topics,
        _a.primary,
        _a.started_on,
        _a.ended_on,
        _c.given_name,
        _c.family_name,
        _c.email,
        _c.phone,
        func.count().over().label("total"),
        func.count(_a.ended_on).over().label("former_total"),
    )
    .join(Contact.__table__, _c.id == _a.contact_id)
    .where(_a.organisation_id == _ORGANISATION, _c.deleted_at.is_(None))
    .order_by(
        _a.ended_on.is_not(None),
        _a.primary.desc(),
        _a.ended_on.desc(),
        _c.sort_key,
        _a.id,
    )
    .limit(MOST_PEOPLE)
)


def people_at(organisation_id: int) -> People:
    """Who works there now, the primary contact first, and who did; rows of what the page shows. One statement."""
    rows = db.session.execute(_PEOPLE, {"organisation": organisation_id}).all()
    former_total = rows[0].former_total if rows else 0
    return People(
        current=[row for row in rows if row.ended_on is None],
        former=[row for row in rows if row.ended_on is not None],
        current_total=(rows[0].total if rows else 0) - former_total,
        former_total=former_total,
    )


class Tie(NamedTuple):
    """A relation as it reads from one of its two organisations."""

    id: int
    label: str
    other_id: int
    other_name: str
    other_is_binned: bool
    started_on: date | None
    ended_on: date | None


class Ties(NamedTuple):
    current: Sequence[Tie]
    former: Sequence[Tie]


_OTHER = Organisation.__table__.alias()
_OUTWARDS = _r.from_id == _ORGANISATION
_RELATIONS = (
    select(
        _r.id,
        _r.kind,
        _r.from_id,
        _r.started_on,
        _r.ended_on,
        _OTHER.c.id.label("other_id"),
        _OTHER.c.name,
        _OTHER.c.deleted_at,
    )
    .join(_OTHER, _OTHER.c.id == case((_OUTWARDS, _r.to_id), else_=_r.from_id))
    .where(or_(_OUTWARDS, _r.to_id == _ORGANISATION))
    .order_by(_r.kind, case((_OUTWARDS, 0), else_=1), _OTHER.c.sort_key, _r.id)
)


def relations_of(organisation_id: int) -> Ties:
    """Both directions, by kind and name. One statement."""
    rows = db.session.execute(_RELATIONS, {"organisation": organisation_id}).all()
    outwards, inwards = labels_of(RelationKind), inverse_labels()
    ties = [
        Tie(
            row.id,
            (outwards if row.from_id == organisation_id else inwards)[row.kind],
            row.other_id,
            row.name,
            row.deleted_at is not None,
            row.started_on,
            row.ended_on,
        )
        for row in rows
    ]
    return Ties(
        [tie for tie in ties if tie.ended_on is None], [tie for tie in ties if tie.ended_on is not None]
    )
