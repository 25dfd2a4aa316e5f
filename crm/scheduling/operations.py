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
from crm.scheduling.models import CANCELLED, Guest
from crm.scheduling.queries import guest_with_address, guests_of
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
) -> list[Guest]:
    """Invite participants of a planned interaction; whoever was invited before and taken off is invited anew.

    Raises Invalid with `people` or `message` where that cannot be.
    """
    message = tidy_text(message or "") or None
    contacts = [one for one in interaction.contacts if one.id in set(contact_ids)]
    users = [one for one in interaction.advisors if one.id in set(user_ids)]
    before = {(one.contact_id, one.user_id): one for one in guests_of(interaction.id)}
    people: list[Contact | User] = [*contacts, *users]
    _check(interaction, people, message, already=len(before))
    made = []
    for person in people:
        key = (None, person.id) if isinstance(person, User) else (person.id, None)
        guest = before.get(key)
        if guest is None:
            guest = Guest(interaction=interaction, contact_id=key[0], user_id=key[1], answer=Answer.none)
        elif guest.told == CANCELLED or guest.withdrawn_at is not None:
            guest.told, guest.withdrawn_at, guest.answer = None, None, Answer.none
        else:
            continue
        guest.invited_by, guest.message = actor, message
        record(guest, actor=actor, action="invited")
        made.append(guest)
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


def withdraw(guest: Guest, *, actor: User) -> None:
    """Take the invitation back; they stay in the interaction."""
    if guest.withdrawn_at is None:
        guest.withdrawn_at = now()
        record(guest, actor=actor, action="withdrawn")
        interaction_changed.send(guest.interaction)


def set_answer(guest: Guest, *, actor: User | None, answer: Answer, at: datetime) -> None:
    """Keep what they said, and let the participants follow: a contact who is not coming is none, and counts as none.

    The actor is None where they answered themselves. A colleague stays: being an advisor is more than coming.
    """
    guest.answered_at = at
    if guest.answer == answer:
        return
    guest.answer = answer
    record(guest, actor=actor, action="answered")
    interaction = guest.interaction
    if guest.contact_id is None or interaction.status != InteractionStatus.planned:
        return
    coming = [one for one in interaction.contacts if one.id != guest.contact_id]
    if answer != Answer.declined and guest.contact is not None:
        coming.append(guest.contact)
    put_on(interaction, Participants(contacts=coming))
    record(interaction, actor=actor)


def take_reply(*, uid: str, email: str, answer: str, sequence: int, at: datetime) -> Guest | None:
    """Keep a REPLY (RFC 5546) that came by mail from `email`, given at `at`; the caller has seen to it that the sender is who
    they say. Returns who answered; None where nobody was invited so, or where the reply is older than what is known.
    """
    identity = interaction_of_uid(uid)
    if identity is None or answer not in set(Answer):
        return None
    guest = guest_with_address(identity, email)
    if guest is None or not is_news(
        answered_at=guest.answered_at, at=at, sequence=sequence, told_sequence=guest.told_sequence
    ):
        return None
    db.session.refresh(guest.interaction, with_for_update=True)
    set_answer(guest, actor=None, answer=Answer(answer), at=at)
    return guest


def interaction_of_uid(uid: str) -> int | None:
    """The id of the interaction that our own calendars call so, else None."""
    host = urlsplit(current_app.config["CRM"].public_url).hostname or "localhost"
    found = re.fullmatch(r"interaction-([1-9][0-9]{0,8})@" + re.escape(host), uid.strip())
    return int(found[1]) if found else None
