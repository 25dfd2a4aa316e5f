"""The report's table as its page shows it. It may have well over a thousand numbers, each with an address: their cells are
written here, and the template has the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from crm.reports.models import Level
from crm.reports.queries import Links, MeasureReport, Row, narrowing
from crm.web.formatting import number


@dataclass(frozen=True, slots=True)
class TableRow:
    """`share` is how long the bar under a measure's label is: per cent of the longest."""

    level: str
    code: str
    label: str
    is_gap: bool
    share: float
    cells: Markup


@dataclass(frozen=True, slots=True)
class NumberLinks:
    """The addresses behind a row's interactions, organisations and contacts."""

    interactions: Links
    organisations: Links
    contacts: Links

    def cells(self, row: Row) -> Markup:
        """A row's numbers. Each opens its rows, only a period's 0 does not."""
        narrowed = narrowing(row)
        whole = (
            (row.interactions, self.interactions),
            (row.organisations, self.organisations),
            (row.contacts, self.contacts),
        )
        written = [_cell(n, f"{links.start}{narrowed}{links.whole}") for n, links in whole]
        start = f'<td><a href="{self.interactions.start}{narrowed}'
        written += [
            f'{start}{days}">{number(n)}</a></td>' if n else "<td>0</td>"
            for n, days in zip(row.periods.values(), self.interactions.periods, strict=True)
        ]
        return Markup("".join(written))  # noqa: S704  numbers, and addresses that come escaped


def _cell(n: int, address: str) -> str:
    quiet = "" if n else ' class="count-zero"'
    return f'<td><a href="{address}"{quiet}>{number(n)}</a></td>'


def focus_areas_with_rows(
    report: MeasureReport, links: NumberLinks, language: str
) -> Iterator[Sequence[TableRow]]:
    """For each focus area its own row, its strategies' and their measures', in the plan's order."""
    largest = max((row.interactions for row in report.measures), default=0)
    rows: list[TableRow] = []
    for row in report.rows:
        if row.level is Level.focus_area and rows:
            yield rows
            rows = []
        rows.append(
            TableRow(
                level=row.level.name,
                code=row.code,
                label=row.label(language),
                is_gap=row.level is Level.measure and not row.interactions,
                share=round(row.interactions / largest * 100, 1) if largest else 0,
                cells=links.cells(row),
            )
        )
    if rows:
        yield rows
