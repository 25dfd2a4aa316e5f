"""What a merge did, step by step, so that it can be undone. Kept as JSON; nobody reads it but who undoes the merge."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, insert, select, tuple_, update

from crm.database import Base, UtcDateTime, now
from crm.extensions import db

MOST_AT_ONCE = 500
Keys = Sequence[Sequence[Any]]
"""Values of the columns of a key, for each of several rows."""


class Lost(Exception):
    """What was moved is not there any longer."""


class Journal:
    """The steps in the order in which they were done."""

    def __init__(self, steps: Sequence[Mapping[str, Any]] = ()) -> None:
        self.steps = [dict(step) for step in steps]

    def moved(
        self, column: Column[Any], key: Sequence[Column[Any]], keys: Keys, was: int, becomes: int
    ) -> None:
        """The column was changed in the rows that `key` tells apart."""
        what = {"column": column.name, "key": [one.name for one in key], "keys": list(map(list, keys))}
        self._add("moved", column.table.name, **what, was=was, becomes=becomes)

    def removed(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        self._add("removed", table.name, rows=[_plain(row) for row in rows])

    def changed(self, table: Table, identity: int, values: Mapping[str, tuple[Any, Any]]) -> None:
        """Columns of one row, from what to what."""
        was, becomes = ({name: pair[end] for name, pair in values.items()} for end in (0, 1))
        if was != becomes:
            self._add("changed", table.name, id=identity, was=_plain(was), becomes=_plain(becomes))

    def added(self, table: Table, identity: int) -> None:
        self._add("added", table.name, id=identity)

    def _add(self, step: str, table: str, **what: Any) -> None:
        self.steps.append({"step": step, "table": table, **what})

    def undo(self) -> None:
        """Take back all steps, the last one first; what somebody has changed since stays as it is. Raises Lost where a
        row that was moved, changed or added is no longer there.
        """
        undoings = {"moved": _move_back, "removed": _put_back, "changed": _change_back, "added": _take_away}
        for step in reversed(self.steps):
            undoings[step["step"]](Base.metadata.tables[step["table"]], step)


def in_keys(key: Sequence[Column[Any]], keys: Keys) -> ColumnElement[bool]:
    """True of the rows with one of the keys."""
    if len(key) == 1:
        return key[0].in_([one for (one,) in keys])
    return tuple_(*key).in_(list(map(tuple, keys)))


def _move_back(table: Table, step: Mapping[str, Any]) -> None:
    column, key = table.c[step["column"]], [table.c[name] for name in step["key"]]
    of_survivor = column == step["becomes"]
    values: dict[str, Any] = {column.name: step["was"]}
    if "version" in table.c:
        values |= {"version": table.c.version + 1, "updated_at": now()}
    for start in range(0, len(step["keys"]), MOST_AT_ONCE):
        keys = step["keys"][start : start + MOST_AT_ONCE]
        # A link is its two ends; of other rows the column may have been given another value since.
        there = select(*key).where(in_keys(key, keys), *([of_survivor] if column.primary_key else []))
        if len(db.session.execute(there).all()) < len(keys):
            raise Lost(table.name)
        db.session.execute(update(table).where(in_keys(key, keys), of_survivor).values(values))


def _put_back(table: Table, step: Mapping[str, Any]) -> None:
    db.session.execute(insert(table), [_typed(table, row) for row in step["rows"]])


def _change_back(table: Table, step: Mapping[str, Any]) -> None:
    was, becomes = (_typed(table, step[end]) for end in ("was", "becomes"))
    current = db.session.execute(select(table).where(table.c.id == step["id"])).mappings().one_or_none()
    if current is None:
        raise Lost(table.name)
    back = {name: value for name, value in was.items() if current[name] == becomes[name]}
    if back:
        db.session.execute(update(table).where(table.c.id == step["id"]).values(back))


def _take_away(table: Table, step: Mapping[str, Any]) -> None:
    db.session.execute(delete(table).where(table.c.id == step["id"]))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in row.items()
    }


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name], value) for name, value in row.items()}


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.type.python_type is date else value
