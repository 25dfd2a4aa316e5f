"""Reads of the audit log."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.audit.descriptions import Description, described, names_of
from crm.audit.history import MOST, Entry, entries, events_of
from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.web.clock import instant
from crm.web.paging import Key, Page, paged

SHOWN_AT_ONCE = 50


@dataclass(frozen=True)
class AuditFilter:
    """What the log is narrowed to; days are local, both included."""

    kind: str | None = None
    actor_id: int | None = None
    from_day: date | None = None
    to_day: date | None = None
    subject_id: int | None = None

    @property
    def active_count(self) -> int:
        return sum(value is not None for value in (self.kind, self.actor_id, self.from_day, self.to_day))


@dataclass(frozen=True)
class LogLine:
    """An event, with the record that it is about."""

    entry: Entry
    kind_label: str
    subject_name: str
    subject_url: str | None


def history(subject: Any, most: int = MOST) -> list[Entry]:
    """What was done to the record, newest first, for `page.history`. Two statements at most."""
    events = events_of([(type(subject).__name__, subject.id)], most)
    return in_words(events, names_of(_referred(events)))


def log_page(wanted: AuditFilter, *, cursor: str | None) -> Page[AuditEvent]:
    """A page of the log, newest first. It is not counted: the log is the longest table of all."""
    statement = select(AuditEvent).options(joinedload(AuditEvent.actor)).where(*_clauses(wanted))
    return paged(
        statement,
        keys=[Key("id", AuditEvent.id, descending=True)],
        total=0,
        cursor=cursor,
        size=SHOWN_AT_ONCE,
    )


def log_lines(events: Sequence[AuditEvent]) -> list[LogLine]:
    """The events with what they are about. One statement for all names."""
    wanted = _referred(events)
    for event in events:
        if event.subject_id is not None:
            wanted[event.subject_type].add(event.subject_id)
    names = names_of(wanted)
    return [_line(event, entry, names) for event, entry in zip(events, in_words(events, names), strict=True)]


def actors() -> Sequence[tuple[int, str]]:
    """Id and name of everybody who can have done something, by name."""
    person: Any = AuditEvent.actor.property.mapper.class_
    return [
        (row.id, row.name)
        for row in db.session.execute(select(person.id, person.name).order_by(person.sort_key))
    ]


def in_words(events: Sequence[AuditEvent], names: dict[tuple[str, int], str]) -> list[Entry]:
    """The events as people read them; `names` are those of the records that they refer to."""
    return [entries([event], _fields(event, names))[0] for event in events]


def _clauses(wanted: AuditFilter) -> list[Any]:
    clauses: list[Any] = []
    if wanted.kind is not None:
        clauses.append(AuditEvent.subject_type == wanted.kind)
    if wanted.subject_id is not None:
        clauses.append(AuditEvent.subject_id == wanted.subject_id)
    if wanted.actor_id is not None:
        clauses.append(AuditEvent.actor_id == wanted.actor_id)
    if wanted.from_day is not None:
        clauses.append(AuditEvent.at >= instant(wanted.from_day, time.min))
    if wanted.to_day is not None:
        clauses.append(AuditEvent.at < instant(wanted.to_day + timedelta(days=1), time.min))
    return clauses


def _referred(events: Sequence[AuditEvent]) -> defaultdict[str, set[int]]:
    """Ids in the changes that stand for other records, by those records' class."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for event in events:
        one = described(event.subject_type)
        for name, kind in one.refers.items() if one else ():
            for value in event.changes.get(name, ()):
                wanted[kind].update(
                    v for v in (value if isinstance(value, list) else [value]) if isinstance(v, int)
                )
    return wanted


def _fields(event: AuditEvent, names: dict[tuple[str, int], str]) -> dict[str, tuple[Any, Any]]:
    """Label and way of reading of every field that the event changed."""
    one = described(event.subject_type)
    return {name: _reading(one, name, names) for name in event.changes}


def _reading(one: Description | None, name: str, names: dict[tuple[str, int], str]) -> tuple[Any, Any]:
    label, show = one.fields.get(name, (name, None)) if one else (name, None)
    kind = one.refers.get(name) if one else None
    if kind is not None:
        return label, lambda value: names.get((kind, value), f"#{value}")
    return label, show


def _line(event: AuditEvent, entry: Entry, names: dict[tuple[str, int], str]) -> LogLine:
    one = described(event.subject_type)
    known = names.get((event.subject_type, event.subject_id or 0))
    return LogLine(
        entry=entry,
        kind_label=str(one.label) if one else event.subject_type,
        subject_name=known or (f"#{event.subject_id}" if event.subject_id is not None else ""),
        subject_url=one.path(event.subject_id)
        if one and one.path and known and event.subject_id is not None
        else None,
    )
