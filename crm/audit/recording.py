"""Every write leaves an audit event: `record` makes it, and a commit without one is refused."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask import g, has_request_context
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from crm.audit.models import AuditEvent
from crm.database import Timestamped, now
from crm.extensions import db

UNRECORDED = "unrecorded"
UNINTERESTING = {
    "id",
    "version",
    "created_at",
    "updated_at",
    "sort_key",
    "search_text",
    "further_words",
    "password_hash",
    "salt",
    "token_hash",
    "submission_key",
}


class Audited:
    """Marks a mapped class whose every change must be recorded.

    `__audit_parts__` names its collections that belong to the record's own history (participants, tags).
    A class that is itself such a part names its whole in `__audit_whole__`, and is recorded with it.
    """

    __audit_parts__: tuple[str, ...] = ()
    __audit_whole__: str | None = None
    __audit_leaves_out__: frozenset[str] = frozenset()
    """Columns of the class that nobody needs the history of, besides those that are so everywhere."""


class UnrecordedChange(RuntimeError):
    """A change of an audited record was about to be committed without an audit event."""


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return value.audit_value() if hasattr(value, "audit_value") else getattr(value, "id", str(value))


def audited_columns(kind: type[Any]) -> list[str]:
    """The columns whose changes are recorded; beside them the collections named in `__audit_parts__` are."""
    left_out = UNINTERESTING | kind.__audit_leaves_out__
    return [column.key for column in inspect(kind).column_attrs if column.key not in left_out]


def diff(subject: Any) -> dict[str, list[Any]]:
    """What has changed since it was loaded: {field: [before, after]}; collections as lists of what went and came."""
    state = inspect(subject)
    changes: dict[str, list[Any]] = {}
    for name in audited_columns(type(subject)):
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        before = _plain(history.deleted[0]) if history.deleted else None
        after = _plain(history.added[0]) if history.added else None
        if before != after:
            changes[name] = [before, after]
    for name in getattr(subject, "__audit_parts__", ()):
        history = state.attrs[name].history
        before_list = sorted((_plain(v) for v in history.deleted), key=str)
        after_list = sorted((_plain(v) for v in history.added), key=str)
        if before_list != after_list:
            changes[name] = [before_list, after_list]
    return changes


def record(
    subject: Any, *, actor: Any, action: str | None = None, changes: dict[str, list[Any]] | None = None
) -> AuditEvent | None:
    """Flush the subject and append its event; returns None where nothing had changed.

    The action is "created" for a new record and "changed" otherwise, unless one is given.
    """
    state = inspect(subject)
    made = state.transient or state.pending
    db.session.add(subject)
    db.session.flush()
    found = db.session.info.get(UNRECORDED, {}).pop(_key(subject), (False, {}))
    made = made or found[0]
    all_changes = found[1] | (changes or {})
    if not (made or all_changes or action):
        return None
    entry = AuditEvent(
        actor_id=actor.id if actor is not None else None,
        action=action or ("created" if made else "changed"),
        subject_type=type(subject).__name__,
        subject_id=subject.id,
        changes=all_changes,
        request_id=g.get("request_id") if has_request_context() else None,
    )
    db.session.add(entry)
    return entry


def record_removal(subject: Any, *, actor: Any) -> AuditEvent:
    """Delete the subject and append an event with what it was: afterwards only the audit log knows of it."""
    identity, kind = subject.id, type(subject)
    before = {name: _plain(getattr(subject, name)) for name in audited_columns(kind)}
    db.session.delete(subject)
    db.session.flush()
    db.session.info.get(UNRECORDED, {}).pop(_key(subject), None)
    entry = AuditEvent(
        actor_id=actor.id if actor is not None else None,
        action="removed",
        subject_type=kind.__name__,
        subject_id=identity,
        changes={name: [value, None] for name, value in before.items() if value is not None},
        request_id=g.get("request_id") if has_request_context() else None,
    )
    db.session.add(entry)
    return entry


def _key(subject: Any) -> tuple[str, int]:
    return type(subject).__name__, id(subject)


def _changed(session: Session) -> Iterator[tuple[Any, Any]]:
    """What is being flushed, with the record whose history it belongs to."""
    for subject in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(subject, Audited):
            whole = getattr(subject, subject.__audit_whole__) if subject.__audit_whole__ else subject
            if whole is not None:
                yield subject, whole


@event.listens_for(Session, "before_flush")
def _move_versions_on(session: Session, _context: Any, _instances: Any) -> None:
    """A change in a record's parts is a change of the record."""
    for subject, whole in _changed(session):
        if (
            isinstance(whole, Timestamped)
            and whole not in session.new
            and (_is_changed(session, subject) if subject is not whole else diff(whole))
        ):
            whole.updated_at = now()


def _is_changed(session: Session, part: Any) -> bool:
    """Setting an attribute to what it is already is no change."""
    return part in session.new or part in session.deleted or session.is_modified(part)


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: Any) -> None:
    """Old values are known only until the flush is over, whoever caused it: they are kept for `record`."""
    pending = session.info.setdefault(UNRECORDED, {})
    for subject, whole in _changed(session):
        found = diff(whole)
        if found or whole in session.new or subject in session.deleted:
            made, before = pending.get(_key(whole), (False, {}))
            for field, (old, new) in found.items():
                known = field in before and not isinstance(old, list)
                before[field] = [before[field][0] if known else old, new]
            pending[_key(whole)] = (made or whole in session.new, before)


@event.listens_for(Session, "before_commit")
def _refuse_unrecorded(session: Session) -> None:
    session.flush()
    pending = session.info.pop(UNRECORDED, None)
    if pending:
        names = sorted({name for name, _ in pending})
        raise UnrecordedChange(f"changed without an audit event: {', '.join(names)}")


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(UNRECORDED, None)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: Any) -> None:
    """Bulk statements leave no old values to record."""
    if not (state.is_update or state.is_delete) or state.bind_mapper is None:
        return
    if issubclass(state.bind_mapper.class_, Audited) and not state.execution_options.get("unaudited"):
        raise UnrecordedChange(f"bulk statement on {state.bind_mapper.class_.__name__}")
