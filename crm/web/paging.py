"""Keyset paging: the next page begins after the last row shown, so page 400 costs what page 1 does."""

import base64
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from flask import request, url_for
from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, or_
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.exceptions import BadRequest

from crm.extensions import db

Row = TypeVar("Row")
PAGE_SIZE = 50
LARGEST = 2**31 - 1
MOST_COUNTED = 10_000
"""A list may stop counting at one more than this: people read "more than 10 000" as well as the figure, and it costs
the same however many there are."""


@dataclass(frozen=True)
class Key:
    """One column of the order. The last one must be unique. `nulls_last` columns are wrapped by the query."""

    name: str
    column: ColumnElement[Any] | InstrumentedAttribute[Any]
    descending: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: Sequence[Row]
    total: int
    previous_cursor: str | None
    next_cursor: str | None
    most: int = MOST_COUNTED
    """A total above it says only that there are more."""

    @property
    def counted_to(self) -> int | None:
        """Where counting stopped; None where `total` is exact."""
        return self.most if self.total > self.most else None

    @property
    def next_url(self) -> str | None:
        return _address(self.next_cursor)

    @property
    def previous_url(self) -> str | None:
        return _address(self.previous_cursor)


def _address(cursor: str | None) -> str | None:
    if cursor is None or request.endpoint is None:
        return None
    query = request.args.to_dict(flat=False) | {"cursor": [cursor]}
    return url_for(request.endpoint, **(request.view_args or {}), **query)  # type: ignore[arg-type]


def encode(direction: str, values: list[Any]) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps([direction, *values], default=str).encode()).decode().rstrip("=")
    )


def decode(cursor: str, keys: Sequence[Key]) -> tuple[str, list[Any]]:
    """Direction ("n" or "p") and the key values. Raises BadRequest for a cursor that we did not make."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *values = json.loads(base64.urlsafe_b64decode(padded))
        typed = [_typed(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError) as error:
        raise BadRequest from error
    if direction not in {"n", "p"}:
        raise BadRequest
    return direction, typed


def _typed(key: Key, value: Any) -> Any:
    """The value as its column has it. Raises ValueError for what no row can have."""
    python_type = key.column.type.python_type
    typed = value
    if value is not None and not isinstance(value, python_type):
        if not hasattr(python_type, "fromisoformat"):
            raise ValueError(value)
        typed = python_type.fromisoformat(value)
    if isinstance(typed, str) and b"\x00" in typed.encode():
        raise ValueError(value)
    if isinstance(typed, int) and abs(typed) > LARGEST:
        raise ValueError(value)
    if isinstance(typed, datetime) and (typed.tzinfo is None or not 1900 <= typed.year < 9000):
        raise ValueError(value)
    return typed


def _beyond(keys: Sequence[Key], forwards: bool) -> ColumnElement[bool]:
    """Rows after (or before) the place in the order that the parameters `place_0` and on tell."""
    values = [bindparam(f"place_{n}", type_=key.column.type) for n, key in enumerate(keys)]
    clauses = []
    for index, key in enumerate(keys):
        equal = [k.column == v for k, v in zip(keys[:index], values[:index], strict=True)]
        later = key.column < values[index] if key.descending == forwards else key.column > values[index]
        clauses.append(and_(*equal, later))
    # The first column's own bound lets the index be entered at the right place.
    first, value = keys[0], values[0]
    bound = first.column <= value if first.descending == forwards else first.column >= value
    return and_(bound, or_(*clauses))


_made: WeakKeyDictionary[Select[Any], dict[Hashable, Select[Any]]] = WeakKeyDictionary()
"""The pages of statements: those of a statement that is kept are kept along with it."""


def _page_of(statement: Select[Any], keys: Sequence[Key], forwards: bool, bounded: bool) -> Select[Any]:
    """The statement's rows from a place in the order on (`bounded`) or from its beginning; as many as `rows` says."""
    made = _made.setdefault(statement, {})
    shape = (*((key.name, key.descending) for key in keys), forwards, bounded)
    if shape not in made:
        order = [k.column.desc() if k.descending == forwards else k.column.asc() for k in keys]
        page = statement.where(_beyond(keys, forwards)) if bounded else statement
        made[shape] = page.order_by(*order).limit(bindparam("rows", type_=Integer))
    return made[shape]


def paged(
    statement: Select[Any],
    *,
    keys: Sequence[Key],
    total: int,
    cursor: str | None,
    size: int = PAGE_SIZE,
    parameters: Mapping[str, Any] | None = None,
) -> Page[Any]:
    """One page of the statement's rows in the order of the keys. Raises BadRequest for a wrong cursor.

    Rows must carry the keys' values as attributes of their names.
    """
    forwards = True
    values: list[Any] = []
    if cursor:
        direction, values = decode(cursor, keys)
        forwards = direction == "n"
    given = (
        {f"place_{n}": value for n, value in enumerate(values)} | {"rows": size + 1} | dict(parameters or {})
    )
    result = db.session.execute(_page_of(statement, keys, forwards, bool(values)), given)
    rows = list(result.unique().scalars() if len(statement.column_descriptions) == 1 else result.all())
    more, rows = len(rows) > size, rows[:size]
    if not forwards:
        rows.reverse()

    def cursor_at(direction: str, row: Any) -> str:
        return encode(direction, [getattr(row, key.name) for key in keys])

    has_previous = bool(cursor) and (forwards or more)
    has_next = more if forwards else True
    return Page(
        rows=rows,
        total=total,
        previous_cursor=cursor_at("p", rows[0]) if rows and has_previous else None,
        next_cursor=cursor_at("n", rows[-1]) if rows and has_next else None,
    )
