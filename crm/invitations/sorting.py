"""What came by e-mail and is kept, sorted: taken in where a user is proved to have sent it, else for an administrator."""

from datetime import datetime

from dkim.dnsplug import get_txt
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Permission, User
from crm.accounts.queries import user_by_email
from crm.extensions import db
from crm.invitations import operations
from crm.invitations.answers import answer
from crm.invitations.authentication import Lookup, proof_of
from crm.invitations.models import InboundMessage, MessageState, RawMessage, Via
from crm.invitations.reading import Method, Opened, opened, read
from crm.invitations.reasons import Reason, Unreadable

MOST_AT_ONCE = 200


def sort_received(at: datetime, *, lookup: Lookup = get_txt) -> int:
    """Each in a transaction of its own, with one answer to whoever sent it. Returns how many."""
    waiting = (
        select(InboundMessage.id)
        .where(InboundMessage.state == MessageState.received, InboundMessage.via == Via.mailbox)
        .order_by(InboundMessage.id)
        .limit(MOST_AT_ONCE)
    )
    identities = db.session.scalars(waiting).all()
    for identity in identities:
        _sort(identity, at, lookup)
        db.session.commit()
    return len(identities)


def _sort(identity: int, at: datetime, lookup: Lookup) -> None:
    message = db.session.scalar(
        select(InboundMessage)
        .where(InboundMessage.id == identity, InboundMessage.state == MessageState.received)
        .options(joinedload(InboundMessage.raw).undefer(RawMessage.content))
        .with_for_update(of=InboundMessage)
    )
    if message is None or message.raw is None:
        return
    try:
        mail = opened(message.raw.content)
    except Unreadable as unreadable:
        operations.refuse_message(message, actor=None, reason=unreadable.reason)
        return
    if _is_idle(mail):
        operations.refuse_message(message, actor=None, reason=Reason.no_invitation)
        return
    is_reply = _is_reply(mail)
    user = _user(mail)
    if user is None and not is_reply:
        operations.let_wait(message, reason=Reason.unknown_sender, sender=None)
        return
    proof = proof_of(mail, trusted=current_app.config["CRM"].calendar_trusted_authserv, lookup=lookup)
    if proof is None:
        operations.let_wait(message, reason=Reason.not_authenticated, sender=None)
        return
    operations.take_in(message, proof=proof, sender=user)
    db.session.commit()
    if user is not None and not is_reply:
        answer(message, mail, to=user, at=at)


def _user(mail: Opened) -> User | None:
    """The user whose address it is from, if they log interactions."""
    sender = mail.sender
    user = user_by_email(sender.email) if sender is not None else None
    return (
        user if user is not None and not user.is_service and user.may(Permission.LOG_INTERACTIONS) else None
    )


def _is_reply(mail: Opened) -> bool:
    """Whether it answers an invitation of ours, as anybody may whom we have invited."""
    try:
        invited, _problems = read(mail.raw)
    except Unreadable:
        return False
    return operations.is_reply_to_us(invited)


def _is_idle(mail: Opened) -> bool:
    """Answers to others' invitations and what programs send without a calendar: nobody need look at them."""
    try:
        invited, problems = read(mail.raw)
    except Unreadable as unreadable:
        return unreadable.reason is Reason.no_invitation and mail.wants_no_answer
    idle = {Method.reply, Method.other}
    return (
        not problems and all(one.method in idle for one in invited) and not operations.is_reply_to_us(invited)
    )
