"""Conditions that each database has words of its own for: rows by many ids, and by the beginnings of words."""

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ARRAY, BindParameter, Boolean, ColumnElement, Integer, String, bindparam, false
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles, visitors
from sqlalchemy.types import TypeDecorator

from crm.database.base import Base
from crm.database.norwegian import folded

GIVEN: Final[Any] = type("Given", (), {"__repr__": lambda _self: "GIVEN"})()
"""In a statement that is made once: the place of a value that comes along each time it is asked."""


class _Ids(TypeDecorator[Any]):
    """Many whole numbers as one parameter."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _Texts(_Ids):
    """Many texts as one parameter."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(String) if dialect.name == "postgresql" else String())


class _Among(ColumnElement[bool]):
    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  SQLAlchemy's own protocol
        ("column", visitors.InternalTraversal.dp_clauseelement),
        ("ids", visitors.InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, name: str, type_: type[TypeDecorator[Any]]) -> None:
        self.type = Boolean()
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        self.ids: BindParameter[Any] = bindparam(name, type_=type_, required=True)

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's own signature
        return self


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: _Among, compiler: Any, **kw: Any) -> str:
    ids = compiler.process(element.ids, **kw)
    return f"{compiler.process(element.column, **kw)} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  a bound parameter


@compiles(_Among, "postgresql")
def _among_on_postgresql(element: _Among, compiler: Any, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY({compiler.process(element.ids, **kw)})"


def among(column: Any, name: str = "ids") -> ColumnElement[bool]:
    """True where the column is one of the whole numbers that come along as the parameter `name`: a statement that is
    the same for one and for a hundred, as `IN (?, ?, …)` is not.
    """
    return _Among(column, name, _Ids)


def among_texts(column: Any, name: str) -> ColumnElement[bool]:
    """As `among`, of texts."""
    return _Among(column, name, _Texts)


class _WordsMatch(ColumnElement[bool]):
    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  SQLAlchemy's own protocol
        ("identifier", visitors.InternalTraversal.dp_clauseelement),
        ("text", visitors.InternalTraversal.dp_clauseelement),
        ("fts5", visitors.InternalTraversal.dp_clauseelement),
        ("tsquery", visitors.InternalTraversal.dp_clauseelement),
        ("frequent", visitors.InternalTraversal.dp_boolean),
    ]

    def __init__(self, table: Any, query: Any, *, frequent: bool, name: str) -> None:
        self.frequent = frequent
        self.type = Boolean()
        self.identifier = table.c.id
        self.text = table.c.search_text
        given = query is GIVEN
        values = dict.fromkeys(("fts5", "tsquery")) if given else word_parameters(query, "")
        self.fts5, self.tsquery = (
            bindparam(f"{name}{key}", type_=String, required=True)
            if given
            else bindparam(None, value, String, unique=True)
            for key, value in values.items()
        )

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's own signature
        """As it stands: compared with 1, as SQLAlchemy would have it on SQLite, it could use no index."""
        return self


@compiles(_WordsMatch, "sqlite")
def _on_sqlite(element: _WordsMatch, compiler: Any, **kw: Any) -> str:
    index = f"{element.identifier.table.name}_words"
    walked = "+" if element.frequent else ""  # SQLite's sign for a column whose index is not to be used
    return (
        f"{walked}{compiler.process(element.identifier, **kw)} IN (SELECT rowid FROM {index} "  # noqa: S608
        f"WHERE {index} MATCH {compiler.process(element.fts5, **kw)})"
    )


@compiles(_WordsMatch, "postgresql")
def _on_postgresql(element: _WordsMatch, compiler: Any, **kw: Any) -> str:
    return (
        f"to_tsvector('simple', {compiler.process(element.text, **kw)}) "
        f"@@ to_tsquery('simple', {compiler.process(element.tsquery, **kw)})"
    )


def word_parameters(query: str, name: str = "q_") -> dict[str, str]:
    """What a statement with `words_match(model, GIVEN, name=name)` is asked with."""
    words = folded(query).split()
    return {
        f"{name}fts5": " ".join(f'"{word}"*' for word in words),
        f"{name}tsquery": " & ".join(f"{word}:*" for word in words),
    }


def words_match(
    model: type[Base], query: str, *, frequent: bool = False, name: str = "q_"
) -> ColumnElement[bool]:
    """True for rows whose `search_text` holds, for each word of the query, a word that begins with it.

    `frequent` says that it is true for many: the rows are then walked in the order that the statement asks for, and
    each looked up among the hits, rather than all hits fetched and sorted.

    Needs the text index that the migrations make: `<table>_words` on SQLite (FTS5, kept by triggers) and an
    expression index on PostgreSQL. A query without any letter or digit matches nothing. With GIVEN as the query, the
    statement is asked with `word_parameters`.
    """
    if query is not GIVEN and not folded(query):
        return false()
    return _WordsMatch(model.__table__, query, frequent=frequent, name=name)
