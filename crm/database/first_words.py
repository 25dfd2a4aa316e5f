"""The first rows that words find in a part of a table, without going through all that they find."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles, visitors

from crm.database.base import Base


class _FirstByWords(ColumnElement[bool]):
    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  SQLAlchemy's own protocol
        ("identifier", visitors.InternalTraversal.dp_clauseelement),
        ("part", visitors.InternalTraversal.dp_plain_obj),
        ("most", visitors.InternalTraversal.dp_clauseelement),
        ("fts5", visitors.InternalTraversal.dp_clauseelement),
        ("tsquery", visitors.InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, table: Any, part: int | None, most: str, name: str) -> None:
        self.type = Boolean()
        self.identifier = coercions.expect(roles.ExpressionElementRole, table.c.id)
        self.part = part
        self.most = bindparam(most, type_=Integer, required=True)
        self.fts5, self.tsquery = (
            bindparam(f"{name}{key}", type_=String, required=True) for key in ("fts5", "tsquery")
        )

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's own signature
        return self


@compiles(_FirstByWords, "sqlite")
def _on_sqlite(element: _FirstByWords, compiler: Any, **kw: Any) -> str:
    index = f"{element.identifier.table.name}_words"
    order = " ORDER BY rowid DESC" if element.part is None else ""
    if element.part is not None:
        index += f"_{element.part}"
    return (
        f"{compiler.process(element.identifier, **kw)} IN (SELECT rowid FROM {index} "  # noqa: S608  own names
        f"WHERE {index} MATCH {compiler.process(element.fts5, **kw)}{order} "
        f"LIMIT {compiler.process(element.most, **kw)})"
    )


@compiles(_FirstByWords, "postgresql")
def _on_postgresql(element: _FirstByWords, compiler: Any, **kw: Any) -> str:
    table = element.identifier.table.name
    part = "" if element.part is None else f"{element.part}, "
    asked = ", ".join(compiler.process(asked, **kw) for asked in (element.tsquery, element.most))
    # In a subquery of its own, or the planner would ask it too, for its estimate.
    return f"{compiler.process(element.identifier, **kw)} = ANY (ARRAY(SELECT unnest({table}_first({part}{asked}))))"


def first_by_words(
    model: type[Base], *, part: int | None = None, most: str = "most", name: str = "q_"
) -> ColumnElement[bool]:
    """True for the first rows, as many as the parameter `most` says, that the words find in a part of the table.

    Each part has a text index of its own: on SQLite `<table>_words_<part>`; on PostgreSQL the function `<table>_first`
    knows it. Without a part it is the latest rows of the whole table. The words come along as `groups_of_words` gives them.
    """
    return _FirstByWords(model.__table__, part, most, name)


Groups = Sequence[tuple[Sequence[str], Sequence[str]]]
"""Of each group one word must be there: one that begins with one of the first, or one of the others. All are folded."""


def groups_of_words(groups: Groups, name: str = "q_") -> dict[str, str]:
    """The parameters for rows with a word of each group."""
    return ways_of_words([groups], name)


def ways_of_words(ways: Iterable[Groups], name: str = "q_") -> dict[str, str]:
    """The parameters for rows with a word of each group of one of the ways."""
    fts5, tsquery = [], []
    for groups in ways:
        fts5.append(
            " AND ".join(
                _either(" OR ", [*(f'"{word}"*' for word in begun), *(f'"{word}"' for word in others)])
                for begun, others in groups
            )
        )
        tsquery.append(
            " & ".join(
                _either(" | ", [*(f"{word}:*" for word in begun), *others]) for begun, others in groups
            )
        )
    return {
        f"{name}fts5": " OR ".join(f"({way})" for way in fts5),
        f"{name}tsquery": " | ".join(f"({way})" for way in tsquery),
    }


def _either(sign: str, words: Iterable[str]) -> str:
    return f"({sign.join(words)})"
