"""Something promised: made, changed, done, reopened."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.accounts.models import Permission, User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.interactions.models import FollowUp, Interaction
from crm.interactions.operations.values import NewFollowUp
from crm.interactions.rules import FOLLOW_UP_LENGTH, Problems
from crm.organisations.models import Organisation
from crm.web.clock import today
from crm.web.formatting import day, number
from crm.web.validation import Invalid, check_version


def follow_up_problems(text: str | None, due_on: date | None, *, was_due_on: date | None = None) -> Problems:
    """What is wrong with a follow-up. A date that has passed may stay, but not be newly set."""
    found: Problems = {}
    if not text:
        found["text"] = [_("Enter what was promised")]
    elif len(text) > FOLLOW_UP_LENGTH:
        found["text"] = [_("Shorten this to %(most)s characters", most=number(FOLLOW_UP_LENGTH))]
    if due_on is None:
        found["due_on"] = [_("Enter when it is due")]
    elif due_on < today() and due_on != was_due_on:
        found["due_on"] = [_("%(day)s has passed. Choose today or a later date", day=day(due_on))]
    return found


def find_owner(owner_id: int | None, actor: User, problems: Problems) -> User:
    """The user who is to do it: the actor where none is named. Adds to the problems if they cannot."""
    if owner_id is None or owner_id == actor.id:
        return actor
    owner = db.session.get(User, owner_id)
    if owner is None or not owner.may(Permission.LOG_INTERACTIONS):
        problems["owner"] = [_("Choose somebody who is active and may log interactions")]
        return actor
    return owner


def create_follow_up(
    *,
    actor: User,
    text: str | None,
    due_on: date | None,
    owner_id: int | None = None,
    interaction: Interaction | None = None,
    organisation_id: int | None = None,
) -> FollowUp:
    """Keep a promise on a list: `due_on` is a local date. Raises Invalid (text, due_on, owner, organisation)."""
    problems = follow_up_problems(text, due_on)
    owner = find_owner(owner_id, actor, problems)
    if organisation_id is not None and interaction is None:
        organisation = db.session.get(Organisation, organisation_id)
        if organisation is None or organisation.is_binned:
            problems["organisation"] = [
                _("The organisation that was chosen does not exist, or is in the bin. Choose another")
            ]
    if problems or text is None or due_on is None:
        raise Invalid(dict(problems))
    if interaction is not None and organisation_id is None and interaction.organisations:
        organisation_id = interaction.organisations[0].id
    follow_up = FollowUp(
        text=text,
        due_on=due_on,
        owner_id=owner.id,
        interaction_id=interaction.id if interaction is not None else None,
        organisation_id=organisation_id,
    )
    record(follow_up, actor=actor)
    return follow_up


def update_follow_up(
    follow_up: FollowUp, *, actor: User, version: int | None, text: Any, due_on: Any, owner_id: int | None
) -> FollowUp:
    """Change what was promised, when and by whom. Raises Invalid or Stale."""
    check_version(follow_up, version)
    problems = follow_up_problems(text, due_on, was_due_on=follow_up.due_on)
    owner = find_owner(owner_id, actor, problems) if owner_id != follow_up.owner_id else None
    if problems:
        raise Invalid(dict(problems))
    follow_up.text, follow_up.due_on = text, due_on
    if owner is not None:
        follow_up.owner_id = owner.id
    record(follow_up, actor=actor)
    return follow_up


def complete_follow_up(
    follow_up: FollowUp, *, actor: User, note: str | None = None, following: NewFollowUp | None = None
) -> FollowUp | None:
    """Done, now, with a word on how it went; `following` is the next to do for the same organisation, which is returned.
    Doing it twice changes nothing. Raises Invalid (done_note, next_text, next_due_on, next_owner).
    """
    if follow_up.done_at is not None:
        return None
    found: Problems = {}
    if note and len(note) > FOLLOW_UP_LENGTH:
        found["done_note"] = [_("Shorten this to %(most)s characters", most=number(FOLLOW_UP_LENGTH))]
    if following is not None:
        wrong = follow_up_problems(following.text, following.due_on)
        find_owner(following.owner_id, actor, wrong)
        found |= {f"next_{name}": messages for name, messages in wrong.items()}
    if found:
        raise Invalid(dict(found))
    follow_up.done_at, follow_up.done_note = now(), note or None
    record(follow_up, actor=actor, action="done")
    if following is None:
        return None
    return create_follow_up(
        actor=actor,
        text=following.text,
        due_on=following.due_on,
        owner_id=following.owner_id,
        interaction=follow_up.interaction,
        organisation_id=follow_up.organisation_id,
    )


def reopen_follow_up(follow_up: FollowUp, *, actor: User) -> None:
    if follow_up.done_at is not None:
        follow_up.done_at = follow_up.done_note = None
        record(follow_up, actor=actor, action="reopened")
