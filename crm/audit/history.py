"""Events of the audit log, as people read them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import union_all

from crm.audit.descriptions import action_label, described
from crm.audit.fields import Context, Field, Reference, plain
from crm.audit.models import AuditEvent
from crm.extensions import db

MOST_NAMES = 5000


@dataclass(frozen=True)
class About:
    """The record that something was done to; its name is empty where it is of a class without records."""

    kind_label: str
    name: str
    url: str | None


@dataclass(frozen=True)
class Entry:
    """An event in words; each change as label, before, after. `about` is None where the reader knows it."""

    at: datetime
    actor_name: str
    action_label: str
    changes: list[tuple[str, str, str]]
    about: About | None


@dataclass(frozen=True)
class Known:
    """A record as the viewer may know it: of what they may not read, neither name nor address."""

    name: str
    url: str | None
    readable: bool


def in_words(events: Sequence[AuditEvent], viewer: Any, *, own: Reference | None = None) -> list[Entry]:
    """The events as the viewer may read them; `own` is the record that they are shown with. One statement."""
    known = _known_by(viewer, {reference for event in events for reference in _named_by(event)})
    names = {reference: one.name for reference, one in known.items()}
    return [
        Entry(
            at=event.at,
            actor_name=event.actor.name if event.actor is not None else _("The system"),
            action_label=action_label(event.action),
            changes=list(_changes(event, names)) if _is_readable(event, known) else [],
            about=None if _subject(event) == own else _about(event, known),
        )
        for event in events
    ]


def _known_by(viewer: Any, references: Iterable[Reference]) -> dict[Reference, Known]:
    """What is known of the records. One statement, whatever the number of classes."""
    wanted = defaultdict(list)
    for kind, identity in sorted(references)[:MOST_NAMES]:
        wanted[kind].append(identity)
    selects = [one.rows(kind, ids, viewer) for kind, ids in wanted.items() if (one := described(kind))]
    found = {}
    for row in db.session.execute(union_all(*selects)) if selects else ():
        one = described(row.kind)
        found[row.kind, row.id] = (
            Known(row.name.strip(), one.url(row, viewer) if one else None, readable=True)
            if row.readable
            else Known(_("confidential"), None, readable=False)
        )
    return found


def _subject(event: AuditEvent) -> Reference | None:
    return (event.subject_type, event.subject_id) if event.subject_id is not None else None


def _named_by(event: AuditEvent) -> Iterator[Reference]:
    """The record that the event is about, and those that its changes refer to."""
    subject = _subject(event)
    if subject is not None:
        yield subject
    for field, values in _told(event):
        for value in values:
            yield from field.references(value)


def _told(event: AuditEvent) -> Iterator[tuple[Field, Sequence[Any]]]:
    """What the event changed and needs telling: the field, and its values before and after. What nobody has described,
    an earlier version's field say, is told under the name that the code gave it.
    """
    one = described(event.subject_type)
    fields: Mapping[str, Field | None] = one.fields if one else {}
    for name, values in event.changes.items():
        field = fields.get(name, plain(name))
        if field is not None:
            yield field, values


def _is_readable(event: AuditEvent, known: Mapping[Reference, Known]) -> bool:
    """Where a class keeps some of its records from some, a record that is not found is kept from all."""
    subject, one = _subject(event), described(event.subject_type)
    found = known.get(subject) if subject else None
    return found.readable if found else one is None or one.readable is None


def _changes(event: AuditEvent, names: Mapping[Reference, str]) -> Iterator[tuple[str, str, str]]:
    context = Context(event.subject_id, names)
    for field, (before, after) in _told(event):
        old, new = field.in_words(before, context), field.in_words(after, context)
        if old or new:
            yield str(field.label), old, new


def _about(event: AuditEvent, known: Mapping[Reference, Known]) -> About:
    subject, one = _subject(event), described(event.subject_type)
    found = known.get(subject) if subject else None
    return About(
        kind_label=str(one.label) if one else event.subject_type,
        name=found.name if found else f"#{event.subject_id}" if subject else "",
        url=found.url if found else None,
    )
