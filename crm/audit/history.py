"""The audit log of a record, as people read it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from crm.audit.models import AuditEvent
from crm.extensions import db

Show = Callable[[Any], str]

ACTIONS = {
    "created": _l("Created"),
    "changed": _l("Changed"),
    "binned": _l("Moved to the bin"),
    "restored": _l("Restored"),
    "done": _l("Done"),
    "reopened": _l("Reopened"),
}
MOST = 200


@dataclass(frozen=True)
class Entry:
    at: datetime
    actor_name: str
    action_label: str
    changes: list[tuple[str, str, str]]


def events_of(subjects: Sequence[tuple[str, int]], most: int = MOST) -> Sequence[AuditEvent]:
    """The newest events of the records, each (class name, id), newest first, with who did it. One statement."""
    either = or_(
        *(
            and_(AuditEvent.subject_type == kind, AuditEvent.subject_id == identity)
            for kind, identity in subjects
        )
    )
    found = select(AuditEvent).where(either).options(joinedload(AuditEvent.actor))
    return db.session.scalars(found.order_by(AuditEvent.id.desc()).limit(most)).all()


def entries(events: Sequence[AuditEvent], fields: Mapping[str, tuple[Any, Show | None]]) -> list[Entry]:
    """The events in words. `fields` names each field worth showing: its label, and how its value reads; what is not
    named there is left out.
    """
    return [
        Entry(
            at=event.at,
            actor_name=event.actor.name if event.actor is not None else _("The system"),
            action_label=str(ACTIONS.get(event.action, event.action)),
            changes=[
                (str(fields[name][0]), _shown(before, fields[name][1]), _shown(after, fields[name][1]))
                for name, (before, after) in event.changes.items()
                if name in fields
            ],
        )
        for event in events
    ]


def _shown(value: Any, show: Show | None) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return ", ".join(_shown(one, show) for one in value)
    if show is not None:
        return show(value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return str(value)
