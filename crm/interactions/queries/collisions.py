"""Who else from the municipality meets the same people in the same weeks: so that a firm is not visited twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Date, Integer, String, bindparam, case, cast, func, literal, select, union_all

from crm.accounts.directory import directory
from crm.accounts.models import User
from crm.database import among
from crm.extensions import db
from crm.interactions.joined import joined_kind
from crm.interactions.models import AdvisorParticipation, Interaction, InteractionKind, InteractionStatus
from crm.interactions.models import interaction_organisations as with_organisation
from crm.interactions.queries.secrecy import READABLE, TOOK_PART, seen_by
from crm.organisations.models import Organisation, Relation, RelationKind

DAYS: Final = timedelta(days=30)
MOST_SHOWN: Final = 3
MOST_FOUND: Final = 200


class Tie(StrEnum):
    """What the organisation met is to the one chosen; what tells most of an interaction with several stands first."""

    same = auto()
    parent = auto()
    subsidiary = auto()


class Collision(NamedTuple):
    """A colleague's interaction; of one that the viewer may not read, title is None and nothing more is told than that it is
    there.
    """

    id: int
    kind: str
    status: str
    title: str | None
    starts_on: date
    starts_at: datetime | None
    confidential: bool
    who: str
    organisation_id: int
    organisation: str
    tie: str
    chosen: str

    @property
    def kind_label(self) -> Any:
        return InteractionKind(self.kind).label

    @property
    def status_label(self) -> Any:
        return InteractionStatus(self.status).label

    @property
    def with_whom(self) -> str:
        """The organisation, and what it is to the one chosen if it is another."""
        if self.tie == Tie.parent:
            return str(_("%(name)s (parent company of %(other)s)", name=self.organisation, other=self.chosen))
        if self.tie == Tie.subsidiary:
            return str(_("%(name)s (subsidiary of %(other)s)", name=self.organisation, other=self.chosen))
        return self.organisation

    @property
    def may_join(self) -> bool:
        """Kinds with pages of their own are joined there."""
        joined = joined_kind(self.kind)
        return joined is None or joined.page is None


@dataclass(frozen=True, slots=True)
class Collisions:
    """`shown` are the nearest in time, `rest` those that did not fit, and `hidden` how many the viewer may not read.
    Days are local, both included.
    """

    shown: Sequence[Collision] = ()
    rest: Sequence[Collision] = ()
    hidden: int = 0
    since: date = date.min
    until: date = date.max

    def __bool__(self) -> bool:
        return bool(self.shown or self.hidden)


NONE: Final = Collisions()


def collisions(
    organisation_ids: Sequence[int], day: date, viewer: User, *, besides: int | None = None
) -> Collisions:
    """Planned and held interactions of others with the organisations, their parents or their subsidiaries, within thirty
    days of the local day. `besides` is the interaction at hand. One statement, and one for what is kept.
    """
    if not organisation_ids:
        return NONE
    since, until = _window(day)
    found = db.session.execute(
        _COLLIDING,
        seen_by(viewer)
        | {"organisations": organisation_ids, "since": since, "until": until, "besides": besides or 0},
    ).all()
    names = directory()

    def named(row: Any) -> Collision:
        ids = [int(one) for one in (row.who or str(row.author_id)).split(",")]
        who = sorted((one for one in ids if one in names), key=names.places.__getitem__)
        return Collision._make((*row[:7], ", ".join(names[one].name for one in who), *row[9:]))

    nearest = in_order((named(row) for row in found), day)
    readable = [one for one in nearest if one.title is not None]
    return Collisions(
        readable[:MOST_SHOWN], readable[MOST_SHOWN:], len(nearest) - len(readable), since, until
    )


def in_order(found: Iterable[Collision], day: date) -> list[Collision]:
    """Each interaction once, by its closest tie; the nearest in time first, and on equal days the closest tie."""
    ties = list(Tie)
    once: dict[int, Collision] = {}
    for one in sorted(found, key=lambda one: ties.index(Tie(one.tie))):
        once.setdefault(one.id, one)
    return sorted(
        once.values(), key=lambda one: (abs((one.starts_on - day).days), ties.index(Tie(one.tie)), one.id)
    )


def _window(day: date) -> tuple[date, date]:
    """Both ends, for years that the calendar has."""
    return (
        day - DAYS if day > date.min + DAYS else date.min,
        day + DAYS if day < date.max - DAYS else date.max,
    )


def _family() -> Any:
    """(organisation met, organisation chosen, what the first is to the second)."""
    o, r = Organisation.__table__.c, Relation.__table__.c
    holds = (r.kind == RelationKind.subsidiary_of.value, r.ended_on.is_(None))
    return union_all(
        select(o.id.label("near_id"), o.id.label("chosen_id"), literal(Tie.same.value).label("tie")).where(
            among(o.id, "organisations")
        ),
        select(r.to_id, r.from_id, literal(Tie.parent.value)).where(
            *holds, among(r.from_id, "organisations")
        ),
        select(r.from_id, r.to_id, literal(Tie.subsidiary.value)).where(
            *holds, among(r.to_id, "organisations")
        ),
    ).subquery("family")


def _colliding() -> Any:
    i, took_part, family = Interaction, AdvisorParticipation, _family()
    near, chosen = Organisation.__table__.alias("near"), Organisation.__table__.alias("chosen")
    advisors = (
        select(func.aggregate_strings(cast(took_part.user_id, String), ","))
        .where(took_part.interaction_id == i.id)
        .correlate(i)
        .scalar_subquery()
    )
    return (
        select(
            *(i.id, i.kind, i.status, case((READABLE, i.title)).label("title"), i.starts_on, i.starts_at),
            *(i.confidential, advisors.label("who"), i.author_id, near.c.id, near.c.name),
            *(family.c.tie, chosen.c.name.label("chosen")),
        )
        .select_from(family)
        .join(with_organisation, with_organisation.c.organisation_id == family.c.near_id)
        .join(i, i.id == with_organisation.c.interaction_id)
        .join(near, near.c.id == family.c.near_id)
        .join(chosen, chosen.c.id == family.c.chosen_id)
        .where(i.status.in_([InteractionStatus.planned, InteractionStatus.held]), i.deleted_at.is_(None))
        .where(i.starts_on.between(bindparam("since", type_=Date), bindparam("until", type_=Date)))
        .where(i.author_id != bindparam("viewer_id", type_=Integer), ~TOOK_PART)
        .where(i.id != bindparam("besides", type_=Integer))
        .order_by(i.starts_on.desc(), i.id)
        .limit(MOST_FOUND)
    )


_COLLIDING = _colliding()
