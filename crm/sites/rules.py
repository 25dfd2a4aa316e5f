"""What makes a site valid. Pure; the form and the API share it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.organisations.rules import line, text, website
from crm.sites.measuring import MOST_AREA, MOST_POWER
from crm.sites.models import Premises, Regulation
from crm.web.forms.fields import tidy

NAME_LENGTH, PLACE_LENGTH, TEXT_LENGTH = 120, 200, 20_000
YEARS = range(1900, 2201)

Problems = dict[str, list[Any]]


def name(value: str | None) -> str:
    named = line(NAME_LENGTH)(value)
    if not named:
        raise ValueError(_("Enter a name"))
    if not any(character.isalnum() for character in named):
        raise ValueError(_("Enter a name with letters or digits"))
    return str(named)


def measure(most: int) -> Callable[[Any], int | None]:
    """A whole number of square metres or kilowatts."""

    def rule(value: Any) -> int | None:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise ValueError(_("Enter a number from 0 to %(most)s", most=most))
        return value

    return rule


def regulation(value: Any) -> str | None:
    if not tidy(value or ""):
        return None
    if value not in set(Regulation):
        raise ValueError(_("Choose one from the list"))
    return str(Regulation(value))


def premises(values: Iterable[str] | None) -> list[str]:
    """In the order of the enumeration, each once."""
    given = set(values or ())
    if given - set(Premises):
        raise ValueError(_("Choose from the list"))
    return [str(one) for one in Premises if one in given]


def some_day(value: date | None) -> date | None:
    if value is not None and value.year not in YEARS:
        raise ValueError(_("Enter a year between %(first)s and %(last)s", first=YEARS[0], last=YEARS[-1]))
    return value


SITE: Mapping[str, Callable[[Any], Any]] = {
    "name": name,
    "place": line(PLACE_LENGTH),
    "developer_id": lambda value: value,
    "contact_id": lambda value: value,
    "regulation": regulation,
    "total_area": measure(MOST_AREA),
    "free_area": measure(MOST_AREA),
    "power": measure(MOST_POWER),
    "free_from": some_day,
    "premises": premises,
    "focus_areas": lambda values: sorted(set(values or ())),
    "attracts": text(TEXT_LENGTH),
    "website": website,
    "about": text(TEXT_LENGTH),
}


def checked_values(values: Mapping[str, Any], *, known_areas: Collection[int]) -> dict[str, Any]:
    """A site's own fields as they are kept. `known_areas` are the numbers of focus areas there are. Raises ValueError
    with Problems.
    """
    kept: dict[str, Any] = {}
    found: Problems = {}
    for field, rule in SITE.items():
        try:
            kept[field] = rule(values[field])
        except ValueError as error:
            found[field] = [str(error)]
    if not found.keys() & {"total_area", "free_area"}:
        total, free = kept["total_area"], kept["free_area"]
        if total is not None and free is not None and free > total:
            found["free_area"] = [_("More cannot be free than there is. Mend the free area or the total")]
    if "focus_areas" in kept and set(kept["focus_areas"]) - set(known_areas):
        found["focus_areas"] = [_("Choose focus areas of the plan")]
    if found:
        raise ValueError(found)
    return kept
