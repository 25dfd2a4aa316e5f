"""Links that work once: for the first administrator, for invitations and for forgotten passwords."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from crm.accounts.models import LinkPurpose, OneTimeLink, User
from crm.accounts.queries import anybody
from crm.accounts.sessions import hashed
from crm.database import now
from crm.extensions import db

FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class MadeLink:
    """A link as it is handed to somebody: only here does its secret exist."""

    url: str
    expires_at: datetime


def make_link(purpose: LinkPurpose, user: User | None = None) -> MadeLink:
    """A new link; earlier ones of the same purpose for the same user stop working."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now() - FORGOTTEN_AFTER))
    owner = OneTimeLink.user_id.is_(None) if user is None else OneTimeLink.user_id == user.id
    db.session.execute(
        update(OneTimeLink)
        .where(owner, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(used_at=now())
    )
    token = secrets.token_urlsafe(32)
    expires_at = now() + purpose.lifetime
    db.session.add(OneTimeLink(token_hash=hashed(token), purpose=purpose, user=user, expires_at=expires_at))
    db.session.flush()
    return MadeLink(f"{current_app.config['CRM'].public_url}/links/{token}", expires_at)


def find_link(token: str) -> OneTimeLink | None:
    """The link, as long as it works: unused, in time, and its user still active. Looking at it does not use it."""
    link = db.session.scalar(
        select(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hashed(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
        .options(joinedload(OneTimeLink.user))
    )
    if link is None:
        return None
    if link.purpose == LinkPurpose.first_administrator:
        return None if anybody() else link
    return link if link.user is not None and link.user.is_active else None


def use_link(token: str) -> OneTimeLink | None:
    """The link, used from now on; None where it does not work, or was used by somebody else at the same moment."""
    link = find_link(token)
    if link is None:
        return None
    mine = db.session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now())
        .returning(OneTimeLink.id)
    )
    return link if mine is not None else None


def withdraw_links(user: User) -> None:
    """None of the user's open links works any more."""
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now())
    )


def first_administrator_link() -> str | None:
    """The address where the first administrator makes themselves; None once there is a user. For the caller to commit."""
    return None if anybody() else make_link(LinkPurpose.first_administrator).url
