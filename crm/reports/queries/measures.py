"""Interactions per measure: one object for the page, the spreadsheets and the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from crm.interactions.queries.filter import InteractionFilter
from crm.plan.queries import FocusAreaNode, MeasureNode, MeasureTree, StrategyNode, measure_tree
from crm.reports.models import EVERYTHING, Level, PartyKind
from crm.reports.queries.counting import Counts, count_interactions, count_reached, scopes_of_plan
from crm.reports.queries.filter import Period, ReportFilter
from crm.reports.queries.kept import read_interactions, read_reached, usable_for
from crm.web.clock import today

Node = FocusAreaNode | StrategyNode | MeasureNode


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of a measure, or the distinct numbers of a strategy, a focus area or the plan (then without node).

    `periods` are interactions by the period's key, in the order of the columns.
    """

    level: Level
    node: Node | None
    interactions: int
    organisations: int
    contacts: int
    periods: dict[str, int]

    @property
    def code(self) -> str:
        return self.node.code if self.node else ""

    def label(self, language: str) -> str:
        return self.node.label(language) if self.node else ""

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows the plan's interactions to this row's, as an interaction filter names it."""
        return {self.level.name: self.node.code} if self.node else {}


class MeasureReport:
    """How many held interactions each measure of a plan has had, how many organisations and contacts were reached.

    An interaction with several measures counts once under each of them; strategies, focus areas and the plan count
    it once. Organisations and contacts are counted distinct for each row; with a kind of organisation chosen, only
    organisations of that kind are. What stands in the bin now, but took part, was reached.
    """

    def __init__(self, asked: ReportFilter, tree: MeasureTree | None = None) -> None:
        self.asked = asked
        self.tree = tree or measure_tree(asked.plan.id)

    @cached_property
    def periods(self) -> list[Period]:
        """The columns. Periods that have not begun yet are left out, unless something was held in them all the same."""
        held = self.counts.interactions[EVERYTHING]
        return [period for period in self.asked.periods if period.starts_on <= today() or held[period.number]]

    @cached_property
    def counts(self) -> Counts:
        """Three statements at most, whatever the number of interactions or measures."""
        counts = Counts()
        scopes = {scope for scopes in scopes_of_plan(self.tree).values() for scope in scopes}
        usable = usable_for(self.asked)
        if usable.months:
            read_interactions(self.asked, scopes, counts)
        else:
            count_interactions(self.asked, self.tree, counts)
        if usable.years:
            read_reached(self.asked, scopes, counts)
        else:
            count_reached(self.asked, self.tree, counts)
        return counts

    @cached_property
    def rows(self) -> list[Row]:
        """Focus areas with their strategies and those with their measures, in the plan's order; empty ones too."""
        found = []
        for area in self.tree.focus_areas:
            found.append(self._row(Level.focus_area, area))
            for strategy in area.strategies:
                found.append(self._row(Level.strategy, strategy))
                found.extend(self._row(Level.measure, measure) for measure in strategy.measures)
        return found

    @property
    def measures(self) -> list[Row]:
        return [row for row in self.rows if row.level is Level.measure]

    @property
    def focus_areas(self) -> list[Row]:
        return [row for row in self.rows if row.level is Level.focus_area]

    @property
    def without_interactions(self) -> list[Row]:
        """The measures that nothing was logged for: the gaps."""
        return [row for row in self.measures if not row.interactions]

    @property
    def all_rows(self) -> list[Row]:
        """The rows and, last, the total: the page from top to bottom."""
        return [*self.rows, self.total]

    @cached_property
    def total(self) -> Row:
        return self._row(Level.plan, None)

    @cached_property
    def untagged(self) -> int:
        """Held interactions of the same days and filters that have no measure of the plan."""
        return sum(self.counts.interactions[EVERYTHING].values()) - self.total.interactions

    def _row(self, level: Level, node: Node | None) -> Row:
        scope = level.scope(node.id if node else self.tree.plan_id)
        by_period = self.counts.interactions[scope]
        return Row(
            level,
            node,
            interactions=sum(by_period.values()),
            organisations=self.counts.reached[PartyKind.organisation][scope],
            contacts=self.counts.reached[PartyKind.contact][scope],
            periods={period.key: by_period.get(period.number, 0) for period in self.periods},
        )

    # --- the rows behind each number ---

    def behind(self, row: Row, period: Period | None = None) -> InteractionFilter:
        """The interactions that a number of the row counts: all of its, or those of one period."""
        days = {"since": period.starts_on, "until": period.ends_on} if period else {}
        return self.asked.interactions(plan=self.asked.plan.id, **row.narrowing, **days)

    @property
    def behind_untagged(self) -> InteractionFilter:
        return self.asked.interactions(plan=self.asked.plan.id, tagged=False)

    def links_to(self, address: str) -> "Links":
        """Addresses of a list page, which takes an interaction filter."""
        every = self.asked.interactions(plan=self.asked.plan.id, since=None, until=None)
        return Links(
            start=str(escape(f"{address}?{urlencode(every.args())}")),
            whole=_days(self.asked.since, self.asked.until),
            periods=self._period_days,
        )

    @cached_property
    def _period_days(self) -> list[str]:
        return [
            f"&amp;in={period.key}" if period.is_whole else _days(period.starts_on, period.ends_on)
            for period in self.periods
        ]

    def answer(self, language: str) -> dict[str, Any]:
        """What the API gives: a row for each measure, and distinct totals."""
        return {
            "rows": [
                {
                    "code": row.code,
                    "label": row.label(language),
                    "interactions": row.interactions,
                    "organisations": row.organisations,
                    "contacts": row.contacts,
                    "periods": row.periods,
                }
                for row in self.measures
            ],
            "totals": {
                "interactions": self.total.interactions,
                "organisations": self.total.organisations,
                "contacts": self.total.contacts,
                "untagged": self.untagged,
            },
            "plan": self.asked.plan.id,
            "from": self.asked.since.isoformat(),
            "to": self.asked.until.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of a list page with the rows behind a report's numbers: `start`, what narrows to a row, and `whole`
    or a period's days.

    They are text for HTML, escaped already, and what they have in common is written once: a page has hundreds of them.
    """

    start: str
    whole: str
    periods: Sequence[str]

    def __call__(self, row: Row) -> Markup:
        """What the row counts in all its days."""
        return Markup(self.start + narrowing(row) + self.whole)  # noqa: S704  escaped already


def narrowing(row: Row) -> str:
    """What an address has to narrow it to the row, escaped."""
    return f"&amp;{row.level.name}={quote(row.node.code)}" if row.node else ""


def _days(since: date, until: date) -> str:
    return f"&amp;from={since}&amp;to={until}"
