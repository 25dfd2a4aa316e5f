"""Days on which a session is likely to find nobody at work. Pure."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from crm.web.working_days import norwegian_holidays

_NAMES: dict[str, Any] = {
    "New Year's Day": _l("New Year's Day"),
    "Maundy Thursday": _l("Maundy Thursday"),
    "Good Friday": _l("Good Friday"),
    "Easter Sunday": _l("Easter Sunday"),
    "Easter Monday": _l("Easter Monday"),
    "Labor Day": _l("Labour Day"),
    "Constitution Day": _l("Constitution Day"),
    "Ascension Day": _l("Ascension Day"),
    "Pentecost": _l("Whit Sunday"),
    "Pentecost Monday": _l("Whit Monday"),
    "Christmas Day": _l("Christmas Day"),
    "Second Day of Christmas": _l("Boxing Day"),
}
_EVES = {(12, 24): _l("Christmas Eve"), (12, 31): _l("New Year's Eve")}


class DayOff(NamedTuple):
    """`is_public` is False for the eves, which are ordinary days by law."""

    name: str
    is_public: bool


@lru_cache(maxsize=64)
def _of_year(year: int) -> dict[date, str]:
    """Norway's public holidays, those kept on another day included, by the library's English names."""
    return dict(norwegian_holidays(years=year, observed=True, language="en_US").items())


def day_off(day: date) -> DayOff | None:
    """What the day is, in the reader's language: a Norwegian public holiday or an eve; None for all others."""
    found = _of_year(day.year).get(day)
    if found is not None:
        return DayOff(", ".join(str(_NAMES.get(name, name)) for name in found.split("; ")), is_public=True)
    eve = _EVES.get((day.month, day.day))
    return DayOff(str(eve), is_public=False) if eve is not None else None
