"""Who is signed in. The cookie holds a random key; the row behind it says whose it is and until when."""

import hashlib
import secrets
from datetime import timedelta

from flask import current_app, request, session
from flask_login import login_user, logout_user
from sqlalchemy import select, update

from crm.accounts.models import User, UserSession
from crm.database import now
from crm.extensions import db, login_manager

KEY = "key"


def hashed(token: str) -> str:
    """What is kept of a token. Tokens are random and long, so a plain digest suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(user: User) -> None:
    """Sign the user in on this device, with a new session in place of any old one."""
    language = session.get("language")
    session.clear()
    key = secrets.token_urlsafe(32)
    hours = current_app.config["CRM"].session_hours
    db.session.add(
        UserSession(
            key_hash=hashed(key),
            user_id=user.id,
            ends_at=now() + timedelta(hours=hours),
            device=request.user_agent.string[:200],
        )
    )
    session.permanent = True
    session[KEY] = key
    if language:
        session["language"] = language
    login_user(user)


def end_session() -> None:
    """Sign out on this device: the cookie is worthless from now on, even where a copy of it was kept."""
    key = session.get(KEY)
    if key:
        db.session.execute(update(UserSession).where(UserSession.key_hash == hashed(key)).values(ended_at=now()))
    logout_user()
    session.clear()


def end_all_sessions(user: User) -> None:
    db.session.execute(
        update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None)).values(ended_at=now())
    )


@login_manager.user_loader
def load_user(_user_id: str) -> User | None:
    """The user of this device's session, while it lasts and they are active. One statement."""
    found = db.session.scalar(
        select(UserSession).where(
            UserSession.key_hash == hashed(session.get(KEY, "")),
            UserSession.ended_at.is_(None),
            UserSession.ends_at > now(),
        )
    )
    return found.user if found is not None and found.user.is_active else None
