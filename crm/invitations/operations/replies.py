"""What those whom we have invited answer (REPLY)."""

from collections.abc import Sequence

from crm.database import now
from crm.invitations.operations.outcomes import Outcome
from crm.invitations.reading import Invited, Method
from crm.invitations.reasons import Reason, Unreadable
from crm.scheduling.operations import interaction_of_uid, take_reply


def is_reply_to_us(invited: Sequence[Invited]) -> bool:
    """Whether it is nothing but answers, one of them to an invitation of ours."""
    return all(one.method is Method.reply for one in invited) and any(
        interaction_of_uid(one.uid) is not None for one in invited
    )


def take_replies(invited: Sequence[Invited], *, sender: str | None) -> list[Outcome]:
    """Keep the answers. `sender` is the address that the message is from: nobody answers for somebody else; None where the
    operator answers for what the file says. Raises Unreadable where none of them says anything new.
    """
    answered = [
        take_reply(
            uid=one.uid,
            email=email,
            answer=answer,
            sequence=one.sequence,
            at=min(one.stamp or now(), now()),
        )
        for one in invited
        for email, answer in one.answers
        if sender is None or email == sender
    ]
    outcomes = [Outcome("answered", guest.interaction_id) for guest in answered if guest is not None]
    if not outcomes:
        raise Unreadable(Reason.reply)
    return outcomes
