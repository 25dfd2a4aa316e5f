"""From a message that is kept to interactions, or to the reason why not."""

from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import User
from crm.audit.recording import record
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.invitations.matching import Directory
from crm.invitations.models import InboundMessage, MessageState, Proof, RawMessage, Via
from crm.invitations.operations.meetings import take_meeting
from crm.invitations.operations.outcomes import Outcome
from crm.invitations.operations.replies import take_replies
from crm.invitations.reading import Invited, Method, read
from crm.invitations.reasons import Reason, Unreadable
from crm.scheduling.operations import interaction_of_uid

MOST_RESULTS = 100
TRIES = 2
NO_MEETINGS = {Method.reply, Method.other}
log = structlog.get_logger("crm")


def take_in(message: InboundMessage, *, proof: Proof, sender: User | None, actor: User | None = None) -> None:
    """Make interactions of the meetings in it, and keep the answers to our own invitations. `sender` is the user whom it comes from, None where the operator or an
    administrator answers for it; `actor` is who decided, where that is somebody else.

    Never raises: a message that nothing can be made of is refused with the reason, and what went wrong in an unforeseen way
    waits for an administrator. Whichever it is, nothing half-written stays.
    """
    results: list[Outcome] = []
    reason: Reason | None = None
    for number in range(1, TRIES + 1):
        results, reason = [], None
        try:
            with db.session.begin_nested():
                results = _taken(message, sender)
        except Unreadable as unreadable:
            reason = unreadable.reason
        except IntegrityError:  # the same meeting came through another door at the same moment
            reason = Reason.failed
            if number < TRIES:
                continue
        except Exception:
            log.exception("invitation not taken", message=message.id)
            reason = Reason.failed
        break
    message.proof = proof
    message.sender = sender or message.sender
    _conclude(message, results, reason, actor or sender)


def _taken(message: InboundMessage, sender: User | None) -> list[Outcome]:
    content = db.session.scalar(select(RawMessage.content).where(RawMessage.message_id == message.id))
    if content is None:
        raise Unreadable(Reason.expired)
    invited, problems = read(content)
    outcomes = [Outcome("not_taken", None, reason) for reason in problems]
    if invited and all(one.method in NO_MEETINGS for one in invited):
        if message.via == Via.upload:  # whoever uploads it can set the answer on the page
            raise Unreadable(Reason.reply)
        return outcomes + take_replies(invited, sender=message.raw.from_address if message.raw else None)
    directory = Directory(invited)
    for one in invited:
        ours = _of_ours(one)
        outcomes += [ours] if ours else take_meeting(one, directory, sender=sender)
    db.session.flush()
    return outcomes


def _of_ours(invited: Invited) -> Outcome | None:
    """What a calendar has from us and gives back is there already."""
    identity = interaction_of_uid(invited.uid)
    if identity is None or db.session.get(Interaction, identity) is None:
        return None
    return Outcome("same", identity, Reason.ours)


def _conclude(
    message: InboundMessage, outcomes: list[Outcome], reason: Reason | None, actor: User | None
) -> None:
    done = [one for one in outcomes if one.interaction is not None]
    if reason is None and not done:
        reason = next((one.reason for one in outcomes if one.reason), Reason.no_invitation)
    if reason is Reason.failed:
        message.state = MessageState.waiting
    else:
        message.state = MessageState.refused if reason else MessageState.taken
    message.reason = reason
    message.results = [
        _plain(one) for one in [*done, *(one for one in outcomes if one not in done)][:MOST_RESULTS]
    ]
    record(
        message, actor=actor, action="waits" if reason is Reason.failed else "refused" if reason else "taken"
    )


def _plain(outcome: Outcome) -> list[Any]:
    return [outcome.did, outcome.interaction, outcome.reason.value if outcome.reason else None]


def let_wait(message: InboundMessage, *, reason: Reason, sender: User | None) -> None:
    """It is not sure who sent it: an administrator decides."""
    message.state, message.reason, message.sender = MessageState.waiting, reason, sender
    record(message, actor=None, action="waits")


def refuse_message(message: InboundMessage, *, actor: User | None, reason: Reason) -> None:
    message.state, message.reason = MessageState.refused, reason
    record(message, actor=actor, action="refused")
