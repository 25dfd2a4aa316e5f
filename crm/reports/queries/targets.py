"""Whether a measure's targets of interactions were met, year by year: counted from the log, as the report counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, literal, select

from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.queries import InteractionFilter
from crm.plan.models import Measure, Target, TargetKind
from crm.reports.queries.counting import held, period_number
from crm.reports.queries.filter import Step


class Outcome(StrEnum):
    met = auto()
    under_way = auto()
    not_met = auto()

    @property
    def label(self) -> Any:
        return {
            Outcome.met: _l("Met"),
            Outcome.under_way: _l("Not met yet"),
            Outcome.not_met: _l("Not met"),
        }[self]


@dataclass(frozen=True, slots=True)
class TargetPeriod:
    """A year, or the plan's whole period; `interactions` are those behind `count`."""

    label: str
    count: int
    goal: int
    outcome: Outcome
    interactions: InteractionFilter


@dataclass(frozen=True, slots=True)
class TargetByPeriod:
    """A target of interactions with what became of it, the latest period first."""

    target: Target
    periods: list[TargetPeriod]


def targets_of(measure: Measure, today: date) -> list[Target]:
    """The measure's targets of interactions; none while its plan has not begun by the local day."""
    if today < measure.plan.starts_on:
        return []
    return [one for one in measure.targets if one.kind == TargetKind.interactions and one.goal]


def counted_by_year(target: Target, measure: Measure) -> Select[*tuple[Any, ...]]:
    """The target's id as text, a year, and how many count towards it then."""
    year = period_number(Interaction.starts_on, Step.year).label("year")
    return (
        select(literal(str(target.id)), year, func.count())
        .where(*held(_counted(target, measure)))
        .group_by(year)
    )


def _counted(target: Target, measure: Measure) -> InteractionFilter:
    return InteractionFilter(
        measure=measure.code,
        plan=measure.plan_id,
        kind=target.interaction_kind,
        organisation_kind=target.organisation_kind,
        since=measure.plan.starts_on,
        until=measure.plan.ends_on,
    )


def target_by_period(
    target: Target, measure: Measure, by_year: Mapping[int, int], today: date
) -> TargetByPeriod:
    """What became of it, for as much of the plan's period as has begun by the local day."""
    return TargetByPeriod(target, list(_periods(target, measure, by_year, today)))


def _periods(
    target: Target, measure: Measure, by_year: Mapping[int, int], today: date
) -> Iterator[TargetPeriod]:
    plan, goal = measure.plan, target.goal or 0
    spans = [(plan.starts_on, plan.ends_on, f"{plan.starts_on.year}–{plan.ends_on.year}")]
    if target.every_year:
        spans = [
            (max(plan.starts_on, date(year, 1, 1)), min(date(year, 12, 31), plan.ends_on), str(year))
            for year in range(plan.starts_on.year, min(plan.ends_on, today).year + 1)
        ]
    for since, until, label in reversed(spans):
        count = sum(by_year.get(year, 0) for year in range(since.year, until.year + 1))
        missing = Outcome.not_met if until < today else Outcome.under_way
        outcome = Outcome.met if count >= goal else missing
        behind = replace(_counted(target, measure), status=InteractionStatus.held, since=since, until=until)
        yield TargetPeriod(label, count, goal, outcome, behind)
