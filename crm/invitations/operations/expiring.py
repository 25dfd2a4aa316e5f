"""Forgetting what was only needed to make interactions."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from crm.extensions import db
from crm.interactions.models import Interaction, InteractionStatus
from crm.invitations.models import Candidate, InboundMessage, Invitee, MessageState, Occurrence, RawMessage
from crm.invitations.operations.taking import refuse_message
from crm.invitations.reasons import Reason

UNDECIDED = (MessageState.received, MessageState.waiting)
FORGOTTEN_AFTER = timedelta(days=30)


def expire(at: datetime) -> int:
    """Remove what was sent 30 days ago and more, and refuse what nobody decided on; remove the strangers of meetings that
    lie behind. `at` is an instant. Returns how many messages were emptied.
    """
    expired = (
        select(InboundMessage)
        .join(RawMessage, RawMessage.message_id == InboundMessage.id)
        .where(RawMessage.expires_at <= at)
    )
    for message in db.session.scalars(expired.where(InboundMessage.state.in_(UNDECIDED))).all():
        refuse_message(message, actor=None, reason=Reason.expired)
    emptied = db.session.execute(delete(RawMessage).where(RawMessage.expires_at <= at)).rowcount  # type: ignore[attr-defined]
    ahead = exists().where(
        Occurrence.meeting_id == Invitee.meeting_id,
        Occurrence.interaction_id == Interaction.id,
        Interaction.status == InteractionStatus.planned,
    )
    gone = select(Invitee.id).where(Invitee.created_at <= at - FORGOTTEN_AFTER, ~ahead)
    db.session.execute(
        delete(Candidate).where(Candidate.invitee_id.in_(gone)),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(
        delete(Invitee).where(Invitee.id.in_(gone)), execution_options={"synchronize_session": False}
    )
    return int(emptied)
