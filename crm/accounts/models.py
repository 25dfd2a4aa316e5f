from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.audit.recording import Audited
from crm.database import Base, SortKey, Timestamped, UtcDateTime, Versioned, now, sort_key
from crm.web.clock import local


class Permission(StrEnum):
    """What a role may let its holder do. Every endpoint names one, or is public."""

    USE_OWN_ACCOUNT = auto()
    READ = auto()
    EXPORT = auto()
    LOG_INTERACTIONS = auto()
    EDIT_ORGANISATIONS = auto()
    BIN = auto()
    READ_CONFIDENTIAL = auto()
    READ_AUDIT = auto()
    EDIT_ALL_INTERACTIONS = auto()
    EDIT_PLAN = auto()
    USE_API = auto()
    MANAGE_USERS = auto()
    HANDLE_ENQUIRIES = auto()
    EDIT_SITES = auto()
    MERGE = auto()
    EDIT_RESPONSIBILITIES = auto()
    EDIT_TOPICS = auto()


class Role(StrEnum):
    reader = auto()
    first_line = auto()
    advisor = auto()
    manager = auto()
    administrator = auto()

    @property
    def label(self) -> Any:
        return _ROLE_LABELS[self]

    @property
    def permissions(self) -> frozenset[Permission]:
        return _GRANTS[self]


_ROLE_LABELS = {
    Role.reader: _l("Reader"),
    Role.first_line: _l("First-line service"),
    Role.advisor: _l("Advisor"),
    Role.manager: _l("Manager"),
    Role.administrator: _l("Administrator"),
}

_READER = frozenset({Permission.USE_OWN_ACCOUNT, Permission.READ, Permission.EXPORT})
_FIRST_LINE = _READER | {
    Permission.LOG_INTERACTIONS,
    Permission.EDIT_ORGANISATIONS,
    Permission.HANDLE_ENQUIRIES,
}
_ADVISOR = _FIRST_LINE | {Permission.BIN, Permission.USE_API, Permission.EDIT_SITES, Permission.MERGE}
_MANAGER = _ADVISOR | {
    Permission.READ_CONFIDENTIAL,
    Permission.READ_AUDIT,
    Permission.EDIT_ALL_INTERACTIONS,
    Permission.EDIT_PLAN,
    Permission.EDIT_RESPONSIBILITIES,
}
_GRANTS = {
    Role.reader: _READER,
    Role.first_line: _FIRST_LINE,
    Role.advisor: _ADVISOR,
    Role.manager: _MANAGER,
    Role.administrator: _MANAGER | {Permission.MANAGE_USERS, Permission.EDIT_TOPICS},
}


class Language(StrEnum):
    """What the product is written in; a language's label is its own name, whoever reads it."""

    nb = auto()
    nn = auto()
    en = auto()

    @property
    def label(self) -> str:
        return {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}[self.value]


class Unit(Audited, Base):
    """A part of the municipality's administration that users belong to."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class User(Audited, Versioned, Timestamped, Base):
    """Somebody who signs in, or a service that uses the API in its own name (`is_service`).

    Users are deactivated, never deleted: history keeps who did what.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)
    __audit_parts__ = ("absences",)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True, active_history=True)
    name: Mapped[str] = mapped_column(String(120), active_history=True)
    sort_key: Mapped[str] = mapped_column(SortKey(200), index=True)
    role: Mapped[str] = mapped_column(String(20), active_history=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), active_history=True)
    phone: Mapped[str | None] = mapped_column(String(20), active_history=True)
    language: Mapped[str] = mapped_column(String(2), default=Language.nb, active_history=True)
    password_hash: Mapped[str | None]
    is_service: Mapped[bool] = mapped_column(default=False)
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    wants_digest: Mapped[bool] = mapped_column(default=False, server_default=false(), active_history=True)

    unit: Mapped[Unit | None] = relationship()
    absences: Mapped[list["Absence"]] = relationship(
        back_populates="user",
        foreign_keys="Absence.user_id",
        order_by="Absence.starts_on",
        cascade="all, delete-orphan",
    )

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def role_label(self) -> Any:
        return Role(self.role).label

    @property
    def language_label(self) -> str:
        return Language(self.language).label

    def get_id(self) -> str:
        """Asked for by Flask-Login; the session's key says who it is (see sessions.py)."""
        return str(self.id)

    def may(self, permission: Permission | str) -> bool:
        return self.is_active and permission in Role(self.role).permissions


class Absence(Audited, Base):
    """Days, both included, when somebody is away and who stands in."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)
    __audit_whole__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    user: Mapped[User] = relationship(back_populates="absences", foreign_keys=user_id)
    deputy: Mapped[User | None] = relationship(foreign_keys=deputy_id)

    def audit_value(self) -> dict[str, Any]:
        return {
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "deputy": self.deputy.name if self.deputy else None,
        }


class UserSession(Base):
    """A sign-in on one device. Ending it here ends it there, whatever cookie is kept."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class LinkPurpose(StrEnum):
    first_administrator = auto()
    invitation = auto()
    reset = auto()

    @property
    def lifetime(self) -> timedelta:
        return timedelta(hours=2) if self is LinkPurpose.reset else timedelta(days=7)


class OneTimeLink(Base):
    """A link that lets its holder choose a password, once. Only its hash is kept."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship()


class SignInFailure(Base):
    """A wrong password; counted by account and by address to slow guessing down, then forgotten.

    Account and address are kept as keyed hashes: they are personal data, and need only be recognised.
    """

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "account_hash", "at"), Index(None, "address_hash", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))


class Scope(StrEnum):
    read = auto()
    write = auto()

    @property
    def label(self) -> Any:
        return {Scope.read: _l("Read only"), Scope.write: _l("Read and write")}[self]


class ApiToken(Audited, Timestamped, Base):
    """Lets another system use the API as its user, within its scope, until it expires. Only its hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    scope: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def scope_label(self) -> Any:
        return Scope(self.scope).label

    @property
    def last_day(self) -> date:
        """The last local day on which it works."""
        return local(self.expires_at - timedelta(seconds=1)).date()

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= now()


class IdempotentAnswer(Base):
    """What a POST with an Idempotency-Key answered, written with the record itself, so that a repeated
    request gets the same answer and creates nothing again.
    """

    __tablename__ = "idempotent_answers"
    __table_args__ = (Index(None, "token_id", "key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"))
    key: Mapped[str] = mapped_column(String(200))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str]
    etag: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


@event.listens_for(User, "before_insert")
@event.listens_for(User, "before_update")
def _keep_sortable(_mapper: Any, _connection: Any, user: User) -> None:
    user.sort_key = sort_key(user.name)
