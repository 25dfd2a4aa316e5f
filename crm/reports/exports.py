"""Spreadsheets as answers: CSV as Norwegian Excel reads it, and XLSX. Both are sent while their rows are read."""

import csv
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from flask import Flask, Response, current_app, request
from flask_babel import force_locale, get_locale

from crm.database import begin_reading, end_reading
from crm.reports.workbooks import Cells, workbook

Rows = Callable[[], Iterable[Cells]]
BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_A_TIME = 200


def csv_response(filename: str, header: Cells, rows: Rows) -> Response:
    """UTF-8 with byte order mark, semicolons, dates as 2026-09-03; compressed where the reader takes that.

    The rows are read when the answer is being sent, after the request has ended: with the same language, in a
    reading transaction of their own.
    """

    def lines() -> Iterator[bytes]:
        yield (BYTE_ORDER_MARK + csv_line(header)).encode()
        remaining = iter(rows())
        while batch := list(islice(remaining, AT_A_TIME)):
            yield _csv(batch).encode()

    compressed = request.accept_encodings.quality("gzip") > 0
    response = Response(
        _while_sending(_gzipped(lines()) if compressed else lines()), content_type="text/csv; charset=utf-8"
    )
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    return _attached(response, f"{filename}.csv")


def xlsx_response(
    filename: str, header: Cells, rows: Rows, *, widths: Mapping[int, int] | None = None
) -> Response:
    """A workbook with the headings frozen; the rows are read as for CSV. See `workbook` for `widths`."""
    headings = [str(heading) for heading in header]

    def chunks() -> Iterator[bytes]:
        yield from workbook(headings, rows(), widths or {})

    return _attached(Response(_while_sending(chunks()), content_type=XLSX_TYPE), f"{filename}.xlsx")


def csv_line(cells: Cells) -> str:
    """One line, its end included. Text that a spreadsheet would take for a formula begins with an apostrophe."""
    return _csv([cells])


def _csv(rows: Iterable[Cells]) -> str:
    lines = io.StringIO()
    csv.writer(lines, delimiter=";").writerows([_csv_cell(cell) for cell in row] for row in rows)
    return lines.getvalue()


def _csv_cell(cell: Any) -> Any:
    """As Norwegian programs read it: 2,5 hours, since 2.5 would be a day in May."""
    if isinstance(cell, float):
        return str(cell).removesuffix(".0").replace(".", ",")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Compressed so that each chunk can be read as soon as it has come; what compresses pages waits for more."""
    packing = zlib.compressobj(4, wbits=zlib.MAX_WBITS | 16)
    for chunk in chunks:
        yield packing.compress(chunk) + packing.flush(zlib.Z_SYNC_FLUSH)
    yield packing.flush()


def _while_sending(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The first chunk, for which no row is needed; then the others, in the language of this request and in a reading
    transaction of their own.
    """
    app, locale = _application(), str(get_locale())

    def sent() -> Iterator[bytes]:
        yield next(chunks)
        with app.app_context(), force_locale(locale):
            reading = begin_reading()
            try:
                yield from chunks
            finally:
                end_reading(reading)

    return sent()


def _attached(response: Response, filename: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _application() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001  Flask's own way
