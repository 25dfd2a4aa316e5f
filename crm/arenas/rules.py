"""What makes an arena valid, what its sessions are tagged with, and who has stopped coming. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, NamedTuple, Protocol

from flask_babel import gettext as _

from crm.arenas import rhythm
from crm.arenas.days_off import DayOff, day_off
from crm.plan.queries import Outlines
from crm.web.formatting import day as written_day
from crm.web.formatting import number
from crm.web.forms.fields import tidy, tidy_text

NAME_LENGTH, PLACE_LENGTH, TEXT_LENGTH = 120, 200, 100_000
PROPOSED, LOOKED_AT, MISSED = 6, 6, 3
"""How many sessions are proposed; over how many attendance is told; so many missed in a row is to have stopped."""
HORIZON = timedelta(days=3 * 366)
LONGEST_DAY = 24 * 60

Problems = dict[str, list[Any]]


def checked_values(values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """An arena's own fields as they are kept. `today` is the local date. Raises ValueError with Problems."""
    found: Problems = {}
    kept = dict(values)
    kept["name"] = tidy(values["name"] or "") or None
    kept["place"] = tidy(values["place"] or "") or None
    kept["purpose"] = tidy_text(values["purpose"] or "").strip() or None
    _check_texts(kept, found)
    if kept["minutes"] is not None and kept["begins_at"] is None:
        found["begins_at"] = [_("Enter when it begins, or leave out when it ends")]
    elif kept["minutes"] is not None and not 0 < kept["minutes"] <= LONGEST_DAY:
        found["minutes"] = [_("Enter an end that is later than the beginning")]
    if kept["host_id"] is not None and kept["host_unit_id"] is not None:
        found["host_unit_id"] = [_("Choose an organisation or one of our units as host, not both")]
    if kept["rhythm"]:
        _check_rhythm(kept, today, found)
    if not found and kept["ended_on"] and kept["starts_on"] and kept["ended_on"] < kept["starts_on"]:
        found["ended_on"] = [_("Enter a last day that is not before the first")]
    if found:
        raise ValueError(found)
    return kept


def _check_texts(kept: Mapping[str, Any], found: Problems) -> None:
    if not kept["name"]:
        found["name"] = [_("Enter a name")]
    for field, most in (("name", NAME_LENGTH), ("place", PLACE_LENGTH), ("purpose", TEXT_LENGTH)):
        if kept[field] and len(kept[field]) > most:
            found[field] = [_("Shorten this to %(most)s characters", most=number(most))]


def _check_rhythm(kept: dict[str, Any], today: date, found: Problems) -> None:
    try:
        kept["rhythm"] = rhythm.checked(kept["rhythm"])
    except ValueError as error:
        found["rhythm"] = [str(error)]
        return
    starts_on = kept["starts_on"]
    if starts_on is None:
        found["starts_on"] = [_("Enter the first day of the rhythm")]
    elif starts_on.year not in rhythm.YEARS:
        first, last = rhythm.YEARS[0], rhythm.YEARS[-1]
        found["starts_on"] = [_("Enter a year between %(first)s and %(last)s", first=first, last=last)]
    elif (
        next(days_of(kept["rhythm"], starts_on, kept["begins_at"], starts_on, max(starts_on, today)), None)
        is None
    ):
        found["rhythm"] = [_("No day fits this rule in the three years after the first day")]


def days_of(
    rule: str, starts_on: date, begins_at: time | None, first: date, reckoned: date
) -> Iterator[date]:
    """The days of a rhythm from `first` to three years after `reckoned`."""
    return rhythm.occurrences(
        rule, starts_on=starts_on, begins_at=begins_at, first=first, last=reckoned + HORIZON
    )


class Recurring(Protocol):
    """What sessions are proposed from: an arena, or a row of one."""

    @property
    def rhythm(self) -> str | None: ...

    @property
    def starts_on(self) -> date | None: ...

    @property
    def begins_at(self) -> time | None: ...

    @property
    def ended_on(self) -> date | None: ...


class Proposal(NamedTuple):
    """A day of the rhythm without a session; `off` says why people may be away."""

    day: date
    off: DayOff | None


def proposals(
    arena: Recurring, *, today: date, taken: Collection[date], most: int = PROPOSED
) -> list[Proposal]:
    """The next days of the rhythm from the local day on, those aside that have a session or were left out (`taken`)."""
    if arena.rhythm is None or arena.starts_on is None:
        return []
    found: list[Proposal] = []
    for day in days_of(arena.rhythm, arena.starts_on, arena.begins_at, today, today):
        if len(found) == most or (arena.ended_on is not None and day > arena.ended_on):
            break
        if day not in taken:
            found.append(Proposal(day, day_off(day)))
    return found


def is_of_rhythm(arena: Recurring, day: date) -> bool:
    """Whether the day is one of the rhythm's."""
    if arena.rhythm is None or arena.starts_on is None or day.year not in rhythm.YEARS:
        return False
    of_day = rhythm.occurrences(
        arena.rhythm, starts_on=arena.starts_on, begins_at=arena.begins_at, first=day, last=day
    )
    return next(of_day, None) is not None


def measures_on(day: date, measure_ids: Iterable[int], plans: Outlines) -> list[int]:
    """The measures of the plan that covers the day which the given ones are, continue or were continued by."""
    plan = plans.covering(day)
    if plan is None:
        return []
    successor = {before: after for one in plans.plans for before, after in one.successors.items()}
    predecessor = {after: before for before, after in successor.items()}
    found: dict[int, None] = {}
    for measure_id in measure_ids:
        for links in (successor, predecessor):
            at: int | None = measure_id
            for _step in range(len(plans.plans)):
                if at is None or at in plan.measures:
                    break
                at = links.get(at)
            if at is not None and at in plan.measures:
                found[at] = None
                break
    return sorted(found, key=list(plan.measures).index)


def lasts(started_on: date | None, ended_on: date | None, day: date) -> bool:
    """Whether a membership from–to, both included, holds on the local day."""
    return (started_on is None or started_on <= day) and (ended_on is None or ended_on >= day)


def check_period(started_on: date | None, ended_on: date | None) -> Problems:
    if started_on is not None and ended_on is not None and ended_on < started_on:
        return {"ended_on": [_("The last day is before the first, %(day)s", day=written_day(started_on))]}
    return {}


class HeldSession(Protocol):
    """A held session, and who came to it."""

    @property
    def day(self) -> date: ...

    @property
    def organisations(self) -> Collection[int]: ...

    @property
    def contacts(self) -> Collection[int]: ...


@dataclass(frozen=True, slots=True)
class Attendance:
    """How often a member came to the latest sessions that were theirs to come to, and when they last did."""

    came: int
    of: int
    last_came: date | None
    has_stopped: bool


def came(session: HeldSession, organisation_id: int | None, contact_id: int | None) -> bool:
    """Whether a member came: a person themselves, an organisation by whomever it sent."""
    return (
        contact_id in session.contacts if contact_id is not None else organisation_id in session.organisations
    )


def attendance(
    sessions: Sequence[HeldSession],
    *,
    organisation_id: int | None,
    contact_id: int | None,
    started_on: date | None,
    last_came: date | None,
) -> Attendance:
    """`sessions` are the latest held ones whose attendance is known, newest first; `last_came` is of all there have been.

    A member has stopped coming who came before and was at none of the last three.
    """
    theirs = [one for one in sessions[:LOOKED_AT] if started_on is None or started_on <= one.day]
    there = [came(one, organisation_id, contact_id) for one in theirs]
    has_stopped = last_came is not None and len(there) >= MISSED and not any(there[:MISSED])
    return Attendance(sum(there), len(there), last_came, has_stopped)
