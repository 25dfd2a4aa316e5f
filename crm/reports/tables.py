"""What the exports hold: headings and rows as plain values, in the reader's language."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.accounts.directory import directory
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.interactions.queries.every_row import every_row
from crm.interactions.queries.listing import InteractionQuery, Named
from crm.interactions.vocabulary import Outcome, Signal
from crm.organisations.presentation import labels_of
from crm.reports.models import Level
from crm.reports.queries import Days, MeasureReport, NotedQuery, SignalReport
from crm.web.clock import local
from crm.web.formatting import day

Cells = list[Any]
MEASURE_WIDTHS = {0: 14, 1: 9, 2: 48}
INTERACTION_WIDTHS = {1: 12, 4: 18, 6: 48, 7: 24, 8: 36, 9: 30, 10: 24, 11: 18, 13: 30, 14: 24}
SIGNAL_WIDTHS = {0: 32, 3: 26}
NOTED_WIDTHS = {0: 40, 1: 12, 2: 24, 3: 48}
"""In characters, by column, where the heading does not tell."""


def measure_header(report: MeasureReport) -> Cells:
    return [
        _("Level"),
        _("Code"),
        _("Label"),
        _("Interactions"),
        _("Organisations reached"),
        _("Contacts met"),
        *(period.label for period in report.periods),
    ]


def measure_rows(report: MeasureReport, language: str) -> Iterator[Cells]:
    """The rows that the page shows, with its totals."""
    levels = {
        Level.focus_area: _("Focus area"),
        Level.strategy: _("Strategy"),
        Level.measure: _("Measure"),
        Level.plan: _("Plan"),
    }
    for row in report.all_rows:
        label = row.label(language) or _("Total, each interaction once")
        yield [
            levels[row.level], row.code, label, row.interactions, row.organisations, row.contacts, *row.periods.values(),
        ]  # fmt: skip
    yield [
        "",
        "",
        _("Without a measure of this plan"),
        report.untagged,
        "",
        "",
        *("" for _period in report.periods),
    ]


def signal_header(days: Days) -> Cells:
    before = days.before
    return [
        _("Signal"),
        _("Interactions"),
        _("Organisations reached"),
        _("%(first)s to %(last)s", first=day(before.since), last=day(before.until)),
        _("Difference"),
    ]


def signal_rows(report: SignalReport) -> Iterator[Cells]:
    """The rows that the page shows."""
    for row in report.rows:
        yield [str(row.signal.label), row.interactions, row.organisations, row.before, row.change]


def noted_header() -> Cells:
    return [_("Organisation"), _("Last noted"), _("Noted by"), _("Interaction"), _("Interactions")]


def noted_rows(query: NotedQuery) -> Iterator[Cells]:
    """Every organisation that the page names; a last row says how many interactions were left out."""
    people = directory()
    for row in query.every_row():
        author = people.get(row.author_id)
        yield [row.name, row.on, author.name if author else None, row.title, row.interactions]
    yield from _left_out(query.hidden)


def interaction_header() -> Cells:
    return [
        _("Number"),
        _("Date"),
        _("Starts"),
        _("Ends"),
        _("Kind"),
        _("Status"),
        _("Title"),
        _("Place"),
        _("Organisations"),
        _("Contacts"),
        _("Advisors"),
        _("Measures"),
        _("Confidential"),
        _("Signals"),
        _("What came of it"),
    ]


def interaction_rows(query: InteractionQuery) -> Iterator[Cells]:
    """Every interaction of the list that the viewer may read; a last row says how many were left out."""
    kinds = {kind.value: str(kind.label) for kind in InteractionKind}
    statuses = {status.value: str(status.label) for status in InteractionStatus}
    yes, signals, outcomes = _("Yes"), labels_of(Signal), labels_of(Outcome)
    for row in every_row(query):
        yield [
            row.id,
            row.starts_on,
            f"{local(row.starts_at):%H:%M}" if row.starts_at else None,
            f"{local(row.ends_at):%H:%M}" if row.ends_at else None,
            kinds[row.kind],
            statuses[row.status],
            row.title,
            row.place,
            *map(_names, (row.organisations, row.contacts, row.advisors, row.measures)),
            yes if row.confidential else None,
            "; ".join([signals.get(signal, signal) for signal in row.signals]),
            outcomes.get(row.outcome, row.outcome) if row.outcome else None,
        ]
    yield from _left_out(query.hidden_count())


def _left_out(hidden: int) -> Iterator[Cells]:
    if hidden:
        yield [
            ngettext(
                "%(num)s confidential interaction is left out",
                "%(num)s confidential interactions are left out",
                hidden,
            )
        ]


def _names(parts: Iterable[Named]) -> str:
    return "; ".join([part.name for part in parts])
