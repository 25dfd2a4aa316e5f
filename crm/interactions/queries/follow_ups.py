"""Lists of what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from flask import abort
from sqlalchemy import ColumnElement, Integer, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from crm.accounts.models import User
from crm.extensions import db
from crm.interactions.models import FollowUp, Interaction, interaction_organisations
from crm.interactions.policies import can_edit_follow_up, can_view
from crm.interactions.queries.listing import READABLE, seen_by
from crm.organisations.models import Organisation
from crm.web.clock import today
from crm.web.paging import MOST_COUNTED, Key, Page, paged

MOST_OF_ORGANISATION, MOST_DUE = 20, 10
BY_DUE_DATE = (
    Key("due_on", FollowUp.__table__.c.due_on),
    Key("id", FollowUp.__table__.c.id),
)
BY_DONE = (
    Key("done_at", FollowUp.__table__.c.done_at, descending=True),
    Key("id", FollowUp.__table__.c.id, descending=True),
)


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Follow-ups as somebody sees them: which they may change, and the interactions of which they may read."""

    rows: Sequence[FollowUp]
    today: date
    editable: set[int]
    readable: set[int]

    @classmethod
    def seen_by(cls, viewer: User, rows: Sequence[FollowUp]) -> Self:
        sources = [one.interaction for one in rows if one.interaction is not None]
        return cls(
            rows,
            today(),
            {one.id for one in rows if can_edit_follow_up(viewer, one)},
            {source.id for source in sources if can_view(viewer, source)},
        )


@dataclass(frozen=True, kw_only=True)
class FollowUpFilter:
    """Which ones: `owner_id` None for everybody's; open ones, or those that are done."""

    owner_id: int | None = None
    done: bool = False


_VISIBLE = or_(
    FollowUp.interaction_id.is_(None), FollowUp.owner_id == bindparam("viewer_id", type_=Integer), READABLE
)
"""True for follow-ups that the viewer may read: their own, and those of interactions they may read. Needs the
interaction joined, and the parameters of `seen_by`."""

_FOLLOW_UPS = (
    select(FollowUp)
    .outerjoin(FollowUp.interaction)
    .where(or_(FollowUp.interaction_id.is_(None), Interaction.deleted_at.is_(None)), _VISIBLE)
    .options(
        contains_eager(FollowUp.interaction).options(
            load_only(Interaction.title, Interaction.confidential, Interaction.author_id),
            selectinload(Interaction.advisor_participations),
        ),
        joinedload(FollowUp.owner, innerjoin=True).load_only(User.name),
        joinedload(FollowUp.organisation).load_only(Organisation.name),
    )
)
"""Those the viewer may read, with owner, interaction and organisation; not of what is in the bin."""


def follow_up_page(filter_: FollowUpFilter, viewer: User, cursor: str | None) -> Page[FollowUp]:
    """One page: open ones by due date, so that what is overdue comes first; done ones latest first."""
    statement = _FOLLOW_UPS.where(*_conditions(filter_)).params(seen_by(viewer))
    counted = (
        select(FollowUp.id)
        .outerjoin(FollowUp.interaction)
        .where(or_(FollowUp.interaction_id.is_(None), Interaction.deleted_at.is_(None)), _VISIBLE)
        .where(*_conditions(filter_))
        .limit(MOST_COUNTED + 1)
    )
    total = db.session.scalar(select(func.count()).select_from(counted.subquery()), seen_by(viewer))
    return paged(
        statement,
        keys=BY_DONE if filter_.done else BY_DUE_DATE,
        total=total or 0,
        cursor=cursor,
    )


def _conditions(filter_: FollowUpFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        FollowUp.done_at.is_not(None) if filter_.done else FollowUp.done_at.is_(None)
    ]
    if filter_.owner_id is not None:
        conditions.append(FollowUp.owner_id == filter_.owner_id)
    return conditions


_OF_ORGANISATION = (
    _FOLLOW_UPS.where(FollowUp.done_at.is_(None))
    .where(
        or_(
            FollowUp.organisation_id == bindparam("organisation_id"),
            FollowUp.interaction_id.in_(
                select(interaction_organisations.c.interaction_id).where(
                    interaction_organisations.c.organisation_id == bindparam("organisation_id")
                )
            ),
        )
    )
    .order_by(FollowUp.due_on, FollowUp.id)
    .limit(MOST_OF_ORGANISATION)
)


def open_follow_ups_of(organisation_id: int, viewer: User) -> FollowUps:
    """What was promised to an organisation and is not done, the most urgent first. Two statements."""
    parameters = seen_by(viewer) | {"organisation_id": organisation_id}
    return FollowUps.seen_by(viewer, db.session.scalars(_OF_ORGANISATION, parameters).all())


_DUE = (
    _FOLLOW_UPS.where(FollowUp.done_at.is_(None), FollowUp.owner_id == bindparam("viewer_id", type_=Integer))
    .where(FollowUp.due_on <= bindparam("until"))
    .order_by(FollowUp.due_on, FollowUp.id)
    .limit(MOST_DUE)
)


def due_follow_ups(viewer: User, until: date) -> FollowUps:
    """The viewer's own open ones that are due by the day, overdue ones first. Two statements."""
    rows = db.session.scalars(_DUE, seen_by(viewer) | {"until": until}).all()
    return FollowUps.seen_by(viewer, rows)


def follow_up_ids(interaction_id: int) -> Sequence[int]:
    return db.session.scalars(select(FollowUp.id).where(FollowUp.interaction_id == interaction_id)).all()


def found_follow_up(follow_up_id: int, viewer: User) -> FollowUp:
    """404 where there is none, 403 where it belongs to something confidential that is not for the viewer."""
    follow_up = db.session.scalar(
        select(FollowUp)
        .where(FollowUp.id == follow_up_id)
        .options(
            joinedload(FollowUp.interaction).selectinload(Interaction.advisor_participations),
            joinedload(FollowUp.owner, innerjoin=True),
            joinedload(FollowUp.organisation),
        )
    )
    if follow_up is None:
        abort(404)
    source = follow_up.interaction
    if source is not None and follow_up.owner_id != viewer.id and not can_view(viewer, source):
        abort(403)
    return follow_up
