"""Keeping what was sent, before anything is made of it."""

import hashlib
from datetime import timedelta

from sqlalchemy import select

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.invitations.models import InboundMessage, RawMessage, Via
from crm.invitations.reading import MOST_BYTES, opened
from crm.invitations.reasons import Unreadable
from crm.web.forms.fields import tidy

KEPT_FOR = timedelta(days=30)
MOST_NAME = 200


def receive(raw: bytes, *, via: Via, actor: User | None, filename: str | None = None) -> InboundMessage:
    """The message, kept; the one that is there already where the very same bytes came before. Of what is larger than
    10 MB only the beginning is kept, which is never read.
    """
    digest = hashlib.sha256(raw).hexdigest()
    known = db.session.scalar(select(InboundMessage).where(InboundMessage.digest == digest))
    if known is not None:
        return known
    message = InboundMessage(
        digest=digest, via=via, sender=actor, sender_id=actor.id if actor else None, results=[]
    )
    message.raw = RawMessage(
        content=raw[: MOST_BYTES + 1],
        expires_at=now() + KEPT_FOR,
        filename=tidy(filename or "")[:MOST_NAME] or None,
    )
    _describe(message, raw)
    record(message, actor=actor)
    return message


def _describe(message: InboundMessage, raw: bytes) -> None:
    """What lists show of it. What cannot be read is kept all the same, and refused later."""
    try:
        read = opened(raw)
    except Unreadable:
        return
    assert message.raw is not None
    message.raw.subject = tidy(read.header("Subject"))[:MOST_NAME] or None
    message.raw.from_address = read.sender.email if read.sender else None
    message.message_key = read.key
