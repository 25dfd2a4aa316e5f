"""What a calendar holds, as its reader may see it. What they may not read never leaves the database."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    not_,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from crm.accounts.models import User
from crm.accounts.sessions import hashed
from crm.calendars.models import CalendarFeed
from crm.extensions import db
from crm.interactions.models import AdvisorParticipation, FollowUp, Interaction, InteractionStatus
from crm.interactions.queries.secrecy import READABLE, TOOK_PART, seen_by
from crm.organisations.models import Organisation

DAYS_BACK, DAYS_AHEAD = 90, 365
MOST = 2_000
"""Of interactions, and of follow-ups; of more the earliest are left out."""
MOST_OF_NOTES = 1_500
"""Characters: a calendar shows the beginning, the interaction's page the whole."""


class Engagement(NamedTuple):
    """An interaction as a calendar needs it. `title`, `place` and `notes` are None where the reader may not read it, notes
    of confidential ones always. `own`: the reader wrote it or takes part.
    """

    id: int
    version: int
    updated_at: datetime
    status: str
    starts_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    confidential: bool
    readable: bool
    own: bool
    title: str | None
    place: str | None
    notes: str | None


class Promise(NamedTuple):
    """An open follow-up. `interaction_id` and its title are None where the reader may not read the interaction."""

    id: int
    version: int
    updated_at: datetime
    text: str
    due_on: date
    owner_id: int
    owner_name: str
    organisation_name: str | None
    interaction_id: int | None
    interaction_title: str | None
    confidential: bool


_VIEWER = bindparam("viewer_id", type_=Integer)
_UNIT = bindparam("unit_id", type_=Integer)
_SINCE, _UNTIL = bindparam("since", type_=Date), bindparam("until", type_=Date)
_OWN = or_(Interaction.author_id == _VIEWER, TOOK_PART)


def _engagements(*, notes_if: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    i = Interaction
    return select(
        *(i.id, i.version, i.updated_at, i.status, i.starts_on, i.starts_at, i.ends_at, i.confidential),
        READABLE.label("readable"),
        _OWN.label("own"),
        case((READABLE, i.title)),
        case((READABLE, i.place)),
        case((and_(not_(i.confidential), notes_if), func.substr(i.notes, 1, MOST_OF_NOTES + 1))),
    ).where(i.deleted_at.is_(None))


def _is_viewer(user_id: Any) -> ColumnElement[bool]:
    return user_id == _VIEWER  # type: ignore[no-any-return]  # a column of any table


def _is_in_team(user_id: Any) -> ColumnElement[bool]:
    """The reader, or who works in their unit today."""
    in_unit = and_(User.unit_id == _UNIT, User.deactivated_at.is_(None))
    return user_id.in_(select(User.id).where(or_(User.id == _VIEWER, in_unit)))  # type: ignore[no-any-return]  # a column of any table


def _in_calendar(is_whose: Callable[[Any], ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    i, written, took_part = Interaction, aliased(Interaction), AdvisorParticipation
    ids = union(
        select(written.id).where(is_whose(written.author_id)),
        select(took_part.interaction_id).where(is_whose(took_part.user_id)),
    )
    return (
        _engagements(notes_if=_OWN)
        .where(i.status != InteractionStatus.draft, i.starts_on.between(_SINCE, _UNTIL), i.id.in_(ids))
        .order_by(i.starts_on.desc(), i.id.desc())
        .limit(MOST)
    )


def _promised(is_whose: Callable[[Any], ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    f, source = FollowUp, Interaction
    apart = f.interaction_id.is_(None)
    return (
        select(
            *(f.id, f.version, f.updated_at, f.text, f.due_on, f.owner_id, User.name, Organisation.name),
            case((READABLE, source.id)),
            case((READABLE, source.title)),
            func.coalesce(source.confidential, false()),
        )
        .join(User, User.id == f.owner_id)
        .outerjoin(source, source.id == f.interaction_id)
        .outerjoin(Organisation, Organisation.id == f.organisation_id)
        .where(f.done_at.is_(None), is_whose(f.owner_id), f.due_on.between(_SINCE, _UNTIL))
        .where(or_(apart, source.deleted_at.is_(None)), or_(apart, f.owner_id == _VIEWER, READABLE))
        .order_by(f.due_on.desc(), f.id.desc())
        .limit(MOST)
    )


_ENGAGEMENTS = {False: _in_calendar(_is_viewer), True: _in_calendar(_is_in_team)}
_PROMISES = {False: _promised(_is_viewer), True: _promised(_is_in_team)}
_ONE = _engagements(notes_if=READABLE).where(
    Interaction.id == bindparam("identity", type_=Integer), Interaction.starts_on.is_not(None)
)
_BY_TOKEN = (
    select(CalendarFeed)
    .join(CalendarFeed.user)
    .where(
        CalendarFeed.token_hash == bindparam("token_hash", type_=String),
        CalendarFeed.revoked_at.is_(None),
        User.deactivated_at.is_(None),
    )
)
"""Statements made once: making one costs more than asking it."""


def feed_by_token(token: str) -> CalendarFeed | None:
    """The feed with its user, as long as it works: not revoked, its user active. One statement."""
    return db.session.scalar(_BY_TOKEN, {"token_hash": hashed(token)})


def feed_of_user(user: User) -> CalendarFeed | None:
    """The one in use."""
    return db.session.scalar(
        select(CalendarFeed).where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
    )


def engagements(feed: CalendarFeed, today: date) -> list[Engagement]:
    """What the feed's user does and has done, and their unit where it is included; cancelled too. One statement."""
    return [Engagement(*row) for row in db.session.execute(_ENGAGEMENTS[_has_team(feed)], _of(feed, today))]


def promises(feed: CalendarFeed, today: date) -> list[Promise]:
    """What they have promised and not done. One statement."""
    return [Promise(*row) for row in db.session.execute(_PROMISES[_has_team(feed)], _of(feed, today))]


def engagement(interaction_id: int, viewer: User) -> Engagement | None:
    """One interaction, as far as the viewer may read it; None where it has no date. One statement."""
    row = db.session.execute(_ONE, seen_by(viewer) | {"identity": interaction_id}).one_or_none()
    return Engagement(*row) if row is not None else None


def _has_team(feed: CalendarFeed) -> bool:
    return feed.includes_team and feed.user.unit_id is not None


def _of(feed: CalendarFeed, today: date) -> dict[str, Any]:
    days = {"since": today - timedelta(days=DAYS_BACK), "until": today + timedelta(days=DAYS_AHEAD)}
    return seen_by(feed.user) | {"unit_id": feed.user.unit_id} | days
