"""Reads pairs of measures' codes: two columns, as text or as a workbook; further columns are for people."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from typing import Any

import openpyxl
from flask_babel import lazy_gettext as _l

from crm.plan.documents.errors import UnreadableDocument
from crm.plan.documents.file_type import FileType, recognise
from crm.plan.documents.structure import Unit
from crm.plan.documents.text import decode, strip_outer
from crm.plan.mapping import Pair

CODE = re.compile(r"\d{1,3}\.[A-Z]\.\d{1,3}")
NONE = {"", "-", "–"}
MAX_ROWS = 5_000


def read_pairs(content: bytes) -> list[Pair]:
    """The pairs of codes, older first, in the file's order; a first row of headings is passed over.

    An empty cell or a dash says that there is no counterpart. Raises `UnreadableDocument` with the row.
    """
    kind = recognise(content)
    if kind is FileType.docx:
        raise UnreadableDocument(None, _l("Pairs of codes come as CSV or as a workbook."))
    rows = _workbook(content) if kind is FileType.xlsx else _text(decode(content))
    return list(_pairs(rows))


def _pairs(rows: Iterable[list[str]]) -> Iterator[Pair]:
    for number, cells in enumerate(rows, start=1):
        old, new = (strip_outer(cell).upper() for cell in (*cells, "", "")[:2])
        if number > MAX_ROWS:
            raise UnreadableDocument(number, _l("The document is too long."), unit=Unit.row)
        wrong = [code for code in (old, new) if code not in NONE and not CODE.fullmatch(code)]
        if wrong and number > 1:
            raise UnreadableDocument(
                number,
                _l("“%(code)s” is no measure's code. Write it as 1.B.3.", code=wrong[0][:40]),
                unit=Unit.row,
            )
        if not wrong and not {old, new} <= NONE:
            yield (None if old in NONE else old, None if new in NONE else new)


def _text(text: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    delimiter = next((mark for mark in ";\t," if mark in first), ";")
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableDocument(1, _l("This row cannot be split into columns."), unit=Unit.row) from error


def _workbook(content: bytes) -> list[list[str]]:
    try:
        workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        rows: Iterable[tuple[Any, ...]] = workbook.worksheets[0].iter_rows(
            max_row=MAX_ROWS + 1, max_col=2, values_only=True
        )
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    except Exception as error:  # a damaged workbook makes openpyxl raise errors of a dozen types
        raise UnreadableDocument(None, _l("The file is damaged and cannot be opened.")) from error
