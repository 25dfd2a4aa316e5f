"""A collaboration with those that it continues and is continued by, year by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, case, cast, func, or_, select

from crm.accounts.models import User
from crm.collaborations.models import Collaboration, Stage, collaboration_activities
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.queries.secrecy import READABLE, seen_by


class ChainedYear(NamedTuple):
    """A year of a partnership. What the viewer may not read has no title, text, lead or activities.

    `activities` are ids of those they may read; `hidden` is how many others there are.
    """

    id: int
    year: int
    stage: str
    title: str | None
    starts_on: date | None
    aim: str | None
    result: str | None
    lead_id: int | None
    continues_id: int | None
    is_binned: bool
    is_readable: bool
    activities: Sequence[int]
    hidden: int

    @property
    def stage_label(self) -> Any:
        return Stage(self.stage).label


@dataclass(frozen=True, slots=True)
class Chain:
    """`years` is the whole partnership, the latest year first, without what is in the bin unless it is the one asked
    for.
    """

    own: ChainedYear
    years: Sequence[ChainedYear]

    @property
    def continued_by(self) -> ChainedYear | None:
        found = (one for one in self.years if one.continues_id == self.own.id and not one.is_binned)
        return next(found, None)


def chain_of(identity: int, viewer: User) -> Chain | None:
    """None where there is no such collaboration. Whether that one may be read was for the caller to ask. One statement."""
    rows = db.session.execute(_CHAIN, seen_by(viewer) | {"identity": identity}).all()
    years = [_year(row, identity) for row in rows]
    own = next((one for one in years if one.id == identity), None)
    return Chain(own, years) if own is not None else None


def _year(row: Any, identity: int) -> ChainedYear:
    told = row.is_readable or row.id == identity
    return ChainedYear(
        row.id,
        row.year,
        row.stage,
        row.title if told else None,
        row.starts_on if told else None,
        row.aim if told else None,
        row.result if told else None,
        row.lead_id if told else None,
        row.continues_id,
        row.deleted_at is not None,
        told,
        sorted(map(int, row.activities.split(","))) if told and row.activities else [],
        row.hidden if told else 0,
    )


def _chain() -> Select[*tuple[Any, ...]]:
    """Up to the first year, through what is in the bin, and down again from every year met."""
    c, link, identity = Collaboration, collaboration_activities.c, bindparam("identity", type_=Integer)
    up = (
        select(c.id.label("id"), c.continues_id.label("earlier"))
        .where(c.id == identity)
        .cte("up", recursive=True)
    )
    up = up.union(select(c.id, c.continues_id).join(up, c.id == up.c.earlier))
    down = select(up.c.id.label("id")).cte("down", recursive=True)
    down = down.union(select(c.id).join(down, c.continues_id == down.c.id))
    told = (
        select(link.collaboration_id, Interaction.id, case((READABLE, 1), else_=0).label("told"))
        .join(Interaction, Interaction.id == link.interaction_id)
        .where(link.collaboration_id.in_(select(down.c.id)), Interaction.deleted_at.is_(None))
        .subquery()
    )
    of_it = told.c.collaboration_id == c.id
    activities = select(func.aggregate_strings(cast(told.c.id, String), ",")).where(of_it, told.c.told == 1)
    hidden = select(func.count()).select_from(told).where(of_it, told.c.told == 0)
    return (
        select(
            *(c.id, c.year, c.stage, Interaction.title, Interaction.starts_on, c.aim, c.result, c.lead_id),
            *(
                c.continues_id,
                Interaction.deleted_at,
                case((READABLE, True), else_=False).label("is_readable"),
            ),
            activities.scalar_subquery().label("activities"),
            hidden.scalar_subquery().label("hidden"),
        )
        .join(Interaction, Interaction.id == c.id)
        .where(c.id.in_(select(down.c.id)), or_(Interaction.deleted_at.is_(None), c.id == identity))
        .order_by(c.year.desc(), c.id.desc())
    )


_CHAIN = _chain()
