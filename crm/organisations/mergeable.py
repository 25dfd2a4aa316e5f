"""What becomes of everything that refers to an organisation or a contact when it is merged into another one. Each feature
tells it of its own columns; while one is not told of, nothing is merged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Column, Table, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from crm.database import Base, now
from crm.extensions import db
from crm.organisations.journal import Journal, in_keys

Move = Callable[["Merging"], None]


class Merging(NamedTuple):
    """One column's part in a merge: what refers to `loser` is to refer to `survivor`."""

    column: Column[Any]
    loser: int
    survivor: int
    journal: Journal


@dataclass(frozen=True)
class Mergeable:
    """`label` is what its rows are called, where people are told of them. `touches` is the column of the records that
    they are part of, whose versions move on.
    """

    column: Column[Any]
    move: Move
    label: Any = None
    touches: Column[Any] | None = None


_registered: dict[Column[Any], Mergeable] = {}


def register_mergeable(column: Any, move: Move, *, label: Any = None, touches: Any = None) -> None:
    """From now on a merge does so with the column (of a table, or a mapped attribute)."""
    if isinstance(column, InstrumentedAttribute):
        column = column.property.columns[0]
    _registered[column] = Mergeable(column, move, label, touches)


def mergeables(table: Table) -> list[Mergeable]:
    """All that refers to the table, in the order of the registration. Raises LookupError while a column is not told of."""
    wanted = set(referring(table))
    if unknown := wanted - _registered.keys():
        raise LookupError(f"nothing says what a merge does with {', '.join(sorted(map(str, unknown)))}")
    return [one for column, one in _registered.items() if column in wanted]


def referring(table: Table) -> Iterator[Column[Any]]:
    """Every column with a foreign key to the table's id."""
    for other in Base.metadata.tables.values():
        for column in other.columns:
            if any(key.column is table.c.id for key in column.foreign_keys):
                yield column


def stays(_merging: Merging) -> None:
    """The column goes on referring to the record that was merged: it tells what was."""


def moves(merging: Merging) -> None:
    """Every row refers to the survivor instead."""
    column, key = merging.column, key_besides(merging.column)
    of_loser = column == merging.loser
    keys = [tuple(row) for row in db.session.execute(select(*key).where(of_loser).order_by(*key))]
    if keys:
        touch(_registered[column], keys)
        changed: dict[str, Any] = {column.name: merging.survivor}
        if "version" in column.table.c:
            changed |= {"version": column.table.c.version + 1, "updated_at": now()}
        db.session.execute(update(column.table).where(of_loser).values(changed))
        merging.journal.moved(column, key, keys, merging.loser, merging.survivor)


def joins(*alike: Any) -> Move:
    """As `moves`; a row that is the same in these columns as one of the survivor's is taken away instead."""

    def move(merging: Merging) -> None:
        column = merging.column
        theirs = column.table.alias()
        is_double = (
            select(theirs.c[column.name])
            .where(
                theirs.c[column.name] == merging.survivor,
                *(theirs.c[one.name].is_not_distinct_from(one) for one in alike),
            )
            .exists()
        )
        double = select(column.table).where(column == merging.loser, is_double)
        rows = [dict(row) for row in db.session.execute(double).mappings()]
        take_away(merging, rows)
        moves(merging)

    return move


def take_away(merging: Merging, rows: list[dict[str, Any]]) -> None:
    """Delete rows of the column's table, given whole."""
    key = key_besides(merging.column)
    keys = [tuple(row[one.name] for one in key) for row in rows]
    if keys:
        touch(_registered[merging.column], keys)
        gone = delete(merging.column.table).where(merging.column == merging.loser, in_keys(key, keys))
        db.session.execute(gone)
        merging.journal.removed(merging.column.table, rows)


def touch(mergeable: Mergeable, keys: Any) -> None:
    """The versions of the records that the rows with these keys are part of move on."""
    part_of = mergeable.touches
    if part_of is None:
        return
    owner = owner_of(part_of)
    ids = select(part_of).where(in_keys(key_besides(mergeable.column), keys))
    owners = owner.c.id.in_(db.session.scalars(ids.distinct()).all())
    db.session.execute(update(owner).where(owners).values(version=owner.c.version + 1, updated_at=now()))


def owner_of(part_of: Column[Any]) -> Table:
    table: Table = next(iter(part_of.foreign_keys)).column.table
    return table


def key_besides(column: Column[Any]) -> list[Column[Any]]:
    """The columns that tell apart the rows which refer to one record."""
    return [one for one in column.table.primary_key.columns if one is not column]
