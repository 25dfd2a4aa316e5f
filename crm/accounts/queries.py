"""Reads of users, their absences, sessions and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Absence, ApiToken, Role, Unit, User, UserSession
from crm.database import UtcDateTime, sort_key
from crm.extensions import db
from crm.web.paging import Key, Page, paged

WITH_DEPUTIES = selectinload(User.absences).joinedload(Absence.deputy).selectinload(User.absences)
"""What `absences.standing_in` looks at."""


_USER_OF_SESSION = (
    select(User)
    .join(UserSession, UserSession.user_id == User.id)
    .where(
        UserSession.key_hash == bindparam("key_hash"),
        UserSession.ended_at.is_(None),
        UserSession.ends_at > bindparam("at", type_=UtcDateTime),
        User.deactivated_at.is_(None),
    )
)
"""Asked at every request: made once, since making it costs more than asking it."""


def user_of_session(key_hash: str, at: datetime) -> User | None:
    """The active user whose open session has the key. One statement."""
    return db.session.scalar(_USER_OF_SESSION, {"key_hash": key_hash, "at": at})


def open_sessions(user: User, at: datetime) -> Sequence[UserSession]:
    """Where the user is signed in, latest first."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None), UserSession.ends_at > at)
        .order_by(UserSession.id.desc())
        .limit(50)
    ).all()


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def anybody() -> bool:
    """Whether there is a user at all, services aside."""
    return db.session.scalar(select(User.id).where(User.is_service.is_(False)).limit(1)) is not None


def active_users() -> Sequence[User]:
    """Who can be chosen as advisor, deputy or owner, in Norwegian order of names."""
    return db.session.scalars(
        select(User)
        .where(User.deactivated_at.is_(None), User.is_service.is_(False))
        .order_by(User.sort_key, User.id)
    ).all()


def other_administrators(user: User) -> Sequence[int]:
    """Ids of the active administrators besides the user, held until the transaction ends: of two administrators who
    demote each other at the same moment, the second is refused.
    """
    administrators = db.session.scalars(
        select(User.id)
        .where(User.role == Role.administrator, User.deactivated_at.is_(None), User.is_service.is_(False))
        .order_by(User.id)
        .with_for_update()
    ).all()
    return [identity for identity in administrators if identity != user.id]


def units() -> Sequence[Unit]:
    return db.session.scalars(select(Unit).order_by(Unit.name)).all()


@dataclass(frozen=True)
class UserOverview:
    user: User
    last_signed_in: datetime | None
    tokens: int


def user_overview(user_id: int, at: datetime) -> UserOverview | None:
    """A user with unit, absences, deputies, last sign-in and number of tokens in use. Two statements, one more where
    there are absences and another where there are deputies.
    """
    last = select(func.max(UserSession.started_at)).where(UserSession.user_id == User.id).scalar_subquery()
    tokens = (
        select(func.count(ApiToken.id))
        .where(ApiToken.user_id == User.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(User, last, tokens).where(User.id == user_id).options(joinedload(User.unit), WITH_DEPUTIES)
    ).one_or_none()
    return UserOverview(*found) if found is not None else None


def absences_from(user: User, day: date) -> Sequence[Absence]:
    """The user's absences that are not over, with their deputies."""
    return db.session.scalars(
        select(Absence)
        .where(Absence.user_id == user.id, Absence.ends_on >= day)
        .options(joinedload(Absence.deputy))
        .order_by(Absence.starts_on)
    ).all()


@dataclass(frozen=True)
class UserFilter:
    """What the list of users is narrowed to; `state` is active, deactivated or all."""

    q: str | None = None
    role: str | None = None
    state: str = "active"

    @property
    def active_count(self) -> int:
        return sum([bool(self.q), bool(self.role), self.state != "active"])


def _matching(wanted: UserFilter) -> list[Any]:
    clauses: list[Any] = []
    if wanted.q:
        name = sort_key(wanted.q)
        email = User.email.contains(wanted.q.lower(), autoescape=True)
        clauses.append(or_(User.sort_key.contains(name, autoescape=True), email) if name else email)
    if wanted.role:
        clauses.append(User.role == wanted.role)
    if wanted.state != "all":
        clauses.append(User.deactivated_at.is_(None) == (wanted.state == "active"))
    return clauses


def list_users(wanted: UserFilter, *, cursor: str | None) -> Page[User]:
    """A page of users in the order of their names, with units, absences and deputies."""
    clauses = _matching(wanted)
    total = db.session.scalar(select(func.count(User.id)).where(*clauses)) or 0
    statement = select(User).where(*clauses).options(joinedload(User.unit), WITH_DEPUTIES)
    return paged(
        statement, keys=[Key("sort_key", User.sort_key), Key("id", User.id)], total=total, cursor=cursor
    )


def list_tokens(user: User | None, *, cursor: str | None) -> Page[ApiToken]:
    """Tokens, newest first: the user's, or everybody's where none is named."""
    clauses = [] if user is None else [ApiToken.user_id == user.id]
    total = db.session.scalar(select(func.count(ApiToken.id)).where(*clauses)) or 0
    statement: Select[Any] = select(ApiToken).where(*clauses)
    return paged(statement, keys=[Key("id", ApiToken.id, descending=True)], total=total, cursor=cursor)


def usable_tokens(user: User) -> Sequence[ApiToken]:
    return db.session.scalars(
        select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    ).all()
