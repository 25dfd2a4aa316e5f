"""How records of each class read in the audit log. Features describe their own; what nobody has described is shown
under the names that the code gives it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from crm.audit.history import ACTIONS, Show
from crm.extensions import db

NAMES_AT_ONCE = 500


@dataclass(frozen=True)
class Description:
    """`fields`: each field's label, and how its value reads; `refers`: which class a field's ids belong to;
    `path`: where the record with an id is shown.
    """

    label: Any
    identity: InstrumentedAttribute[int]
    name: ColumnElement[Any] | InstrumentedAttribute[str]
    fields: Mapping[str, tuple[Any, Show | None]] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    path: Callable[[int], str] | None = None


_descriptions: dict[str, Description] = {}


def describe(kind: str, description: Description) -> None:
    """From now on records of the class of that name read so."""
    _descriptions[kind] = description


def name_actions(labels: Mapping[str, Any]) -> None:
    """What was done, in words, for actions other than created and changed."""
    ACTIONS.update(labels)


def described(kind: str) -> Description | None:
    return _descriptions.get(kind)


def kinds() -> list[tuple[str, str]]:
    """Class names and labels of what has been described, by label."""
    return sorted(
        ((kind, str(one.label)) for kind, one in _descriptions.items()), key=lambda pair: pair[1].casefold()
    )


def names_of(wanted: Mapping[str, Iterable[int]]) -> dict[tuple[str, int], str]:
    """The names of records by class name and id. One statement, whatever the number of classes."""
    selects = []
    for kind, identities in wanted.items():
        ids = sorted(set(identities))[:NAMES_AT_ONCE]
        one = described(kind)
        if one is not None and ids:
            selects.append(
                select(literal(kind).label("kind"), one.identity.label("id"), one.name.label("name")).where(
                    one.identity.in_(ids)
                )
            )
    if not selects:
        return {}
    return {(row.kind, row.id): row.name for row in db.session.execute(union_all(*selects))}
