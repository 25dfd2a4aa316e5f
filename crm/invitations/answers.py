"""The one answer to whoever sent an invitation by e-mail: a link, or why not."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from crm.accounts.models import User
from crm.audit.recording import record
from crm.extensions import db
from crm.invitations.models import InboundMessage, MessageState
from crm.invitations.reading import Opened
from crm.invitations.reasons import Reason
from crm.mail import send

MOST_A_DAY = 30
"""So many answers does one user get in a day: no more, whatever goes round in circles."""
SILENT = {Reason.reply}


def answer(message: InboundMessage, mail: Opened, *, to: User, at: datetime) -> bool:
    """Write to the sender, once a message; call it when what it tells is committed, and commit afterwards. Returns whether
    an answer was sent: never to what a program or a list sent, nor to the same message through another mailbox.
    """
    if message.answered_at is not None or mail.wants_no_answer or message.reason in SILENT:
        return False
    if _answered_already(message) or _answers_since(to, at - timedelta(days=1)) >= MOST_A_DAY:
        return False
    message.answered_at = at
    record(message, actor=None, action="answered")
    db.session.commit()
    taken = message.state == MessageState.taken
    first = next((interaction for _did, interaction, _reason in message.results if interaction), None)
    return send(
        to.email,
        _l("The invitation is in Næringskontakt") if taken else _l("The invitation was not taken in"),
        "invitation_answer",
        language=to.language,
        name=to.name,
        about=message.raw.subject if message.raw else None,
        link=f"{current_app.config['CRM'].public_url}/interactions/{first}" if first else None,
        more=len({interaction for _did, interaction, _reason in message.results if interaction}) - 1,
        reason=Reason(message.reason).label if message.reason else None,
    )


def _answered_already(message: InboundMessage) -> bool:
    if message.message_key is None:
        return False
    same = select(InboundMessage.id).where(
        InboundMessage.message_key == message.message_key, InboundMessage.answered_at.is_not(None)
    )
    return db.session.scalar(same.limit(1)) is not None


def _answers_since(user: User, since: datetime) -> int:
    sent = select(func.count()).where(InboundMessage.sender_id == user.id, InboundMessage.answered_at > since)
    return int(db.session.scalar(sent) or 0)
