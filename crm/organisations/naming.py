"""An organisation's other names: how they are typed and told, what makes them valid, and in which order they stand. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _

from crm.database import folded
from crm.organisations.models import NameKind
from crm.web.clock import today
from crm.web.formatting import day
from crm.web.forms.fields import parse_day, tidy

MOST_NAMES = 30
LONGEST = 200
_ORDER = {kind.value: place for place, kind in enumerate(NameKind)}


class OtherName(NamedTuple):
    """`until` is the last day of an earlier name, where it is known; the number that of a record merged into this one."""

    kind: str
    name: str
    until: date | None = None
    organisation_number: str | None = None

    @property
    def line(self) -> str:
        """As it stands on a line of the form."""
        return f"{self.name}; {day(self.until, 'nb')}" if self.until else self.name

    @property
    def key(self) -> tuple[str, str]:
        """Two that share it are one."""
        return self.kind, folded(self.name)


def in_order(names: Iterable[Any]) -> list[OtherName]:
    """Trade names, legal ones, then earlier ones, the latest first."""
    found = [OtherName(str(one.kind), one.name, one.until, one.organisation_number) for one in names]
    return sorted(
        found, key=lambda one: (_ORDER[one.kind], -(one.until or date.min).toordinal(), folded(one.name))
    )


def other_names(value: Iterable[Mapping[str, Any]] | None) -> list[OtherName]:
    """The names as they are stored, two that fold alike once. Raises ValueError."""
    found: dict[tuple[str, str], OtherName] = {}
    for given in value or ():
        one = _checked(str(given.get("kind")), given.get("name"), given.get("until"))
        found.setdefault(one.key, one)
    if len(found) > MOST_NAMES:
        raise ValueError(_("Use at most %(most)s names", most=MOST_NAMES))
    return list(found.values())


def lines(kind: NameKind) -> Any:
    """The rule of a field with one name of the kind a line: tidied lines, each as `OtherName.line` has it."""

    def rule(value: Any) -> list[str]:
        return [one.line for one in of_lines(kind, value)]

    return rule


def of_lines(kind: NameKind, value: str | Iterable[str] | None) -> list[OtherName]:
    """The names on the lines of a field; behind an earlier one may stand a semicolon and its last day."""
    typed = (value or "").splitlines() if isinstance(value, str) else list(value or ())
    found = []
    for line in filter(None, map(tidy, typed)):
        name, _sign, until = line.partition(";") if kind is NameKind.earlier else (line, "", "")
        found.append({"kind": kind, "name": name, "until": _last_day(until.strip())})
    return other_names(found)


def _last_day(typed: str) -> date | None:
    """A day; a year stands for its last one."""
    if not typed:
        return None
    return parse_day(f"31.12.{typed}" if re.fullmatch(r"[12][0-9]{3}", typed) else typed)


def _checked(kind: str, name: Any, until: date | None) -> OtherName:
    name = tidy(str(name or ""))
    if kind not in _ORDER:
        raise ValueError(_("Choose one from the list"))
    if not folded(name):
        raise ValueError(_("Enter a name with letters or digits"))
    if len(name) > LONGEST:
        raise ValueError(
            _("Use at most %(most)s characters. There are %(used)s now.", most=LONGEST, used=len(name))
        )
    if until is not None and kind != NameKind.earlier:
        raise ValueError(_("Only an earlier name has a last day"))
    if until is not None and until > today():
        raise ValueError(_("The last day cannot be in the future"))
    return OtherName(kind, name, until)
