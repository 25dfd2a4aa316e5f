"""What each class of records is called in the audit log, and where one is shown. Each feature describes its own."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, String, cast, literal, null, select, true
from sqlalchemy.orm import InstrumentedAttribute

from crm.audit.fields import Field
from crm.database import sort_key

MOST_PLACES = 2

_actions: dict[str, Any] = {
    "created": _l("Created"),
    "changed": _l("Changed"),
    "binned": _l("Moved to the bin"),
    "restored": _l("Restored"),
    "removed": _l("Removed"),
}


@dataclass(frozen=True)
class Description:
    """How records of a class read.

    `name`: SQL of a record's name, asked for anew for each reader. `fields`: every audited field; None where the
    event's other words tell it already. `path`: where a record is shown, from what is in the columns of `place`, the id
    where none is named; only readers with the permission `opened_by` are led there. `readable`: SQL that is true for
    the records that a viewer may read; of others only what was done is told, and by whom.
    """

    label: Any
    identity: InstrumentedAttribute[int]
    name: Callable[[], Any]
    fields: Mapping[str, Field | None] = field(default_factory=dict)
    path: Callable[..., str] | None = None
    place: tuple[Any, ...] = ()
    opened_by: str | None = None
    readable: Callable[[Any], ColumnElement[bool]] | None = None

    def rows(self, kind: str, identities: Collection[int], viewer: Any) -> Select[Any]:
        """Class, id, name, whether the viewer may read it, and place: alike for all classes, to be asked at once."""
        place = [cast(column, String) for column in self.place or (self.identity,)]
        blank = [cast(null(), String)] * (MOST_PLACES - len(place))
        columns: list[Any] = [
            literal(kind).label("kind"),
            self.identity.label("id"),
            cast(self.name(), String).label("name"),
            (self.readable(viewer) if self.readable else true()).label("readable"),
            *(column.label(f"place_{n}") for n, column in enumerate(place + blank)),
        ]
        return select(*columns).where(self.identity.in_(identities))

    def url(self, row: Any, viewer: Any) -> str | None:
        """Where the record of a row is shown to the viewer, if it is."""
        if self.path is None or not (self.opened_by is None or viewer.may(self.opened_by)):
            return None
        return self.path(*(row.place_0, row.place_1)[: len(self.place) or 1])


_descriptions: dict[str, Description] = {}


def describe(kind: str, description: Description) -> None:
    """From now on records of the class of that name read so."""
    _descriptions[kind] = description


def name_actions(labels: Mapping[str, Any]) -> None:
    """What was done, in words, for actions that a feature has besides those that all have."""
    _actions.update(labels)


def described(kind: str) -> Description | None:
    return _descriptions.get(kind)


def action_label(action: str) -> str:
    return str(_actions.get(action, action))


def kinds() -> list[tuple[str, str]]:
    """Class names and labels of what has been described, by label."""
    return sorted(
        ((kind, str(one.label)) for kind, one in _descriptions.items()), key=lambda pair: sort_key(pair[1])
    )
