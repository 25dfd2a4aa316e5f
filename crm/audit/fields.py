"""How the fields of records read in their history: their labels, and their values in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from crm.web import formatting

MOST_CHARACTERS = 600

Reference = tuple[str, int]
"""A record: the name of its class, and its id."""


@dataclass(frozen=True)
class Context:
    """What a value is read in: the record that it belongs to, and the names of the records that it refers to."""

    subject_id: int | None
    names: Mapping[Reference, str]

    def name(self, kind: str, identity: int) -> str:
        return self.names.get((kind, identity), f"#{identity}")


@dataclass(frozen=True)
class Field:
    """`show` puts one value into words, and is not asked about nothing; `refers` tells which records it will name."""

    label: Any
    show: Callable[[Any, Context], str]
    refers: Callable[[Any], Iterable[Reference]] = lambda _value: ()

    def references(self, value: Any) -> Iterable[Reference]:
        return (reference for one in _each(value) for reference in self.refers(one))

    def in_words(self, value: Any, context: Context) -> str:
        """Empty for nothing; several values one after another, and what is long only in its beginning."""
        shown = [self.show(one, context) for one in _each(value)]
        words = ("; " if any("," in one for one in shown) else ", ").join(shown)
        if len(words) <= MOST_CHARACTERS:
            return words
        beginning = words[:MOST_CHARACTERS]
        return str(_("%(beginning)s … (%(length)s characters)", beginning=beginning, length=len(words)))


def plain(label: Any, show: Callable[[Any], Any] = str) -> Field:
    """A value that is read by itself, as it stands unless told how."""
    return Field(label, lambda value, _context: str(show(value)))


def number(label: Any) -> Field:
    return plain(label, formatting.number)


def yes_or_no(label: Any) -> Field:
    return plain(label, lambda value: _("Yes") if value else _("No"))


def choice(label: Any, choices: type[StrEnum]) -> Field:
    """One of the enumeration's; what it no longer knows is shown as it was written."""
    known = {one.value: one for one in choices}
    return plain(label, lambda value: getattr(known.get(value), "label", value))


def on_day(label: Any) -> Field:
    return plain(label, lambda value: formatting.day(date.fromisoformat(value)))


def at_moment(label: Any) -> Field:
    return plain(label, lambda value: formatting.moment(datetime.fromisoformat(value)))


def record_named(label: Any, kind: str) -> Field:
    """The id of a record of the class of that name."""
    return Field(label, lambda value, context: context.name(kind, value), lambda value: [(kind, value)])


def _each(value: Any) -> list[Any]:
    return [one for one in (value if isinstance(value, list) else [value]) if one is not None]
