"""Something promised: made, changed, done, reopened."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.accounts.models import Permission, User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.interactions.models import FollowUp, Interaction
from crm.interactions.rules import FOLLOW_UP_LENGTH, Problems
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
    """Keep a promise on a list: `due_on` is a local date. Raises Invalid (text, due_on, owner)."""
    problems = follow_up_problems(text, due_on)
    owner = find_owner(owner_id, actor, problems)
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


def complete_follow_up(follow_up: FollowUp, *, actor: User) -> None:
    """Done, now. Doing it twice changes nothing."""
    if follow_up.done_at is None:
        follow_up.done_at = now()
        record(follow_up, actor=actor, action="done")


def reopen_follow_up(follow_up: FollowUp, *, actor: User) -> None:
    if follow_up.done_at is not None:
        follow_up.done_at = None
        record(follow_up, actor=actor, action="reopened")
