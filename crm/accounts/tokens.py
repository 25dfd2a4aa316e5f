"""Tokens let other systems in. The token itself is shown once; its digest is kept."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from crm.accounts import queries, rules
from crm.accounts.models import ApiToken, Language, Role, Scope, User
from crm.accounts.sessions import hashed
from crm.audit.recording import record
from crm.database import UtcDateTime, folded, now
from crm.extensions import db
from crm.web.clock import instant, today

PREFIX = "nk_"
"""Lets people and scanners of leaked secrets see what it is."""

ROLE_BY_SCOPE = {Scope.read: Role.reader, Scope.write: Role.advisor}


@dataclass(frozen=True)
class MadeToken:
    token: ApiToken
    raw: str


_WORKING = select(ApiToken).where(
    ApiToken.token_hash == bindparam("token_hash"),
    ApiToken.revoked_at.is_(None),
    ApiToken.expires_at > bindparam("at", type_=UtcDateTime),
)
"""Asked at every request to the API: made once, since making it costs more than asking it."""


def authenticate_token(raw: str) -> ApiToken | None:
    """The token, with its user, as long as it works: not revoked, in time, its user active. One statement."""
    token = db.session.scalar(_WORKING, {"token_hash": hashed(raw), "at": now()})
    return token if token is not None and token.user.is_active else None


def create_token(
    *, user: User, name: str | None, scope: str | None, last_day: date | None, actor: User | None
) -> MadeToken:
    """A token that acts as the user until the end of the last day, local time. Raises Invalid."""
    values = rules.checked(
        {
            "name": lambda: rules.token_name(name),
            "scope": lambda: rules.scope(scope),
            "last_day": lambda: rules.last_day(last_day, today()),
        }
    )
    raw = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        name=values["name"],
        scope=values["scope"],
        token_hash=hashed(raw),
        user_id=user.id,
        expires_at=_end_of(values["last_day"]),
    )
    record(token, actor=actor)
    return MadeToken(token, raw)


def revoke_token(*, token: ApiToken, actor: User | None) -> None:
    """It no longer lets anybody in; what it did stays in the history."""
    if token.revoked_at is None:
        token.revoked_at = now()
        record(token, actor=actor, action="revoked")


def revoke_all_tokens(*, user: User, actor: User | None) -> None:
    for token in queries.usable_tokens(user):
        revoke_token(token=token, actor=actor)


def create_service_user(*, name: str | None, scope: str | None, actor: User | None) -> User:
    """A user of its own for another system; nobody can sign in as it. Raises Invalid."""
    values: dict[str, Any] = rules.checked(
        {"name": lambda: rules.token_name(name), "scope": lambda: rules.scope(scope)}
    )
    account = folded(values["name"]).replace(" ", "-")[:40] or "service"
    user = User(
        name=values["name"],
        email=f"{account}-{secrets.token_hex(4)}@service.invalid",
        role=ROLE_BY_SCOPE[values["scope"]],
        language=Language.nb,
        is_service=True,
    )
    record(user, actor=actor)
    return user


def _end_of(day: date) -> datetime:
    return instant(day + timedelta(days=1), time.min)
