"""What the report is asked for: a plan, the days, filters, and the steps that its columns take."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from functools import lru_cache
from typing import Any, Self

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.accounts.directory import directory
from crm.interactions.models import InteractionKind
from crm.interactions.queries.filter import InteractionFilter
from crm.organisations.models import OrganisationKind
from crm.plan.queries import PlanOutline, chosen_plan
from crm.web.clock import today
from crm.web.formatting import day
from crm.web.locale import language
from crm.web.validation import Invalid

MOST_PERIODS = 62
"""More columns than this are no longer a table that somebody reads: five years by month, with room to spare."""


class Step(StrEnum):
    """How long each period is."""

    year = auto()
    quarter = auto()
    month = auto()

    @property
    def label(self) -> Any:
        return {Step.year: _l("Year"), Step.quarter: _l("Quarter"), Step.month: _l("Month")}[self]

    @property
    def months(self) -> int:
        return {Step.year: 12, Step.quarter: 3, Step.month: 1}[self]

    def number(self, of: date) -> int:
        """Periods of this length are numbered on from year 0, as the database numbers them."""
        return (of.year * 12 + of.month - 1) // self.months


@dataclass(frozen=True, slots=True)
class Period:
    """A column: a year, quarter or month, as far as it lies within the days asked for."""

    step: Step
    number: int
    key: str
    """2026, 2026-Q3 or 2026-07."""
    starts_on: date
    ends_on: date

    @property
    def is_whole(self) -> bool:
        """Whether no day of it was left out, so that its key says which days are asked for."""
        return (self.starts_on, self.ends_on) == ends_of(self.number, self.step)

    @property
    def label(self) -> str:
        return _label(self.number, self.step, language())


@lru_cache(1024)
def _label(number: int, step: Step, _language: str) -> str:
    """In the language at hand; kept, since a table by month has dozens of them."""
    year, month = divmod(number * step.months, 12)
    if step is Step.year:
        return str(year)
    if step is Step.quarter:
        return str(_("Q%(quarter)s %(year)s", quarter=month // 3 + 1, year=year))
    return str(format_date(date(year, month + 1, 1), "MMM y"))


def periods_between(since: date, until: date, step: Step) -> list[Period]:
    """The periods that the days, both included, lie in; the first and the last are cut where the days end."""
    found = []
    for number in range(step.number(since), step.number(until) + 1):
        starts_on, ends_on = ends_of(number, step)
        found.append(Period(step, number, _key(number, step), max(starts_on, since), min(ends_on, until)))
    return found


def _key(number: int, step: Step) -> str:
    year, month = divmod(number * step.months, 12)
    return (
        f"{year:04d}"
        + {Step.year: "", Step.quarter: f"-Q{month // 3 + 1}", Step.month: f"-{month + 1:02d}"}[step]
    )


def ends_of(number: int, step: Step) -> tuple[date, date]:
    """The first and the last day of a period."""
    return _first_day(number, step), _first_day(number + 1, step) - timedelta(days=1)


def _first_day(number: int, step: Step) -> date:
    year, month = divmod(number * step.months, 12)
    return date(year, month + 1, 1)


def years_of(asked: "ReportFilter", at: date) -> Iterator[Period]:
    """The plan's years that have begun: what a yearly report is about."""
    last = min(asked.plan.ends_on, max(asked.plan.starts_on, at.replace(month=12, day=31)))
    yield from periods_between(asked.plan.starts_on, last, Step.year)


def whole_months(since: date, until: date) -> tuple[date, date]:
    """The first and the last day of the months that the days lie in."""
    return since.replace(day=1), until.replace(day=calendar.monthrange(until.year, until.month)[1])


def whole_years(since: date, until: date) -> tuple[date, date]:
    return date(since.year, 1, 1), date(until.year, 12, 31)


@dataclass(frozen=True, kw_only=True)
class ReportFilter:
    """Held interactions from `since` to `until`, local days and both included, in the light of one plan."""

    plan: PlanOutline
    since: date
    until: date
    by: Step = Step.year
    kind: str | None = None
    organisation_kind: str | None = None
    advisor: int | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str], plans: Sequence[PlanOutline]) -> Self:
        """From an address's arguments (plan, from, to, by, kind, organisation_kind, advisor); others are left alone.

        Without a plan it is the one that covers the days asked for, else today; without days they are the plan's.
        `plans` are all there are, the latest first. Raises Invalid, with an error for each argument that is wrong.
        """
        errors: dict[str, list[Any]] = {}
        names = ("plan", "from", "to", "kind", "organisation_kind", "advisor")
        try:
            asked = InteractionFilter.parse({name: args[name] for name in names if name in args})
        except Invalid as invalid:
            errors |= invalid.errors
            good = {name: args[name] for name in names if name in args and name not in errors}
            asked = InteractionFilter.parse(good)
        by = args.get("by") or Step.year
        if by not in set(Step):
            errors["by"] = [_("Choose year, quarter or month")]
        plan = chosen_plan(plans, asked.plan, asked.since or asked.until or today())
        if plan is None and "plan" not in errors:
            errors["plan"] = [_("Choose a plan from the list") if plans else _("There is no plan yet")]
        if errors or plan is None:
            raise Invalid(errors)
        found = cls(
            plan=plan,
            since=asked.since or min(plan.starts_on, asked.until or plan.starts_on),
            until=asked.until or max(plan.ends_on, asked.since or plan.ends_on),
            by=Step(by),
            kind=asked.kind,
            organisation_kind=asked.organisation_kind,
            advisor=asked.advisor,
        )
        found._check()
        return found

    def _check(self) -> None:
        if self.until < self.since:
            raise Invalid({"to": [_("Enter a last day that is not before the first")]})
        if self.until < self.plan.starts_on or self.plan.ends_on < self.since:
            message = _(
                "Enter days within the plan’s period, from %(first)s to %(last)s",
                first=day(self.plan.starts_on),
                last=day(self.plan.ends_on),
            )
            raise Invalid({"from": [message]})
        if self.by.number(self.until) - self.by.number(self.since) >= MOST_PERIODS:
            message = _(
                "Choose longer steps or fewer days: this would be more than %(most)s columns",
                most=MOST_PERIODS,
            )
            raise Invalid({"by": [message]})

    @property
    def is_whole_plan(self) -> bool:
        return (self.since, self.until) == (self.plan.starts_on, self.plan.ends_on)

    def narrowed_to(self) -> list[str]:
        """The kinds and the advisor that it is narrowed to, for the name of a file: one must not take it for all."""
        advisor = directory().get(self.advisor or 0)
        words = [
            InteractionKind(self.kind).label if self.kind else None,
            OrganisationKind(self.organisation_kind).label if self.organisation_kind else None,
            advisor.name if advisor else None,
        ]
        return ["-".join(str(word).lower().split()) for word in words if word]

    @property
    def is_narrowed(self) -> bool:
        """Whether only some kinds of interactions or organisations, or one advisor's, are counted."""
        return any((self.kind, self.organisation_kind, self.advisor))

    @property
    def periods(self) -> list[Period]:
        return periods_between(self.since, self.until, self.by)

    def interactions(self, **changes: Any) -> InteractionFilter:
        """The interactions that are looked at, tagged or not; `changes` narrow them to what is behind one number."""
        values: dict[str, Any] = {
            "status": "held",
            "kind": self.kind,
            "organisation_kind": self.organisation_kind,
            "advisor": self.advisor,
            "since": self.since,
            "until": self.until,
        }
        return InteractionFilter(**(values | changes))

    def args(self, **changes: Any) -> dict[str, str]:
        """The arguments of this report's address; a change of None takes one away."""
        values = {
            "plan": self.plan.id,
            "from": self.since,
            "to": self.until,
            "by": self.by,
            "kind": self.kind,
            "organisation_kind": self.organisation_kind,
            "advisor": self.advisor,
        }
        return {name: str(value) for name, value in (values | changes).items() if value is not None}
