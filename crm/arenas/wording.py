"""An arena's rhythm in the reader's language."""

from collections.abc import Sequence
from datetime import time
from typing import Any, Protocol

from babel.dates import get_day_names, get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.arenas.rhythm import PLACES, WEEKDAYS, last_day, parts_of
from crm.web.formatting import day


class Rhythmic(Protocol):
    """What has a rhythm: an arena, or a row of a list of them."""

    @property
    def rhythm(self) -> str | None: ...

    @property
    def begins_at(self) -> time | None: ...


def rhythm_in_words(arena: Rhythmic) -> str:
    """“Every other Thursday at 08:30”; a rule that we have no words for as it stands."""
    if arena.rhythm is None:
        return str(_("As needed"))
    return rule_in_words(arena.rhythm, arena.begins_at)


def rule_in_words(rule: str, begins_at: time | None = None) -> str:
    parts = parts_of(rule)
    words = _frequency(parts)
    if words is None:
        own = _("Own rule: %(rule)s", rule=rule.replace(";", "; "))
        return f"{own} · {begins_at:%H:%M}" if begins_at is not None else str(own)
    if begins_at is not None:
        words = _("%(rhythm)s at %(time)s", rhythm=words, time=f"{begins_at:%H:%M}")
    if "BYMONTH" in parts:
        words = _in_months(words, [int(month) for month in parts["BYMONTH"].split(",")])
    if "COUNT" in parts:
        words = _("%(rhythm)s, %(num)s in all", rhythm=words, num=parts["COUNT"])
    if (last := last_day(rule)) is not None:
        words = _("%(rhythm)s until %(day)s", rhythm=words, day=day(last))
    return str(words)


def weekday_names() -> list[str]:
    """From Monday on, as they stand within a sentence."""
    names = get_day_names("wide", "format", locale=get_locale())
    return [names[number] for number in range(7)]


def place_names() -> list[tuple[int, str]]:
    """Which weekday of the month: its number in a rule, and what it is called at the beginning of a sentence."""
    labels = (_("First"), _("Second"), _("Third"), _("Fourth"), _("Last"))
    return [(place, str(label)) for place, label in zip(PLACES, labels, strict=True)]


def _frequency(parts: dict[str, str]) -> str | None:
    """How often and on which days; None where that takes more than we have words for."""
    if parts.keys() & {"BYSETPOS", "BYYEARDAY", "BYWEEKNO"}:
        return None
    every, days = int(parts.get("INTERVAL", "1")), parts.get("BYDAY", "")
    plain = [WEEKDAYS.index(one) for one in days.split(",") if one in WEEKDAYS]
    if parts["FREQ"] == "WEEKLY" and plain and "BYMONTHDAY" not in parts:
        return _weeks(every, [weekday_names()[number] for number in sorted(plain)])
    if parts["FREQ"] == "MONTHLY" and not plain:
        return _months(every, days, parts.get("BYMONTHDAY", ""))
    return None


def _weeks(every: int, names: Sequence[str]) -> str:
    days = _listed(names)
    if every == 1:
        return str(_("Every %(day)s", day=days))
    if every == 2:
        return str(_("Every other %(day)s", day=days))
    return str(_("%(day)s every %(num)s weeks", day=days[0].upper() + days[1:], num=every))


def _months(every: int, days: str, dates: str) -> str | None:
    places = dict(place_names())
    if days and not dates and "," not in days and int(days[:-2]) in places:
        name = weekday_names()[WEEKDAYS.index(days[-2:])]
        what = _("%(place)s %(day)s", place=places[int(days[:-2])], day=name)
    elif dates.isdigit() and not days:
        what = _("Day %(num)s", num=dates)
    else:
        return None
    if every == 1:
        return str(_("%(day)s of every month", day=what))
    if every == 2:
        return str(_("%(day)s of every other month", day=what))
    return str(_("%(day)s every %(num)s months", day=what, num=every))


def _in_months(words: str, months: Sequence[int]) -> Any:
    names = get_month_names("wide", "format", locale=get_locale())
    without = [month for month in range(1, 13) if month not in months]
    if len(without) < len(months):
        return _(
            "%(rhythm)s, not in %(months)s", rhythm=words, months=_listed([names[one] for one in without])
        )
    return _("%(rhythm)s, only in %(months)s", rhythm=words, months=_listed([names[one] for one in months]))


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return str(_("%(first)s and %(last)s", first=", ".join(first), last=last)) if first else last
