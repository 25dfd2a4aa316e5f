"""Reads a plan from the rows of our template: one row for each heading and item, in the plan's order."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import openpyxl
from flask_babel import lazy_gettext as _l

from crm.plan.catalogue import ShortLabels
from crm.plan.documents.assembly import PlanAssembly
from crm.plan.documents.errors import UnreadableDocument
from crm.plan.documents.structure import Level, PlanDocument, Unit
from crm.plan.documents.text import LINE_ENDINGS, fold, strip_outer, without_bullet

MAX_ROWS = 20_000
MAX_COLUMNS = 20
MAX_SHEETS = 20
HEADER_ROWS = 10
MAX_LABEL_CHARACTERS = 100

# Column names and levels as people write them, folded: "nivå" is "niva".
COLUMNS = {
    "level": ("level", "niva"),
    "code": ("code", "kode"),
    "wording": ("wording", "ordlyd", "tekst", "text"),
    "label_nb": ("label_nb", "kortnavn_bokmal", "kortnamn_bokmal", "short_name_bokmal"),
    "label_nn": ("label_nn", "kortnavn_nynorsk", "kortnamn_nynorsk", "short_name_nynorsk"),
    "label_en": ("label_en", "kortnavn_engelsk", "kortnamn_engelsk", "short_name_english"),
}
LEVELS = {
    "plan": Level.plan,
    "handlingsplan": Level.plan,
    "action_plan": Level.plan,
    "main_goal": Level.main_goal,
    "hovedmal": Level.main_goal,
    "hovudmal": Level.main_goal,
    "impact_goal": Level.impact_goal,
    "effektmal": Level.impact_goal,
    "focus_area": Level.focus_area,
    "innsatsomrade": Level.focus_area,
    "strategy": Level.strategy,
    "strategi": Level.strategy,
    "sub_strategy": Level.sub_strategy,
    "delstrategi": Level.sub_strategy,
    "measure": Level.measure,
    "tiltak": Level.measure,
}
HEADINGS = {Level.plan, Level.focus_area, Level.strategy}
STRATEGY_CODE = re.compile(r"(?:(\d{1,3})\.?)?([A-Za-z])")

Columns = dict[str, int]


def find_columns(cells: Iterable[Any]) -> Columns | None:
    """Where the template's columns stand in this row, or None when it is not the row of column names."""
    words = [_word(_plain(cell)) for cell in cells]
    found = {
        name: index for index, word in enumerate(words) for name, known in COLUMNS.items() if word in known
    }
    return found if {"level", "wording"} <= found.keys() else None


def read_csv(text: str) -> PlanDocument | None:
    """The plan in a sheet in plain text (semicolon, comma or tab), or None when the text is no such sheet."""
    first, _, rest = text.partition("\n")
    # Excel takes this first line as an instruction and numbers the rows after it.
    body = rest if first.strip().lower() in {"sep=;", "sep=,"} else text
    for delimiter in ";,\t":
        rows = _csv_rows(body, delimiter)
        beginning = [row for _, row in zip(range(HEADER_ROWS), _until_error(rows), strict=False)]
        if any(find_columns(row) for row in beginning):
            return read_rows(_csv_rows(body, delimiter), Unit.row)
    return None


def _csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter)


def _until_error(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return


def read_xlsx(content: bytes) -> PlanDocument:
    """The plan in the first sheet that has the template's columns. Raises `UnreadableDocument`."""
    try:
        workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        rows = _plan_sheet(workbook.worksheets[:MAX_SHEETS])
    except Exception as error:  # a damaged workbook makes openpyxl raise errors of a dozen types
        raise UnreadableDocument(None, _l("The file is damaged and cannot be opened.")) from error
    if rows is None:
        raise UnreadableDocument(1, _missing_columns(), unit=Unit.row)
    return read_rows(rows, Unit.row)


def _plan_sheet(sheets: list[Any]) -> list[tuple[Any, ...]] | None:
    for sheet in sheets:
        # The limits hold also for a sheet that claims to be the largest there is.
        beginning = sheet.iter_rows(max_row=HEADER_ROWS, max_col=MAX_COLUMNS, values_only=True)
        if any(find_columns(row) for row in beginning):
            return list(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True))
    return None


def read_rows(rows: Iterable[Iterable[Any]], unit: Unit) -> PlanDocument:
    """The plan in these rows, the row of column names among them. Raises `UnreadableDocument`."""
    assembly = PlanAssembly(unit)
    columns: Columns | None = None
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            cells = list(row)
            if number > MAX_ROWS:
                assembly.refuse(number, _l("The document is too long."))
            if columns is None:
                columns = find_columns(cells)
            elif any(strip_outer(_plain(cell)) for cell in cells):
                _take(number, {name: _cell(cells, index) for name, index in columns.items()}, assembly)
    except csv.Error as error:
        raise UnreadableDocument(
            number + 1, _l("This row cannot be split into columns."), unit=unit
        ) from error
    if columns is None:
        assembly.refuse(1, _missing_columns())
    return assembly.finish()


def _missing_columns() -> Any:
    return _l("The sheet has no columns for level and wording. Use the template.")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    level: Level
    code: str
    wording: str
    labels: ShortLabels


def _take(line: int, cells: dict[str, str], assembly: PlanAssembly) -> None:
    level = LEVELS.get(_word(cells["level"]))
    wording = cells["wording"]
    if level is None:
        assembly.refuse(
            line,
            _l(
                "“%(level)s” is no level of a plan. The template lists those that are.",
                level=cells["level"][:40],
            ),
            wording,
        )
    if level not in HEADINGS:
        wording = without_bullet(wording)[1]
    if not wording:
        assembly.refuse(line, _l("The wording is missing."))
    if LINE_ENDINGS.search(wording):
        assembly.warn(line, _l("This text had several lines. They were joined to one."))
        wording = " ".join(strip_outer(piece) for piece in LINE_ENDINGS.split(wording))
    labels = ShortLabels(*(cells.get(f"label_{language}", "") for language in ("nb", "nn", "en")))
    if any(len(label) > MAX_LABEL_CHARACTERS for label in (labels.nb, labels.nn, labels.en)):
        reason = _l("A short name is longer than %(limit)s characters.", limit=MAX_LABEL_CHARACTERS)
        assembly.refuse(line, reason, wording)
    _add(_Row(line, level, cells.get("code", ""), wording, labels), assembly)


def _add(row: _Row, assembly: PlanAssembly) -> None:
    if row.level is Level.plan:
        assembly.add_title(row.line, row.wording)
    elif row.level is Level.focus_area:
        assembly.add_focus_area(row.line, _focus_area_number(row, assembly), row.wording, row.labels)
    elif row.level is Level.strategy:
        number, letter = _strategy_code(row, assembly)
        assembly.add_strategy(row.line, letter, row.wording, row.labels, focus_area=number)
    elif row.level is Level.sub_strategy:
        assembly.add_sub_strategy(row.line, row.wording, row.labels)
    elif row.level is Level.measure:
        assembly.add_measure(row.line, row.wording, row.labels, code=row.code or None)
    else:
        assembly.add_goal(row.level, row.line, row.wording, row.labels)


def _focus_area_number(row: _Row, assembly: PlanAssembly) -> int | None:
    number = row.code.rstrip(".")
    if number and not re.fullmatch(r"\d{1,3}", number):
        assembly.refuse(row.line, _bad_code(row.code, "1"), row.wording)
    return int(number) if number else None


def _strategy_code(row: _Row, assembly: PlanAssembly) -> tuple[int | None, str | None]:
    if not row.code:
        return None, None
    match = STRATEGY_CODE.fullmatch(row.code)
    if match is None:
        assembly.refuse(row.line, _bad_code(row.code, "1.A"), row.wording)
    return (int(match[1]) if match[1] else None), match[2]


def _bad_code(code: str, example: str) -> Any:
    return _l(
        "“%(code)s” is no code for this level. Write it as %(example)s.", code=code[:40], example=example
    )


def _cell(cells: list[Any], index: int) -> str:
    return strip_outer(_plain(cells[index])) if index < len(cells) else ""


def _plain(value: Any) -> str:
    """A cell as text. Excel makes a number of the code 1, sometimes 1.0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _word(text: str) -> str:
    """A column name or level, folded: "Kortnavn (bokmål)" is "kortnavn_bokmal"."""
    return "_".join(re.findall(r"\w+", fold(text).text.lower().replace("_", " ").replace("-", " ")))
