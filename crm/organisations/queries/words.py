"""What people type to find somebody: the beginnings of words, or a number with blanks wherever they like."""

import re
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_

from crm.database import GIVEN, SortKey, folded, sort_key, word_parameters, words_match
from crm.organisations.models import Contact, Organisation

NUMBER = "number_"
"""Before the parameters that look for the digits alone."""

Findable = type[Organisation] | type[Contact]


class Sought(StrEnum):
    """How a query is sought: what of it there is in a statement that is made once."""

    names = auto()
    """A single letter begins too many words: it finds names alone."""
    words = auto()
    words_or_number = auto()
    nothing = auto()


def digits_of(query: str) -> str | None:
    """The digits alone, where the query is a number as people write it; None where it is words."""
    if not re.fullmatch(r"[+(]*[0-9][0-9\s()./+-]*", query):
        return None
    return re.sub(r"\D", "", query).removeprefix("00") or None


def sought(query: str) -> Sought:
    digits = digits_of(query)
    if digits is None and len(query) == 1:
        return Sought.names
    if not folded(query):
        return Sought.nothing
    return Sought.words if digits is None or digits == query else Sought.words_or_number


def query_parameters(query: str) -> dict[str, Any]:
    """What statements with `found_by` or `begins_with` are asked with."""
    begins = sort_key(query)
    names = {"name_from": begins, "name_before": f"{begins}\x7f" if begins else ""}
    return names | word_parameters(query) | word_parameters(digits_of(query) or "", NUMBER)


def begins_with(model: Findable) -> ColumnElement[bool]:
    """True for rows whose place in the order begins so: the name, of a contact the family name. A range in the index."""
    place = model.__table__.c.sort_key
    return and_(
        place >= bindparam("name_from", type_=SortKey), place < bindparam("name_before", type_=SortKey)
    )


def found_by(model: Findable, how: Sought, *, frequent: bool = False) -> ColumnElement[bool]:
    """True for the rows that the query finds, asked with `query_parameters`."""
    if how is Sought.nothing:
        return false()
    if how is Sought.names:
        return begins_with(model)
    by_words = words_match(model, GIVEN, frequent=frequent)
    if how is Sought.words:
        return by_words
    return or_(by_words, words_match(model, GIVEN, frequent=frequent, name=NUMBER))
