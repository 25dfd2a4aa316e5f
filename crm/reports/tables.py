"""What the exports hold: headings and rows as plain values, in the reader's language."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.interactions.models import InteractionKind, InteractionStatus
from crm.interactions.queries.every_row import every_row
from crm.interactions.queries.listing import InteractionQuery, Named
from crm.reports.models import Level
from crm.reports.queries import MeasureReport
from crm.web.clock import local

Cells = list[Any]
MEASURE_WIDTHS = {0: 14, 1: 9, 2: 48}
INTERACTION_WIDTHS = {1: 12, 4: 18, 6: 48, 7: 24, 8: 36, 9: 30, 10: 24, 11: 18}
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
    ]


def interaction_rows(query: InteractionQuery) -> Iterator[Cells]:
    """Every interaction of the list that the viewer may read; a last row says how many were left out."""
    kinds = {kind.value: str(kind.label) for kind in InteractionKind}
    statuses = {status.value: str(status.label) for status in InteractionStatus}
    yes = _("Yes")
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
        ]
    hidden = query.hidden_count()
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
