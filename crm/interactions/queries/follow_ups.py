"""Lists of what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from crm.accounts.models import Permission, User
from crm.extensions import db
from crm.interactions.models import FollowUp, Interaction, interaction_organisations
from crm.interactions.policies import can_view
from crm.interactions.queries.secrecy import READABLE, TOOK_PART, seen_by
from crm.organisations.models import Organisation
from crm.web.clock import today
from crm.web.paging import MOST_COUNTED, Key, Page, paged
from crm.web.shapes import Shaped

MOST_OF_ORGANISATION, MOST_DUE = 20, 10
BY_DUE_DATE = (
    Key("due_on", FollowUp.__table__.c.due_on),
    Key("id", FollowUp.__table__.c.id),
)
BY_DONE = (
    Key("done_at", FollowUp.__table__.c.done_at, descending=True),
    Key("id", FollowUp.__table__.c.id, descending=True),
)


class FollowUpRow(NamedTuple):
    """A follow-up as a list shows it; the interaction's title only where the viewer may read it."""

    id: int
    text: str
    due_on: date
    done_at: datetime | None
    done_note: str | None
    owner_name: str
    organisation_id: int | None
    organisation_name: str | None
    interaction_id: int | None
    interaction_title: str | None
    may_edit: bool


@dataclass(frozen=True, slots=True)
class FollowUps:
    rows: Sequence[FollowUpRow]
    today: date


@dataclass(frozen=True, kw_only=True)
class FollowUpFilter(Shaped):
    """Which ones: of an owner, of the owners of a unit, or everybody's; open ones, or those that are done."""

    whole = frozenset({"done"})

    owner_id: int | None = None
    unit_id: int | None = None
    done: bool = False


_VIEWER = bindparam("viewer_id", type_=Integer)
_IS_OWN = FollowUp.owner_id == _VIEWER
_TAKES_PART = func.coalesce(or_(Interaction.author_id == _VIEWER, TOOK_PART), false())
_MAY_EDIT = and_(
    bindparam("may_log", type_=Boolean), or_(bindparam("edits_all", type_=Boolean), _IS_OWN, _TAKES_PART)
)
"""The same as `policies.can_edit_follow_up`, in the database."""

_VISIBLE = [
    or_(FollowUp.interaction_id.is_(None), Interaction.deleted_at.is_(None)),
    or_(FollowUp.interaction_id.is_(None), _IS_OWN, READABLE),
]
"""What holds for follow-ups that the viewer may read: their own, and those of interactions they may read, not of what is in
the bin. Needs the interaction joined."""

_FOLLOW_UPS = (
    select(
        FollowUp.id,
        FollowUp.text,
        FollowUp.due_on,
        FollowUp.done_at,
        FollowUp.done_note,
        User.name,
        FollowUp.organisation_id,
        Organisation.name,
        FollowUp.interaction_id,
        case((READABLE, Interaction.title)),
        _MAY_EDIT,
    )
    .join(User, User.id == FollowUp.owner_id)
    .outerjoin(Interaction, Interaction.id == FollowUp.interaction_id)
    .outerjoin(Organisation, Organisation.id == FollowUp.organisation_id)
)
"""The columns of FollowUpRow, asked with the parameters of `_asked_by`."""


def _asked_by(viewer: User) -> dict[str, Any]:
    return seen_by(viewer) | {
        "may_log": viewer.may(Permission.LOG_INTERACTIONS),
        "edits_all": viewer.may(Permission.EDIT_ALL_INTERACTIONS),
    }


def _listed(statement: Select[*tuple[Any, ...]], viewer: User, **parameters: Any) -> FollowUps:
    rows = db.session.execute(statement, _asked_by(viewer) | parameters).all()
    return FollowUps([FollowUpRow(*row) for row in rows], today())


class _Statements:
    """What is asked of a shape of filter."""

    def __init__(self, shape: FollowUpFilter) -> None:
        state = FollowUp.done_at.is_not(None) if shape.done else FollowUp.done_at.is_(None)
        conditions: list[ColumnElement[bool]] = [state]
        if shape.owner_id is not None:
            conditions.append(FollowUp.owner_id == shape.bound("owner_id", Integer))
        if shape.unit_id is not None:
            of_unit = select(User.id).where(User.unit_id == shape.bound("unit_id", Integer))
            conditions.append(FollowUp.owner_id.in_(of_unit))
        self.rows = _FOLLOW_UPS.where(*_VISIBLE, *conditions)
        counted = select(FollowUp.id).outerjoin(FollowUp.interaction).where(*_VISIBLE, *conditions)
        self.count = select(func.count()).select_from(counted.limit(MOST_COUNTED + 1).subquery())


_statements = lru_cache(_Statements)


def follow_up_page(filter_: FollowUpFilter, viewer: User, cursor: str | None) -> Page[FollowUpRow]:
    """One page: open ones by due date, so that what is overdue comes first; done ones latest first. Two statements."""
    statements, parameters = _statements(filter_.shape()), _asked_by(viewer) | filter_.parameters()
    found = paged(
        statements.rows,
        keys=BY_DONE if filter_.done else BY_DUE_DATE,
        total=db.session.scalar(statements.count, parameters) or 0,
        cursor=cursor,
        parameters=parameters,
    )
    return replace(found, rows=[FollowUpRow(*row) for row in found.rows])


_OPEN = _FOLLOW_UPS.where(*_VISIBLE, FollowUp.done_at.is_(None)).order_by(FollowUp.due_on, FollowUp.id)
_IN_ITS_INTERACTIONS = select(interaction_organisations.c.interaction_id).where(
    interaction_organisations.c.organisation_id == bindparam("organisation_id")
)
_OF_ORGANISATION = _OPEN.where(
    or_(
        FollowUp.organisation_id == bindparam("organisation_id"),
        FollowUp.interaction_id.in_(_IN_ITS_INTERACTIONS),
    )
).limit(MOST_OF_ORGANISATION)
_DUE = _OPEN.where(_IS_OWN, FollowUp.due_on <= bindparam("until")).limit(MOST_DUE)
_OF_INTERACTION = _FOLLOW_UPS.where(FollowUp.interaction_id == bindparam("interaction_id")).order_by(
    FollowUp.due_on, FollowUp.id
)


def open_follow_ups_of(organisation_id: int, viewer: User) -> FollowUps:
    """What was promised to an organisation and is not done, the most urgent first. One statement."""
    return _listed(_OF_ORGANISATION, viewer, organisation_id=organisation_id)


def due_follow_ups(viewer: User, until: date) -> FollowUps:
    """The viewer's own open ones that are due by the day, overdue ones first. One statement."""
    return _listed(_DUE, viewer, until=until)


def follow_ups_in(interaction_id: int, viewer: User) -> FollowUps:
    """What was promised in an interaction that the viewer may read, done or not. One statement."""
    return _listed(_OF_INTERACTION, viewer, interaction_id=interaction_id)


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
