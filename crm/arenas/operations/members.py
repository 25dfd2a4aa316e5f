"""Who belongs to an arena: added, ended, taken off where they never were in it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.arenas import rules
from crm.arenas.models import Arena, ArenaMember
from crm.arenas.operations.locking import lock_arena
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.web.clock import today
from crm.web.validation import Invalid


def add_member(
    arena: Arena,
    *,
    actor: User,
    organisation_id: int | None = None,
    contact_id: int | None = None,
    started_on: date | None = None,
    ended_on: date | None = None,
) -> ArenaMember:
    """An organisation, or a contact with the organisation they represent, if any. Days are local, both included.
    Raises Invalid (organisation_id, contact_id, ended_on).
    """
    lock_arena(arena)
    found: rules.Problems = rules.check_period(started_on, ended_on)
    organisation = _chosen(Organisation, organisation_id, "organisation_id", found)
    contact = _chosen(Contact, contact_id, "contact_id", found)
    if organisation_id is None and contact_id is None:
        found["organisation_id"] = [_("Choose an organisation, or a person")]
    if not found and ended_on is None and _is_there(arena, organisation_id, contact_id):
        field = "contact_id" if contact_id is not None else "organisation_id"
        found[field] = [_("This member is in the arena already")]
    if found:
        raise Invalid(found)
    member = ArenaMember(organisation=organisation, contact=contact, started_on=started_on, ended_on=ended_on)
    arena.members.append(member)
    arena.updated_at = now()
    record(arena, actor=actor)
    return member


def end_member(member: ArenaMember, *, actor: User, ended_on: date | None = None) -> ArenaMember:
    """Their last day, today unless told; the history stays. Raises Invalid (ended_on)."""
    arena, before = member.arena, member.audit_value()
    lock_arena(arena)
    ended_on = ended_on or today()
    if found := rules.check_period(member.started_on, ended_on):
        raise Invalid(found)
    member.ended_on = ended_on
    if (after := member.audit_value()) != before:
        arena.updated_at = now()
        record(arena, actor=actor, changes={"members": [[before], [after]]})
    return member


def remove_member(member: ArenaMember, *, actor: User) -> None:
    """Take off somebody who was registered by mistake: afterwards only the audit log knows of it."""
    arena = member.arena
    lock_arena(arena)
    arena.members.remove(member)
    arena.updated_at = now()
    record(arena, actor=actor)


def replace_members(arena: Arena, *, actor: User, members: Sequence[Mapping[str, Any]]) -> None:
    """All the arena's members, as far as they last: a current one that is not named ends today, the others are ended or
    added. Those that had ended stay, named or not. `members` have organisation, contact, started_on, ended_on. Raises Invalid.
    """
    named = {
        (one.get("organisation"), one.get("contact")): one for one in members if one.get("ended_on") is None
    }
    ended = [one for one in members if one.get("ended_on") is not None]
    for member in [one for one in arena.members if one.ended_on is None]:
        who = (member.organisation_id, member.contact_id)
        if named.pop(who, None) is None:
            last = [one["ended_on"] for one in ended if (one.get("organisation"), one.get("contact")) == who]
            end_member(member, actor=actor, ended_on=last[0] if last else None)
    for (organisation_id, contact_id), one in named.items():
        add_member(
            arena,
            actor=actor,
            organisation_id=organisation_id,
            contact_id=contact_id,
            started_on=one.get("started_on"),
        )


def _chosen(model: Any, identity: int | None, field: str, found: rules.Problems) -> Any:
    known = identity is not None and identity < 2**31
    chosen = db.session.get(model, identity) if known else None
    if identity is not None and (chosen is None or chosen.is_binned):
        found[field] = [_("What was chosen does not exist, or is in the bin. Choose another")]
    return chosen


def _is_there(arena: Arena, organisation_id: int | None, contact_id: int | None) -> bool:
    """Whether the same person, or the same organisation by itself, is a member that has not ended."""
    current = [member for member in arena.members if member.ended_on is None]
    if contact_id is not None:
        return any(member.contact_id == contact_id for member in current)
    return any(member.organisation_id == organisation_id and member.contact_id is None for member in current)
