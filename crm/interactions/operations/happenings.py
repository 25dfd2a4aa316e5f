"""What becomes of an interaction once it is there: held or cancelled, moved, joined, put in the bin and taken out."""

from datetime import date, time

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.interactions.changes import interaction_changed
from crm.interactions.joined import joined_kind
from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.operations.interactions import update_interaction
from crm.interactions.operations.locking import lock_interaction
from crm.interactions.operations.participants import Participants, put_on
from crm.interactions.policies import can_join
from crm.web.clock import instant
from crm.web.validation import Invalid


def change_status(
    interaction: Interaction,
    *,
    actor: User,
    version: int | None,
    status: str,
    cancelled_by: str | None = None,
) -> Interaction:
    """Held, cancelled (by "us" or "them") or planned again. Raises Invalid with what must be filled in first, or Stale."""
    return update_interaction(
        interaction, actor=actor, version=version, status=status, cancelled_by=cancelled_by
    )


def move_interaction(
    interaction: Interaction, *, actor: User, version: int | None, day: date | None, begins: time | None
) -> Interaction:
    """Plan it for another local day, at a time of day or for the whole day; it lasts as long. Raises Invalid or Stale."""
    starts_at = instant(day, begins) if day is not None and begins is not None else None
    ends_at = None
    if starts_at is not None and interaction.starts_at is not None and interaction.ends_at is not None:
        ends_at = starts_at + (interaction.ends_at - interaction.starts_at)
    return update_interaction(
        interaction,
        actor=actor,
        version=version,
        status=InteractionStatus.planned,
        starts_on=day,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def join_interaction(interaction: Interaction, *, actor: User) -> None:
    """The actor takes part as an advisor, with the unit they belong to now. Joining twice changes nothing. Raises Invalid
    where it cannot be joined any longer.
    """
    lock_interaction(interaction)
    if not can_join(actor, interaction):
        raise Invalid({"status": [_("It can no longer be joined")]})
    if actor.id not in {one.user_id for one in interaction.advisor_participations}:
        user = db.session.get_one(User, actor.id)
        put_on(interaction, Participants(advisors=[*interaction.advisors, user]))
        interaction.updated_at = now()
        record(interaction, actor=actor)


def bin_interaction(interaction: Interaction, *, actor: User, version: int | None = None) -> None:
    """Out of every list and count; restorable for 30 days."""
    lock_interaction(interaction, version)
    if not interaction.is_binned:
        interaction.deleted_at = now()
        record(interaction, actor=actor, action="binned")
        interaction_changed.send(interaction)


def restore_interaction(interaction: Interaction, *, actor: User) -> None:
    """Out of the bin. Raises Invalid where the feature that keeps its kind says what stands in the way."""
    if interaction.is_binned:
        joined = joined_kind(interaction.kind)
        if joined is not None and joined.restoring_problems is not None:
            found = joined.restoring_problems(interaction)
            if found:
                raise Invalid(dict(found))
        interaction.deleted_at = None
        record(interaction, actor=actor, action="restored")
        interaction_changed.send(interaction)
