"""One collaboration as its form needs it, and what may belong to it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Date, Integer, bindparam, select

from crm.accounts.models import User
from crm.collaborations.models import Collaboration, collaboration_activities
from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    Interaction,
    InteractionKind,
    InteractionStatus,
    interaction_organisations,
)
from crm.interactions.queries import ListedInteraction
from crm.interactions.queries.rows import listed
from crm.interactions.queries.secrecy import READABLE, seen_by

MOST_POSSIBLE = 100


def collaboration_to_change(identity: int) -> Collaboration | None:
    """Its record; whether it may be read is told by its interaction."""
    return db.session.get(Collaboration, identity)


def possible_activities(identity: int, year: int, viewer: User) -> list[ListedInteraction]:
    """The partners' interactions of that year that may belong to it and do not yet, the latest first, of what the viewer
    may read. Two statements.
    """
    parameters = {"identity": identity, "since": date(year, 1, 1), "until": date(year, 12, 31)}
    return listed(db.session.scalars(_POSSIBLE, parameters | seen_by(viewer)).all())


class Told(NamedTuple):
    """What is told of an interaction besides its own."""

    year: int
    stage: str
    continues: int | None


def collaborations_told(ids: Iterable[int]) -> dict[int, Told]:
    """By the interaction's id; those that are none are left out. One statement, or none."""
    wanted: Sequence[int] = list(ids)
    rows = db.session.execute(_TOLD, {"ids": wanted}).all() if wanted else ()
    return {row.interaction_id: Told(row.year, row.stage, row.continues_id) for row in rows}


_c = Collaboration.__table__.c
_TOLD = select(_c.interaction_id, _c.year, _c.stage, _c.continues_id).where(among(_c.interaction_id))

_partner, _put = interaction_organisations.c, collaboration_activities.c
_IDENTITY = bindparam("identity", type_=Integer)
_PARTNERS = select(_partner.organisation_id).where(_partner.interaction_id == _IDENTITY)
_POSSIBLE = (
    select(Interaction.id)
    .where(
        Interaction.id.in_(select(_partner.interaction_id).where(_partner.organisation_id.in_(_PARTNERS))),
        Interaction.id.not_in(select(_put.interaction_id).where(_put.collaboration_id == _IDENTITY)),
        Interaction.kind != InteractionKind.collaboration,
        Interaction.status.in_([InteractionStatus.held, InteractionStatus.planned]),
        Interaction.deleted_at.is_(None),
        Interaction.starts_on.between(bindparam("since", type_=Date), bindparam("until", type_=Date)),
        READABLE,
    )
    .order_by(Interaction.starts_on.desc(), Interaction.id.desc())
    .limit(MOST_POSSIBLE)
)
