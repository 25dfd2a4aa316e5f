"""What makes a search for a place valid, and which stage follows from its proposals. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.establishments.models import EstablishmentStage, ProposalState
from crm.sites.measuring import MOST_AREA, MOST_POWER
from crm.sites.rules import Problems, measure, premises, some_day
from crm.web.formatting import day
from crm.web.forms.fields import tidy_text

MOST_JOBS, WORDS_LENGTH = 100_000, 5_000
ENDED = frozenset({EstablishmentStage.established, EstablishmentStage.given_up})

NEED: Mapping[str, Callable[[Any], Any]] = {
    "area_from": measure(MOST_AREA),
    "area_to": measure(MOST_AREA),
    "premises": premises,
    "needed_from": some_day,
    "jobs": measure(MOST_JOBS),
    "power": measure(MOST_POWER),
    "focus_area": lambda value: value,
    "measure_id": lambda value: value,
}
"""What somebody needs, and what it counts under."""


def checked_need(
    values: Mapping[str, Any], *, known_areas: Collection[int], known_measures: Collection[int]
) -> dict[str, Any]:
    """The need as it is kept. Raises ValueError with Problems."""
    kept: dict[str, Any] = {}
    found: Problems = {}
    for field, rule in NEED.items():
        try:
            kept[field] = rule(values[field])
        except ValueError as error:
            found[field] = [str(error)]
    least, most = kept.get("area_from"), kept.get("area_to")
    if least is not None and most is not None and most < least:
        found["area_to"] = [_("Enter an area no smaller than the least")]
    if kept["focus_area"] is not None and kept["focus_area"] not in known_areas:
        found["focus_area"] = [_("Choose a focus area of the plan")]
    if kept["measure_id"] is not None and kept["measure_id"] not in known_measures:
        found["measure_id"] = [_("Choose a measure from the list")]
    if found:
        raise ValueError(found)
    return kept


def stage_of(states: Iterable[str]) -> EstablishmentStage:
    """The stage that follows from what became of the proposals."""
    present = set(states)
    for state, stage in (
        (ProposalState.chosen, EstablishmentStage.negotiating),
        (ProposalState.viewed, EstablishmentStage.viewing),
        (ProposalState.introduced, EstablishmentStage.proposed),
        (ProposalState.proposed, EstablishmentStage.proposed),
    ):
        if state in present:
            return stage
    return EstablishmentStage.seeking


def checked_words(value: str | None, *, needed: str | None = None) -> str | None:
    """A word that goes along. Raises ValueError; `needed` is what is said where it lacks."""
    words = tidy_text(value or "").strip() or None
    if words is None and needed is not None:
        raise ValueError(needed)
    if words is not None and len(words) > WORDS_LENGTH:
        raise ValueError(_("Shorten this to %(most)s characters", most=WORDS_LENGTH))
    return words


def establishing_problems(
    *, organisation_id: int | None, established_on: date | None, received_on: date, today: date
) -> Problems:
    found: Problems = {}
    if organisation_id is None:
        found["organisation_id"] = [_("Choose the company that was established")]
    if established_on is None:
        found["established_on"] = [_("Enter the day")]
    elif established_on > today:
        found["established_on"] = [_("%(day)s is still to come", day=day(established_on))]
    elif established_on < received_on:
        found["established_on"] = [_("They asked on %(day)s. Choose that day or later", day=day(received_on))]
    return found
