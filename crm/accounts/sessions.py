"""Who is signed in. The cookie holds a random key; the row behind it says whose it is and until when.

The cookie is signed anew with each answer and too old after `idle_minutes`; the row ends after `session_hours`, however
busy its holder is.
"""

import hashlib
import secrets
from datetime import timedelta

from flask import current_app, g, request, session
from flask_babel import refresh
from flask_login import current_user, login_user, logout_user
from sqlalchemy import delete, update

from crm.accounts.models import User, UserSession
from crm.accounts.queries import user_of_session
from crm.database import now
from crm.extensions import db, login_manager

KEY = "key"
FORGOTTEN_AFTER = timedelta(days=30)

login_manager.session_protection = None  # the key is what counts; a telephone's address changes as it moves


def hashed(token: str) -> str:
    """What is kept of a token. Tokens are random and long, so a plain digest suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in_user() -> User:
    """The user at hand as a record, for operations; only where a guard has seen to it that there is one."""
    return current_user._get_current_object()  # type: ignore[no-any-return]  # noqa: SLF001  Flask-Login's way


def start_session(user: User) -> None:
    """Sign the user in on this device, with a new session in place of any old one."""
    end_session()
    key = secrets.token_urlsafe(32)
    db.session.execute(
        delete(UserSession).where(
            UserSession.user_id == user.id, UserSession.ends_at < now() - FORGOTTEN_AFTER
        )
    )
    db.session.add(
        UserSession(
            key_hash=hashed(key),
            user_id=user.id,
            ends_at=now() + timedelta(hours=current_app.config["CRM"].session_hours),
            device=request.user_agent.string[:200],
        )
    )
    session.permanent = True
    session[KEY] = key
    login_user(user)
    forget_reader()


def end_session() -> None:
    """Sign out on this device: the cookie is worthless from now on, even where a copy of it was kept."""
    key = session.get(KEY)
    if key:
        db.session.execute(
            update(UserSession)
            .where(UserSession.key_hash == hashed(key), UserSession.ended_at.is_(None))
            .values(ended_at=now())
        )
    logout_user()
    session.clear()
    forget_reader()


def end_all_sessions(user: User) -> None:
    """Sign the user out on every device."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .values(ended_at=now())
    )


def current_key_hash() -> str:
    """What tells this device's session among the user's."""
    return hashed(session.get(KEY, ""))


def forget_reader() -> None:
    """What this request has worked out about its reader no longer holds: the form token and the language."""
    g.pop("csrf_token", None)
    refresh()


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(_user_id: str) -> User | None:
    """The user of this device's session, while it lasts and they are active. One statement."""
    return user_of_session(current_key_hash(), now()) if KEY in session else None
