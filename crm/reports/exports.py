"""Spreadsheets as answers: CSV as Norwegian Excel reads it, and XLSX. Both take rows as they come, however many."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import IO, Any

from flask import Flask, Response, current_app
from flask_babel import force_locale, get_locale
from xlsxwriter import Workbook

from crm.database import begin_reading, end_reading

Cells = Iterable[Any]
Rows = Callable[[], Iterable[Cells]]
BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000
"""A sheet holds 1 048 576 rows; further ones begin a new sheet."""
CHUNK = 64 * 1024


def csv_response(filename: str, header: Cells, rows: Rows) -> Response:
    """UTF-8 with byte order mark, semicolons, dates as 2026-09-03; sent while the rows are read.

    `rows` is called when the answer is being sent, after the request has ended: with the same language, in a
    reading transaction of its own.
    """
    app, locale = _application(), str(get_locale())

    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK + csv_line(header)
        with app.app_context(), force_locale(locale):
            reading = begin_reading()
            try:
                batch = []
                for row in rows():
                    batch.append(csv_line(row))
                    if len(batch) == 200:
                        yield "".join(batch)
                        batch = []
                yield "".join(batch)
            finally:
                end_reading(reading)

    response = Response(lines(), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{filename}.csv")
    return response


def xlsx_response(
    filename: str, header: Cells, rows: Rows, *, widths: Mapping[int, int] | None = None
) -> Response:
    """A workbook with the headings frozen, written to a temporary file and sent from there: memory stays flat.

    `widths` are in characters, by column; others are as wide as their headings.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed when the answer has been sent
    try:
        write_workbook(file, [str(heading) for heading in header], rows(), widths or {})
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    response = Response(_chunks(file), content_type=XLSX_TYPE)
    response.call_on_close(file.close)  # where nobody reads to the end
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename=f"{filename}.xlsx")
    return response


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def csv_line(cells: Cells) -> str:
    """One line, its end included. Text that a spreadsheet would take for a formula begins with an apostrophe."""
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow([_text(cell) for cell in cells])
    return line.getvalue()


def _text(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def write_workbook(
    file: IO[bytes], header: list[Any], rows: Iterable[Cells], widths: Mapping[int, int]
) -> None:
    """Text stays text: nothing in a cell becomes a formula, a number or a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        as_date = workbook.add_format({"num_format": "dd.mm.yyyy"})

        def begin_sheet() -> Any:
            sheet = workbook.add_worksheet()
            for column, heading in enumerate(header):
                sheet.set_column(column, column, widths.get(column, min(max(len(heading) + 2, 11), 30)))
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, header, bold)
            return sheet

        sheet = begin_sheet()
        for number, row in enumerate(rows):
            if number and number % MOST_ROWS == 0:
                sheet = begin_sheet()
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number % MOST_ROWS + 1, column, cell, as_date)
                elif isinstance(cell, str):
                    sheet.write_string(number % MOST_ROWS + 1, column, cell)
                elif cell is not None:
                    sheet.write_number(number % MOST_ROWS + 1, column, cell)


def _application() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001  Flask's own way
