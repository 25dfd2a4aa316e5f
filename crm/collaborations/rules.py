"""What makes a collaboration valid beside what makes its interaction so. Pure."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from crm.collaborations.models import FIRST_YEAR, LAST_YEAR, Stage
from crm.interactions.models import InteractionStatus
from crm.interactions.rules import Problems, Refuse
from crm.web.formatting import day, number

TEXT_LENGTH = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A collaboration as it would be after saving; `initiated_on` is a local day.

    `was_initiated` says that it counts already. `after` is the year of the one that it continues, `before` that of the
    one that continues it.
    """

    year: int | None
    stage: str | None
    initiated_on: date | None = None
    aim: str | None = None
    result: str | None = None
    was_initiated: bool = False
    after: int | None = None
    before: int | None = None


def status_of(stage: str, initiated_on: date | None) -> InteractionStatus:
    """The status of the interaction. What was initiated stays held, also where it was abandoned: it counts."""
    if stage == Stage.idea:
        return InteractionStatus.draft
    if stage == Stage.abandoned and initiated_on is None:
        return InteractionStatus.cancelled
    return InteractionStatus.held


def problems(candidate: Candidate, today: date) -> Problems:
    """What stands in the way of saving: empty if nothing does. `today` is the local date."""
    found: Problems = {}

    def refuse(where: str, message: str) -> None:
        found.setdefault(where, []).append(message)

    _check_year(candidate, refuse)
    for name, text in (("aim", candidate.aim), ("result", candidate.result)):
        if text and len(text) > TEXT_LENGTH:
            refuse(name, _("Shorten this to %(most)s characters", most=number(TEXT_LENGTH)))
    if candidate.stage not in set(Stage):
        refuse("stage", _("Choose idea, initiated, ongoing, completed or abandoned"))
    elif candidate.was_initiated and candidate.stage == Stage.idea:
        refuse("stage", _("What was initiated cannot become an idea again. Choose abandoned instead"))
    else:
        _check_day(candidate, today, refuse)
    return found


def _check_year(candidate: Candidate, refuse: Refuse) -> None:
    year = candidate.year
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        refuse("year", _("Enter a year from %(first)s to %(last)s", first=FIRST_YEAR, last=LAST_YEAR))
        return
    if candidate.after is not None and year <= candidate.after:
        refuse("year", _("It continues that of %(year)s. Enter a later year", year=candidate.after))
    if candidate.before is not None and year >= candidate.before:
        refuse("year", _("It is continued in %(year)s. Enter an earlier year", year=candidate.before))


def _check_day(candidate: Candidate, today: date, refuse: Refuse) -> None:
    begun = candidate.initiated_on
    if begun is None:
        if candidate.was_initiated:
            refuse("starts_on", _("Enter the day it was initiated: it counts from that day on"))
        elif candidate.stage not in {Stage.idea, Stage.abandoned}:
            refuse("starts_on", _("Enter the day it was initiated, or choose the stage idea"))
    elif candidate.stage == Stage.idea:
        refuse("starts_on", _("An idea has not been initiated. Leave the day out, or choose another stage"))
    elif begun > today:
        refuse(
            "starts_on",
            _("%(day)s is still to come. Choose today or earlier, or the stage idea", day=day(begun)),
        )
    elif candidate.year is not None and begun.year != candidate.year:
        refuse(
            "starts_on",
            _(
                "%(day)s is not in %(year)s. Choose a day in that year, or change the year",
                day=day(begun),
                year=candidate.year,
            ),
        )
