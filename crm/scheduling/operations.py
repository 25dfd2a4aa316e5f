"""Inviting people to what is planned, taking it back, and what they answer. Mail is sent when this is committed."""

import re
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from crm.accounts.models import User
from crm.audit.recording import record
from crm.calendars.writing import Answer
from crm.database import now
from crm.extensions import db
from crm.interactions.changes import interaction_changed
from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.operations.participants import Participants, put_on
from crm.interactions.rules import is_over
from crm.organisations.models import Contact
from crm.scheduling.models import CANCELLED, Invitee
from crm.scheduling.queries import invitee_with_address, invitees_of
from crm.scheduling.rules import MESSAGE_LENGTH, MOST_INVITED, is_news
from crm.web.formatting import number
from crm.web.forms.fields import tidy_text
from crm.web.validation import Invalid


def invite(
    interaction: Interaction,
    *,
    actor: User,
    contact_ids: Collection[int],
    user_ids: Collection[int],
    message: str | None = None,
) -> list[Invitee]:
    """Invite participants of a planned interaction; whoever was invited before and taken off is invited anew.

    Raises Invalid with `people` or `message` where that cannot be.
    """
    message = tidy_text(message or "") or None
    contacts = [one for one in interaction.contacts if one.id in set(contact_ids)]
    users = [one for one in interaction.advisors if one.id in set(user_ids)]
    before = {(one.contact_id, one.user_id): one for one in invitees_of(interaction.id)}
    people: list[Contact | User] = [*contacts, *users]
    _check(interaction, people, message, already=len(before))
    made = []
    for person in people:
        key = (None, person.id) if isinstance(person, User) else (person.id, None)
        invitee = before.get(key)
        if invitee is None:
            invitee = Invitee(interaction=interaction, contact_id=key[0], user_id=key[1], answer=Answer.none)
        elif invitee.told == CANCELLED or invitee.withdrawn_at is not None:
            invitee.told, invitee.withdrawn_at, invitee.answer = None, None, Answer.none
        else:
            continue
        invitee.invited_by, invitee.message = actor, message
        record(invitee, actor=actor, action="invited")
        made.append(invitee)
    interaction_changed.send(interaction)
    return made


def _check(
    interaction: Interaction, people: Collection[User | Contact], message: str | None, *, already: int
) -> None:
    wrong: dict[str, list[str]] = {}
    over = is_over(interaction.starts_on, interaction.starts_at, interaction.ends_at, now())
    if interaction.status != InteractionStatus.planned or over:
        wrong["people"] = [_("Only to what is planned, and still to come, can people be invited")]
    elif not people:
        wrong["people"] = [_("Choose who is to be invited")]
    elif already + len(people) > MOST_INVITED:
        wrong["people"] = [_("No more than %(most)s can be invited", most=number(MOST_INVITED))]
    else:
        lacking = [one.name for one in people if not one.email]
        if lacking:
            wrong["people"] = [_("%(names)s has no e-mail address", names=", ".join(lacking))]
    if message and len(message) > MESSAGE_LENGTH:
        wrong["message"] = [_("Shorten the message to %(most)s characters", most=number(MESSAGE_LENGTH))]
    if wrong:
        raise Invalid(wrong)


def withdraw(invitee: Invitee, *, actor: User) -> None:
    """Take the invitation back; they stay in the interaction."""
    if invitee.withdrawn_at is None:
        invitee.withdrawn_at = now()
        record(invitee, actor=actor, action="withdrawn")
        interaction_changed.send(invitee.interaction)


def set_answer(invitee: Invitee, *, actor: User | None, answer: Answer, at: datetime) -> None:
    """Keep what they said, and let the participants follow: a contact who is not coming is none, and counts as none.

    The actor is None where they answered themselves. A colleague stays: being an advisor is more than coming.
    """
    invitee.answered_at = at
    if invitee.answer == answer:
        return
    invitee.answer = answer
    record(invitee, actor=actor, action="answered")
    interaction = invitee.interaction
    if invitee.contact_id is None or interaction.status != InteractionStatus.planned:
        return
    coming = [one for one in interaction.contacts if one.id != invitee.contact_id]
    if answer != Answer.declined and invitee.contact is not None:
        coming.append(invitee.contact)
    put_on(interaction, Participants(contacts=coming))
    record(interaction, actor=actor)


def take_reply(*, uid: str, email: str, answer: str, sequence: int, at: datetime) -> Invitee | None:
    """Keep a REPLY (RFC 5546) that came by mail from `email`, given at `at`; the caller has seen to it that the sender is who
    they say. Returns who answered; None where nobody was invited so, or where the reply is older than what is known.
    """
    identity = interaction_of_uid(uid)
    if identity is None or answer not in set(Answer):
        return None
    invitee = invitee_with_address(identity, email)
    if invitee is None or not is_news(
        answered_at=invitee.answered_at, at=at, sequence=sequence, told_sequence=invitee.told_sequence
    ):
        return None
    db.session.refresh(invitee.interaction, with_for_update=True)
    set_answer(invitee, actor=None, answer=Answer(answer), at=at)
    return invitee


def interaction_of_uid(uid: str) -> int | None:
    """The id of the interaction that our own calendars call so, else None."""
    host = urlsplit(current_app.config["CRM"].public_url).hostname or "localhost"
    found = re.fullmatch(r"interaction-([1-9][0-9]{0,8})@" + re.escape(host), uid.strip())
    return int(found[1]) if found else None
