"""Reads of the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from crm.audit.history import Entry, in_words
from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.web.clock import instant
from crm.web.paging import Key, Page, paged

SHOWN_AT_ONCE = 50
MOST = 200


@dataclass(frozen=True)
class AuditFilter:
    """What the log is narrowed to; days are local, both included."""

    kind: str | None = None
    actor_id: int | None = None
    from_day: date | None = None
    to_day: date | None = None

    @property
    def active_count(self) -> int:
        return sum(value is not None for value in (self.kind, self.actor_id, self.from_day, self.to_day))


def history_of(subject: Any, viewer: Any, *, parts: Mapping[str, Sequence[int]] | None = None) -> list[Entry]:
    """What was done to the record, newest first, for `page.history`; and to records that are shown as parts of it,
    their ids by class name. Two statements.
    """
    own = (type(subject).__name__, subject.id)
    wanted = {own[0]: [own[1]], **(parts or {})}
    of_them = (
        and_(AuditEvent.subject_type == kind, AuditEvent.subject_id.in_(ids)) for kind, ids in wanted.items()
    )
    statement = select(AuditEvent).options(joinedload(AuditEvent.actor)).where(or_(*of_them))
    return in_words(
        db.session.scalars(statement.order_by(AuditEvent.id.desc()).limit(MOST)).all(), viewer, own=own
    )


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


def actors() -> Sequence[tuple[int, str]]:
    """Id and name of everybody who can have done something, by name."""
    person: Any = AuditEvent.actor.property.mapper.class_
    return [
        (row.id, row.name)
        for row in db.session.execute(select(person.id, person.name).order_by(person.sort_key))
    ]


def _clauses(wanted: AuditFilter) -> list[Any]:
    clauses: list[Any] = []
    if wanted.kind is not None:
        clauses.append(AuditEvent.subject_type == wanted.kind)
    if wanted.actor_id is not None:
        clauses.append(AuditEvent.actor_id == wanted.actor_id)
    if wanted.from_day is not None:
        clauses.append(AuditEvent.at >= instant(wanted.from_day, time.min))
    if wanted.to_day is not None:
        clauses.append(AuditEvent.at < instant(wanted.to_day + timedelta(days=1), time.min))
    return clauses
