"""Reading the counts that the database keeps: a few hundred short rows, however many interactions there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from crm.database import among
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.reports.models import EVERYTHING, FIRST_YEAR, LAST_YEAR, CountedMonth, CountedReach, PartyKind
from crm.reports.queries.counting import Counts
from crm.reports.queries.filter import ReportFilter, Step, whole_months, whole_years


@dataclass(frozen=True)
class Usable:
    """Which of the kept counts answer a report as exactly as counting would."""

    months: bool
    years: bool


NEITHER = Usable(months=False, years=False)


def usable_for(asked: ReportFilter) -> Usable:
    """What answers the report; nothing where only some kinds of interactions are counted."""
    return NEITHER if asked.is_narrowed else usable_between(asked.since, asked.until)


def usable_between(since: date, until: date) -> Usable:
    """Kept counts are for whole months and whole years.

    Days that end in the middle of one are as good as whole where nothing was held in the rest of it, as when the
    last day is today. One statement, only where the days are not whole years.
    """
    first, last = whole_years(since, until)
    if first.year <= FIRST_YEAR or last.year >= LAST_YEAR:
        return NEITHER
    if (first, last) == (since, until):
        return Usable(months=True, years=True)
    before, after = db.session.execute(
        select(
            _held(first, since - timedelta(days=1)).with_only_columns(func.max(Interaction.starts_on)).scalar_subquery(),
            _held(until + timedelta(days=1), last).with_only_columns(func.min(Interaction.starts_on)).scalar_subquery(),
        )
    ).one()  # fmt: skip
    month_first, month_last = whole_months(since, until)
    return Usable(
        months=(before is None or before < month_first) and (after is None or after > month_last),
        years=before is None and after is None,
    )


def _held(since: date, until: date) -> Select[int]:
    return select(Interaction.id).where(
        Interaction.status == literal_column("'held'"),
        Interaction.deleted_at.is_(None),
        Interaction.starts_on >= since,
        Interaction.starts_on <= until,
    )


def read_interactions(asked: ReportFilter, scopes: Iterable[int], counts: Counts) -> None:
    """Fill in the interactions. One statement."""
    first, last = (day.year * 100 + day.month for day in (asked.since, asked.until))
    given = {"scopes": [EVERYTHING, *scopes], "first": first, "last": last}
    for scope, number, n in db.session.execute(_BY_PERIOD[asked.by], given).all():
        counts.interactions[scope][number] = int(n)


def interactions_by_month(scopes: Iterable[int], since: date, until: date) -> dict[int, dict[int, int]]:
    """Of each scope, by the month's number (see Step), from the month of the first day to that of the last. One statement."""
    first, last = (day.year * 100 + day.month for day in (since, until))
    found: dict[int, dict[int, int]] = {scope: {} for scope in scopes}
    given = {"scopes": list(found), "first": first, "last": last}
    for scope, month, n in db.session.execute(_BY_PERIOD[Step.month], given).all():
        found[scope][month] = n
    return found


def _by_period(by: Step) -> Select[*tuple[Any, ...]]:
    """Interactions of `scopes` in each period from month `first` to `last`."""
    month = CountedMonth.month // 100 * 12 + CountedMonth.month % 100 - 1
    within = (
        among(CountedMonth.scope, "scopes"),
        CountedMonth.month.between(bindparam("first", type_=Integer), bindparam("last", type_=Integer)),
    )
    if by is Step.month:
        return select(CountedMonth.scope, month, CountedMonth.interactions).where(*within)
    period = (month // by.months).label("period")
    total = func.sum(CountedMonth.interactions)
    return select(CountedMonth.scope, period, total).where(*within).group_by(CountedMonth.scope, "period")


_BY_PERIOD = {step: _by_period(step) for step in Step}


def read_reached(asked: ReportFilter, scopes: Iterable[int], counts: Counts) -> None:
    """Fill in the organisations and the contacts. One statement."""
    given = {"scopes": list(scopes), "years": years_as_number(asked.since.year, asked.until.year)}
    for scope, kind, n in db.session.execute(_REACHED, given).all():
        counts.reached[PartyKind(kind)][scope] = int(n)


_REACHED = (
    select(CountedReach.scope, CountedReach.kind, func.sum(CountedReach.parties))
    .where(
        among(CountedReach.scope, "scopes"),
        CountedReach.years.bitwise_and(bindparam("years", type_=BigInteger)) != 0,
    )
    .group_by(CountedReach.scope, CountedReach.kind)
)


def count_reached_by(scope: int, kind: PartyKind, first: int, last: int) -> int:
    """How many organisations or contacts a scope reached in the years, both included. One statement."""
    given = {"scopes": [scope], "years": years_as_number(first, last)}
    rows = db.session.execute(_REACHED, given).all()
    return next((int(n) for _scope, found, n in rows if found == kind), 0)


def years_as_number(first: int, last: int) -> int:
    """A set of years as counted_reach has it."""
    return sum(1 << (year - FIRST_YEAR) for year in range(first, last + 1))


def interactions_by_scope(scopes: Iterable[int]) -> dict[int, int]:
    """Held interactions of each scope, whenever they were. One statement."""
    return {scope: int(n) for scope, n in db.session.execute(_WHENEVER, {"scopes": list(scopes)}).all()}


_WHENEVER = (
    select(CountedMonth.scope, func.sum(CountedMonth.interactions))
    .where(among(CountedMonth.scope, "scopes"))
    .group_by(CountedMonth.scope)
)


@dataclass(frozen=True, slots=True)
class YearNumbers:
    year: int
    interactions: int
    organisations: int
    contacts: int


_SCOPE = bindparam("scope", type_=BigInteger)
_YEAR = (CountedMonth.month // 100).label("year")
_YEARS_OF_SCOPE = union_all(
    select(literal(None, String), _YEAR, cast(func.sum(CountedMonth.interactions), Integer))
    .where(CountedMonth.scope == _SCOPE)
    .group_by(_YEAR.name),
    select(CountedReach.kind, CountedReach.years, CountedReach.parties).where(CountedReach.scope == _SCOPE),
)
"""A year's interactions, with no kind; then how many of a kind were reached in a set of years."""


def numbers_by_year(scope: int) -> list[YearNumbers]:
    """What a scope has had in each calendar year in which it has had anything, the latest first. One statement."""
    return numbers_and_more(scope, ())[0]


def numbers_and_more(
    scope: int, counts: Sequence[Select[*tuple[Any, ...]]]
) -> tuple[list[YearNumbers], dict[str, dict[int, int]]]:
    """As `numbers_by_year`, and beside it what the statements count: each gives (name, year, number), and what comes back
    is numbers by name and year. One statement, since a page may send few.
    """
    statement = union_all(*_YEARS_OF_SCOPE.selects, *counts) if counts else _YEARS_OF_SCOPE
    more: dict[str, dict[int, int]] = defaultdict(dict)
    rows: list[Any] = []
    for kind, year, number in db.session.execute(statement, {"scope": scope}).all():
        if kind in {None, *PartyKind}:
            rows.append((kind, year, number))
        else:
            more[kind][year] = number
    return _by_year(rows), more


def _by_year(rows: Sequence[Any]) -> list[YearNumbers]:
    interactions: dict[int, int] = {year: n for kind, year, n in rows if kind is None}
    reached: dict[PartyKind, dict[int, int]] = {kind: defaultdict(int) for kind in PartyKind}
    for kind, years, parties in rows:
        for year in interactions if kind else ():
            if years >> (min(max(year, FIRST_YEAR), LAST_YEAR) - FIRST_YEAR) & 1:
                reached[PartyKind(kind)][year] += parties
    return [
        YearNumbers(year, n, reached[PartyKind.organisation][year], reached[PartyKind.contact][year])
        for year, n in sorted(interactions.items(), reverse=True)
    ]
