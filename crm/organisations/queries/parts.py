"""What stands on an organisation's page beside its own fields: people and relations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation, Relation, RelationKind

MOST_PEOPLE = 100
"""Shown on an organisation's page; the list of contacts has the others."""


@dataclass(frozen=True)
class People:
    """Of both at most a hundred together; the totals count all."""

    current: Sequence[Any]
    former: Sequence[Any]
    current_total: int
    former_total: int


_PEOPLE = (
    select(
        Affiliation.id,
        Affiliation.contact_id,
        Affiliation.title,
        Affiliation.topics,
        Affiliation.primary,
        Affiliation.started_on,
        Affiliation.ended_on,
        Contact.given_name,
        Contact.family_name,
        Contact.email,
        Contact.phone,
        func.count().over().label("total"),
        func.count(Affiliation.ended_on).over().label("former_total"),
    )
    .join(Contact, Contact.id == Affiliation.contact_id)
    .where(Affiliation.organisation_id == bindparam("organisation"), Contact.deleted_at.is_(None))
    .order_by(
        Affiliation.ended_on.is_not(None),
        Affiliation.primary.desc(),
        Affiliation.ended_on.desc(),
        Contact.sort_key,
        Affiliation.id,
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


@dataclass(frozen=True)
class Tie:
    """A relation as it reads from one of its two organisations."""

    id: int
    label: Any
    other_id: int
    other_name: str
    other_is_binned: bool
    started_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class Ties:
    current: Sequence[Tie]
    former: Sequence[Tie]


_OTHER = aliased(Organisation)
_OUTWARDS = Relation.from_id == bindparam("organisation")
_RELATIONS = (
    select(
        Relation.id,
        Relation.kind,
        Relation.from_id,
        Relation.started_on,
        Relation.ended_on,
        _OTHER.id.label("other_id"),
        _OTHER.name,
        _OTHER.deleted_at,
    )
    .join(_OTHER, _OTHER.id == case((_OUTWARDS, Relation.to_id), else_=Relation.from_id))
    .where(or_(_OUTWARDS, Relation.to_id == bindparam("organisation")))
    .order_by(Relation.kind, case((_OUTWARDS, 0), else_=1), _OTHER.sort_key, Relation.id)
)


def relations_of(organisation_id: int) -> Ties:
    """Both directions, by kind and name. One statement."""
    ties = []
    for row in db.session.execute(_RELATIONS, {"organisation": organisation_id}):
        kind = RelationKind(row.kind)
        ties.append(
            Tie(
                id=row.id,
                label=kind.label if row.from_id == organisation_id else kind.inverse_label,
                other_id=row.other_id,
                other_name=row.name,
                other_is_binned=row.deleted_at is not None,
                started_on=row.started_on,
                ended_on=row.ended_on,
            )
        )
    return Ties(
        [tie for tie in ties if tie.ended_on is None], [tie for tie in ties if tie.ended_on is not None]
    )
