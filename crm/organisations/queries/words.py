"""What people type to find somebody: the beginnings of words, or a number with blanks wherever they like."""

import re

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select

from crm.database import sort_key, words_match
from crm.extensions import db
from crm.organisations.models import Contact, Organisation

FREQUENT = 1_000
"""Hits from which on walking the list's order is cheaper than sorting them."""


def digits_of(query: str) -> str | None:
    """The digits alone, where the query is a number as people write it; None where it is words."""
    if not re.fullmatch(r"[+0-9][0-9\s().-]*", query):
        return None
    return re.sub(r"\D", "", query).removeprefix("00") or None


def begins_with(model: type[Organisation] | type[Contact], query: str) -> ColumnElement[bool]:
    """True for rows whose place in the order begins so: the name, of a contact the family name. A range in the index."""
    key = sort_key(query)
    return and_(model.sort_key >= key, model.sort_key < f"{key}\x7f") if key else false()


def found_by(
    model: type[Organisation] | type[Contact], query: str, *, frequent: bool = False
) -> ColumnElement[bool]:
    """True for the rows that the query finds. A single letter begins too many words: it finds names alone."""
    digits = digits_of(query)
    if digits is None and len(query) == 1:
        return begins_with(model, query)
    by_words = words_match(model, query, frequent=frequent)
    if digits is None or digits == query:
        return by_words
    return or_(by_words, words_match(model, digits, frequent=frequent))


def counted(rows: Select[int], most: int | None = None) -> int:
    """How many rows the statement has; stops counting at one more than `most`."""
    if most is not None:
        rows = rows.limit(most + 1)
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def ones() -> Select[int]:
    return select(literal(1))
