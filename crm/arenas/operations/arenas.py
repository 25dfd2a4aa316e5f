from collections.abc import Sequence
from datetime import date, time
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import Unit, User
from crm.arenas import rules
from crm.arenas.models import Arena
from crm.arenas.operations.locking import lock_arena
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations.models import Organisation
from crm.plan.models import Measure
from crm.web.clock import today
from crm.web.validation import Invalid

OWN_FIELDS = (
    *("name", "purpose", "host_id", "host_unit_id", "rhythm", "starts_on", "begins_at", "minutes", "place"),
    "ended_on",
)


class ArenaValues(TypedDict, total=False):
    """An arena's own fields; what is left out stays as it is. Days and times of day are local (Europe/Oslo)."""

    name: str | None
    purpose: str | None
    host_id: int | None
    host_unit_id: int | None
    rhythm: str | None
    starts_on: date | None
    begins_at: time | None
    minutes: int | None
    place: str | None
    ended_on: date | None
    measure_ids: Sequence[int]


def create_arena(*, actor: User, **values: Unpack[ArenaValues]) -> Arena:
    """A new arena. Raises Invalid by field."""
    return _save(Arena(), actor, values)


def update_arena(arena: Arena, *, actor: User, version: int | None, **values: Unpack[ArenaValues]) -> Arena:
    """Change what is given, leave the rest. `version` is what the writer read; None takes any. Raises Invalid or Stale."""
    lock_arena(arena, version)
    return _save(arena, actor, values)


def bin_arena(arena: Arena, *, actor: User, version: int | None = None) -> None:
    """Out of every list; its sessions stay, since they have taken place. Raises Stale."""
    lock_arena(arena, version)
    if not arena.is_binned:
        arena.deleted_at = now()
        record(arena, actor=actor, action="binned")


def restore_arena(arena: Arena, *, actor: User) -> None:
    lock_arena(arena)
    if arena.is_binned:
        arena.deleted_at = None
        record(arena, actor=actor, action="restored")


def _save(arena: Arena, actor: User, values: ArenaValues) -> Arena:
    given: dict[str, Any] = {name: values.get(name, getattr(arena, name)) for name in OWN_FIELDS}
    found: rules.Problems = {}
    try:
        given = rules.checked_values(given, today())
    except ValueError as error:
        found |= error.args[0]
    found |= _missing(arena, given)
    measures = _measures(values.get("measure_ids"), found)
    if found:
        raise Invalid(found)
    for name, value in given.items():
        if getattr(arena, name) != value:
            setattr(arena, name, value)
    if measures is not None and set(measures) != set(arena.measures):
        arena.measures = measures
        arena.updated_at = now()
    record(arena, actor=actor)
    return arena


def _missing(arena: Arena, given: dict[str, Any]) -> rules.Problems:
    """Hosts that are not there, or in the bin and not chosen before."""
    found: rules.Problems = {}
    if given["host_id"] is not None and given["host_id"] != arena.host_id:
        host = db.session.get(Organisation, given["host_id"])
        if host is None or host.is_binned:
            found["host_id"] = [
                _("The organisation that was chosen does not exist, or is in the bin. Choose another")
            ]
    if given["host_unit_id"] is not None and db.session.get(Unit, given["host_unit_id"]) is None:
        found["host_unit_id"] = [_("Choose one from the list")]
    return found


def _measures(ids: Sequence[int] | None, found: rules.Problems) -> list[Measure] | None:
    if ids is None:
        return None
    measures = list(db.session.scalars(select(Measure).where(Measure.id.in_(ids)).order_by(Measure.position)))
    if len(measures) < len(set(ids)):
        found["measures"] = [_("Choose measures from the list")]
    return measures
