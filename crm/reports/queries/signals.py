"""Which signals were noted in a period, with which organisations, and what came of its introductions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select

from crm.accounts.models import User
from crm.extensions import db
from crm.interactions.models import (
    Interaction,
    InteractionKind,
    InteractionSignal,
    InteractionStatus,
    interaction_organisations,
)
from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.listing import InteractionQuery
from crm.interactions.queries.secrecy import readable
from crm.interactions.vocabulary import LED_TO_SOMETHING, SOMETHING, UNKNOWN, Outcome, Signal
from crm.organisations.models import Organisation
from crm.reports.queries.filter import Step, ends_of, whole_years
from crm.web.clock import months_before, today
from crm.web.paging import Key, Page, paged
from crm.web.validation import Invalid

YEARS = range(1900, 2200)
OVERDUE_MONTHS = 3
"""After so long somebody ought to know what came of an introduction."""


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, both included."""

    since: date
    until: date

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """From an address's `from` and `to`, or `in`; this year where nothing is asked for. Raises Invalid."""
        asked = InteractionFilter.parse({name: args[name] for name in ("from", "to", "in") if name in args})
        now = today()
        since = asked.since or (asked.until or now).replace(month=1, day=1)
        until = asked.until or max(since, whole_years(now, now)[1])
        wrong = {
            name: [_("Enter a year from %(first)s to %(last)s", first=YEARS[0], last=YEARS[-1])]
            for name, one in (("from", asked.since), ("to", asked.until))
            if one is not None and one.year not in YEARS
        }
        if wrong:
            raise Invalid(wrong)
        if until < since:
            raise Invalid({"to": [_("Enter a last day that is not before the first")]})
        return cls(since, until)

    @property
    def before(self) -> "Days":
        """The period before, to compare with: the year, quarter or month before a whole one, else as many days. What is
        still running is compared with as much of the one before.
        """
        last = min(self.until, max(today(), self.since))
        for step in Step:
            number = step.number(self.since)
            if (self.since, self.until) == ends_of(number, step):
                began, ended = ends_of(number - 1, step)
                return Days(began, ended if last == self.until else months_before(last, step.months))
        length = self.until - self.since + timedelta(days=1)
        return Days(self.since - length, last - length)

    def args(self) -> dict[str, Any]:
        return {"from": self.since.isoformat(), "to": self.until.isoformat()}


@dataclass(frozen=True, slots=True)
class SignalRow:
    """In how many interactions a signal was noted, with how many organisations, and in how many the period before."""

    signal: Signal
    interactions: int
    organisations: int
    before: int

    @property
    def change(self) -> int:
        return self.interactions - self.before


@dataclass(frozen=True, slots=True)
class Introductions:
    """What came of the introductions held in a period; `overdue` of the `unknown` ones were held three months ago or
    more.
    """

    held: int
    by_outcome: Mapping[str, int]
    unknown: int
    overdue: int

    @property
    def led_to_something(self) -> int:
        return sum(self.by_outcome.get(outcome, 0) for outcome in LED_TO_SOMETHING)


class SignalReport:
    """The signals of the days, each with its numbers, those that nobody noted too. Two statements; one more for the
    introductions.
    """

    def __init__(self, days: Days) -> None:
        self.days = days

    @cached_property
    def rows(self) -> list[SignalRow]:
        days, before = self.days, self.days.before
        signal, on = InteractionSignal.signal, Interaction.starts_on
        now, then = (func.sum(case((on.between(one.since, one.until), 1), else_=0)) for one in (days, before))
        noted = _noted(select(signal, now, then), before.since, days.until).group_by(signal)
        link = interaction_organisations.c
        parties = (
            _noted(select(signal, func.count(link.organisation_id.distinct())), days.since, days.until)
            .join(link.interaction_id.table, link.interaction_id == Interaction.id)
            .group_by(signal)
        )
        numbers = {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(noted)}
        reached = {row[0]: int(row[1]) for row in db.session.execute(parties)}
        return [
            SignalRow(one, numbers.get(one, (0, 0))[0], reached.get(one, 0), numbers.get(one, (0, 0))[1])
            for one in Signal
        ]

    @cached_property
    def introductions(self) -> Introductions:
        i = Interaction
        old = func.sum(case((i.starts_on <= self._overdue_from, 1), else_=0))
        found = db.session.execute(
            select(i.outcome, func.count(), old)
            .where(*self.behind_introductions().conditions())
            .group_by(i.outcome)
        ).all()
        numbers = {outcome: int(n) for outcome, n, _old in found}
        overdue = {outcome: int(n) for outcome, _n, n in found}
        known = {outcome.value: numbers.get(outcome, 0) for outcome in Outcome}
        return Introductions(sum(numbers.values()), known, numbers.get(None, 0), overdue.get(None, 0))

    @property
    def _overdue_from(self) -> date:
        return min(self.days.until, months_before(today(), OVERDUE_MONTHS))

    # --- the rows behind each number ---

    def behind(self, signal: str, days: Days | None = None) -> InteractionFilter:
        days = days or self.days
        return InteractionFilter(
            status=InteractionStatus.held, signal=signal, since=days.since, until=days.until
        )

    def behind_introductions(self, outcome: str | None = None) -> InteractionFilter:
        return InteractionFilter(
            kind=InteractionKind.introduction,
            status=InteractionStatus.held,
            outcome=outcome,
            since=self.days.since,
            until=self.days.until,
        )

    @property
    def behind_something(self) -> InteractionFilter:
        return self.behind_introductions(SOMETHING)

    @property
    def behind_unknown(self) -> InteractionFilter:
        return self.behind_introductions(UNKNOWN)

    @property
    def behind_overdue(self) -> InteractionFilter:
        return InteractionFilter(
            kind=InteractionKind.introduction,
            status=InteractionStatus.held,
            outcome=UNKNOWN,
            since=self.days.since,
            until=self._overdue_from,
        )


def _noted(columns: Select[*tuple[Any, ...]], since: date, until: date) -> Select[*tuple[Any, ...]]:
    """Signals of held interactions of the days."""
    held = InteractionFilter(status=InteractionStatus.held, since=since, until=until)
    return (
        columns.select_from(InteractionSignal)
        .join(Interaction, Interaction.id == InteractionSignal.interaction_id)
        .where(*held.conditions())
    )


@dataclass(frozen=True, slots=True)
class NotedRow:
    """An organisation that a signal was noted with: when last, in which interaction, who wrote it, and how many there are."""

    id: int
    name: str
    deleted_at: datetime | None
    on: date
    interaction_id: int
    title: str
    author_id: int
    interactions: int
    behind: InteractionFilter


class NotedQuery:
    """With which organisations a signal was noted, for somebody: the latest first. From interactions that the viewer may
    not read nothing is told here but how many there are.
    """

    def __init__(self, signal: Signal, days: Days, viewer: User) -> None:
        self.signal = signal
        self.days = days
        self.viewer = viewer
        self.asked = SignalReport(days).behind(signal)

    @cached_property
    def hidden(self) -> int:
        """How many interactions the viewer may not read."""
        return InteractionQuery(self.asked, self.viewer).hidden_count()

    @cached_property
    def total(self) -> int:
        named = self._with(func.count(interaction_organisations.c.organisation_id.distinct()))
        return db.session.scalar(named) or 0

    def page(self, cursor: str | None) -> Page[NotedRow]:
        """One page. Raises BadRequest for a wrong cursor."""
        statement, keys = self._latest()
        found = paged(statement, keys=keys, total=self.total, cursor=cursor)
        return Page(self._rows(found.rows), found.total, found.previous_cursor, found.next_cursor)

    def every_row(self) -> Iterator[NotedRow]:
        statement, keys = self._latest()
        found = db.session.execute(statement.order_by(*(key.column.desc() for key in keys)))
        for rows in found.partitions(500):
            yield from self._rows(rows)

    def _with(self, *columns: Any) -> Select[Any]:
        link = interaction_organisations.c
        return (
            select(*columns)
            .select_from(Interaction)
            .join(link.interaction_id.table, link.interaction_id == Interaction.id)
            .where(*self.asked.conditions(), readable(self.viewer))
        )

    def _latest(self) -> tuple[Select[Any], Sequence[Key]]:
        party, i = interaction_organisations.c.organisation_id, Interaction
        place = func.row_number().over(partition_by=party, order_by=(i.starts_on.desc(), i.id.desc()))
        noted = self._with(
            party.label("party"),
            i.id.label("interaction_id"),
            i.title,
            i.starts_on,
            i.author_id,
            place.label("place"),
            func.count().over(partition_by=party).label("interactions"),
        ).subquery()
        latest = (
            select(noted, Organisation.name, Organisation.deleted_at)
            .join(Organisation, Organisation.id == noted.c.party)
            .where(noted.c.place == 1)
        )
        keys = (
            Key("starts_on", noted.c.starts_on, descending=True),
            Key("party", noted.c.party, descending=True),
        )
        return latest, keys

    def _rows(self, found: Sequence[Any]) -> list[NotedRow]:
        return [
            NotedRow(
                id=row.party,
                name=row.name,
                deleted_at=row.deleted_at,
                on=row.starts_on,
                interaction_id=row.interaction_id,
                title=row.title,
                author_id=row.author_id,
                interactions=row.interactions,
                behind=InteractionFilter(
                    status=InteractionStatus.held,
                    signal=self.signal,
                    organisation=row.party,
                    since=self.days.since,
                    until=self.days.until,
                ),
            )
            for row in found
        ]
