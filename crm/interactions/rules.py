"""What makes an interaction valid. One rule set for the form, the API and every import; nothing here reads or writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from flask_babel import gettext as _

from crm.interactions.models import CancelledBy, InteractionKind, InteractionStatus
from crm.interactions.vocabulary import Outcome, Signal
from crm.web.clock import OSLO
from crm.web.formatting import day, number

TITLE_LENGTH = 200
PLACE_LENGTH = 200
NOTES_LENGTH = 100_000
FOLLOW_UP_LENGTH = 500
OUTCOME_NOTE_LENGTH = 500

Problems = dict[str, list[str]]
"""Field → what is wrong and how to mend it, in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """A measure as the rules see it: its code and its plan's title and period, both days included."""

    code: str
    plan: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An interaction as it would be after saving. `starts_on` is local; the instants are aware.

    `was_status` and `was_on` are what it is now; None for a new one.
    """

    kind: str
    status: str
    title: str | None
    starts_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str | None = None
    notes: str | None = None
    organisations: int = 0
    advisors: int = 0
    measures: Sequence[Tagged] = field(default_factory=tuple)
    cancelled_by: str | None = None
    outcome: str | None = None
    outcome_note: str | None = None
    outcome_on: date | None = None
    signals: Sequence[str] = ()
    was_status: str | None = None
    was_on: date | None = None


class Refuse(Protocol):
    """How a check says no: `refuse(field, message)`."""

    def __call__(self, where: str, message: str) -> None: ...


def problems(candidate: Candidate, today: date) -> Problems:
    """What stands in the way of saving: empty if nothing does. `today` is the local date."""
    found: Problems = {}

    def refuse(where: str, message: str) -> None:
        found.setdefault(where, []).append(message)

    if candidate.kind not in set(InteractionKind):
        refuse("kind", _("Choose what kind of interaction it was"))
    if candidate.status not in set(InteractionStatus):
        refuse("status", _("Choose draft, planned, held or cancelled"))
        return found
    if not candidate.title:
        refuse("title", _("Enter a title"))
    _check_lengths(candidate, refuse)
    _check_times(candidate, refuse)
    _check_noted(candidate, today, refuse)
    status = InteractionStatus(candidate.status)
    if status is InteractionStatus.draft:
        if candidate.was_status not in {None, InteractionStatus.draft, *_may_be_draft_again(candidate)}:
            refuse(
                "status",
                _("What has been planned or held cannot become a draft again. Put it in the bin instead"),
            )
        return found
    if status is InteractionStatus.planned:
        _check_planned(candidate, today, refuse)
    elif status is InteractionStatus.held:
        _check_held(candidate, today, refuse)
    elif candidate.cancelled_by not in {None, *CancelledBy}:
        refuse("cancelled_by", _("Choose who cancelled: we or they"))
    _check_measures(candidate, refuse)
    return found


def _may_be_draft_again(candidate: Candidate) -> set[InteractionStatus]:
    """A collaboration's idea that was abandoned, and so cancelled, can be taken up again."""
    return {InteractionStatus.cancelled} if candidate.kind == InteractionKind.collaboration else set()


def is_over(
    starts_on: date | None, starts_at: datetime | None, ends_at: datetime | None, at: datetime
) -> bool:
    """Whether the time planned has passed at the instant: its end where one is known, else its start, else its day."""
    last = ends_at or starts_at
    if last is not None:
        return last <= at
    return starts_on is not None and starts_on < at.astimezone(OSLO).date()


def _check_lengths(candidate: Candidate, refuse: Refuse) -> None:
    if candidate.title and len(candidate.title) > TITLE_LENGTH:
        refuse("title", _("Shorten the title to %(most)s characters", most=number(TITLE_LENGTH)))
    if candidate.place and len(candidate.place) > PLACE_LENGTH:
        refuse("place", _("Shorten the place to %(most)s characters", most=number(PLACE_LENGTH)))
    if candidate.notes and len(candidate.notes) > NOTES_LENGTH:
        refuse(
            "notes",
            _(
                "The notes have %(length)s characters. Shorten them to %(most)s",
                length=number(len(candidate.notes)),
                most=number(NOTES_LENGTH),
            ),
        )


def _check_times(candidate: Candidate, refuse: Refuse) -> None:
    if candidate.starts_at is None:
        if candidate.ends_at is not None:
            refuse("starts_at", _("Enter when it began, or leave out when it ended"))
    elif candidate.ends_at is not None and candidate.ends_at < candidate.starts_at:
        refuse("ends_at", _("Enter an end that is not before the start"))


def _check_noted(candidate: Candidate, today: date, refuse: Refuse) -> None:
    if not set(candidate.signals) <= set(Signal):
        refuse("signals", _("Choose signals from the list"))
    if candidate.cancelled_by is not None and candidate.status != InteractionStatus.cancelled:
        refuse("cancelled_by", _("Say who cancelled only where the status is cancelled"))
    _check_outcome(candidate, today, refuse)


def _check_outcome(candidate: Candidate, today: date, refuse: Refuse) -> None:
    """What came of it is said of introductions that were held, with the day on which that was known."""
    outcome, told_on = candidate.outcome, candidate.outcome_on
    if candidate.outcome_note and len(candidate.outcome_note) > OUTCOME_NOTE_LENGTH:
        refuse("outcome_note", _("Shorten the text to %(most)s characters", most=number(OUTCOME_NOTE_LENGTH)))
    if outcome is None:
        if candidate.outcome_note or told_on:
            refuse("outcome", _("Choose what came of it"))
        return
    if outcome not in set(Outcome):
        refuse("outcome", _("Choose what came of it"))
    if candidate.kind != InteractionKind.introduction or candidate.status != InteractionStatus.held:
        refuse("outcome", _("What came of it can be said only of an introduction that has been held"))
    elif told_on is None:
        refuse("outcome_on", _("Enter the date you got to know it"))
    elif told_on > today or (candidate.starts_on is not None and told_on < candidate.starts_on):
        refuse(
            "outcome_on",
            _(
                "Enter a date from the day of the introduction, %(first)s, to today",
                first=day(candidate.starts_on or today),
            ),
        )


def _check_planned(candidate: Candidate, today: date, refuse: Refuse) -> None:
    if candidate.starts_on is None:
        refuse("starts_on", _("Enter the date it is planned for"))
        return
    known = candidate.was_status == InteractionStatus.planned and candidate.was_on == candidate.starts_on
    if candidate.starts_on < today and not known:
        refuse(
            "starts_on",
            _(
                "%(day)s has passed. Choose a later date, or save it as held",
                day=day(candidate.starts_on),
            ),
        )


def _check_held(candidate: Candidate, today: date, refuse: Refuse) -> None:
    if candidate.starts_on is None:
        refuse("starts_on", _("Enter the date it was held"))
    elif candidate.starts_on > today:
        refuse(
            "starts_on",
            _(
                "%(day)s is still to come. Choose today or earlier, or save it as planned",
                day=day(candidate.starts_on),
            ),
        )
    if candidate.kind == InteractionKind.introduction and candidate.organisations < 2:
        refuse("organisations", _("Choose at least two organisations: the ones you introduced to each other"))
    elif candidate.organisations < 1:
        refuse("organisations", _("Choose at least one organisation"))
    if candidate.advisors < 1:
        refuse("advisors", _("Choose at least one advisor"))
    if not candidate.measures:
        refuse("measures", _("Choose at least one measure"))


def _check_measures(candidate: Candidate, refuse: Refuse) -> None:
    if candidate.starts_on is None:
        return
    strays: dict[tuple[str, date, date], list[str]] = {}
    for measure in candidate.measures:
        if not measure.starts_on <= candidate.starts_on <= measure.ends_on:
            strays.setdefault((measure.plan, measure.starts_on, measure.ends_on), []).append(measure.code)
    for (plan, starts_on, ends_on), codes in strays.items():
        refuse(
            "measures",
            _(
                "%(codes)s belongs to “%(plan)s”, which runs from %(first)s to %(last)s. "
                "Choose measures of the plan that covers %(day)s, or change the date",
                codes=", ".join(codes),
                plan=plan,
                first=day(starts_on),
                last=day(ends_on),
                day=day(candidate.starts_on),
            ),
        )
