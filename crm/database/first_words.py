"""The first rows that words find in a part of a table, without going through all that they find."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles

from crm.database.base import Base


class _FirstByWords(ColumnElement[bool]):
    inherit_cache = False

    def __init__(self, table: Any, part: str, first: int, last: int, most: str, name: str) -> None:
        self.type = Boolean()
        self.table = table
        self.identifier = coercions.expect(roles.ExpressionElementRole, table.c.id)
        self.part, self.first, self.last = part, first, last
        self.most = bindparam(most, type_=Integer, required=True)
        self.fts5, self.tsquery = (
            bindparam(f"{name}{key}", type_=String, required=True) for key in ("fts5", "tsquery")
        )

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's own signature
        return self


@compiles(_FirstByWords, "sqlite")
def _on_sqlite(element: _FirstByWords, compiler: Any, **kw: Any) -> str:
    index = f"{element.table.name}_words"
    return (
        f"{compiler.process(element.identifier, **kw)} IN (SELECT rowid FROM {index} "  # noqa: S608  own names
        f"WHERE {index} MATCH {compiler.process(element.fts5, **kw)} "
        f"AND rowid BETWEEN {element.first} AND {element.last} LIMIT {compiler.process(element.most, **kw)})"
    )


@compiles(_FirstByWords, "postgresql")
def _on_postgresql(element: _FirstByWords, compiler: Any, **kw: Any) -> str:
    return (
        f"{compiler.process(element.identifier, **kw)} IN (SELECT w.id FROM {element.table.name} w "  # noqa: S608  own names
        f"WHERE w.{element.part} AND to_tsvector('simple', w.search_text) "
        f"@@ to_tsquery('simple', {compiler.process(element.tsquery, **kw)}) "
        f"LIMIT {compiler.process(element.most, **kw)})"
    )


def first_by_words(
    model: type[Base], *, part: str, identifiers: tuple[int, int], most: str = "most", name: str = "q_"
) -> ColumnElement[bool]:
    """True for the first rows, as many as the parameter `most` says, of a part of the table that the words find.

    `part` is the part as PostgreSQL's text index of it is conditioned, `identifiers` as SQLite's are numbered. The
    words come along as `groups_of_words` gives them.
    """
    return _FirstByWords(model.__table__, part, *identifiers, most, name)


def groups_of_words(groups: Iterable[tuple[str, Sequence[str]]], name: str = "q_") -> dict[str, str]:
    """The parameters for rows with a word of each group: one that begins with the first, or is one of the others.
    All are folded.
    """
    fts5, tsquery = [], []
    for begun, others in groups:
        fts5.append("(" + " OR ".join([f'"{begun}"*', *(f'"{word}"' for word in others)]) + ")")
        tsquery.append("(" + " | ".join([f"{begun}:*", *others]) + ")")
    return {f"{name}fts5": " AND ".join(fts5), f"{name}tsquery": " & ".join(tsquery)}
