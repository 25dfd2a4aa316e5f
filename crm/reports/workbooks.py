"""Workbooks (XLSX) as a stream of bytes: what has been written is sent, and forgotten."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

Cells = Iterable[Any]
MOST_ROWS = 1_000_000
"""A sheet holds 1 048 576 rows; further ones begin a new sheet."""
MOST_BYTES = 1_500_000_000
"""Of one sheet: from 2 GiB on, an archive needs extensions that not every program reads."""
MOST_CHARACTERS = 32_767
"""Of one cell: a program repairs a workbook that has more, by throwing away."""
CHUNK = 64 * 1024
LEVEL = 3
"""Of compression: the next ones take twice as long to make the file a twentieth smaller."""
FIRST_DAY = date(1900, 3, 1)
"""Before it, programs do not agree on a day's number."""
DAY_ZERO = date(1899, 12, 30).toordinal()

_LETTERS = [chr(65 + n) for n in range(26)]
COLUMNS = _LETTERS + [first + second for first in _LETTERS for second in _LETTERS]
HEADING, DAY = 1, 2  # of the styles below, by their place
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"

RELATIONS = f"""<Relationships xmlns="{PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""

STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\
<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">\
<alignment vertical="top" wrapText="1"/></xf>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""

VIEW = """<sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"""


def workbook(header: Sequence[Any], rows: Iterable[Cells], widths: Mapping[int, int]) -> Iterator[bytes]:
    """A workbook with one sheet, or several where the rows do not fit in one; the headings are frozen on each.

    Text stays text: nothing in a cell becomes a formula, a number or a link. `widths` are in characters, by column;
    others are as wide as their headings. The first bytes come before the first row is asked for.
    """
    sent, head = _Sent(), _head(header, widths)
    with ZipFile(sent, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        _write(archive, "_rels/.rels", RELATIONS)
        _write(archive, "xl/styles.xml", STYLES)
        yield sent.taken()
        remaining = _Rows(iter(rows))
        sheets = 0
        while not sheets or remaining.more:
            sheets += 1
            yield from _sheet(archive, sent, sheets, head, remaining)
        for name, xml in _about(sheets).items():
            _write(archive, name, xml)
    yield sent.taken()


class _Sent(RawIOBase):
    """What the archive is written to; it cannot go back, and so needs nothing of what was taken."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces, self.size = self._pieces, [], 0
        return b"".join(pieces)


@dataclass
class _Rows:
    """Rows that know whether there is one more."""

    rows: Iterator[Cells]
    _next: Cells | None = field(default=None)

    @property
    def more(self) -> bool:
        if self._next is None:
            self._next = next(self.rows, None)
        return self._next is not None

    def taken(self) -> Cells:
        row, self._next = self._next, None
        assert row is not None
        return row


def _write(archive: ZipFile, name: str, xml: str) -> None:
    with archive.open(name, "w") as part:
        part.write((DECLARATION + xml).encode())


def _head(header: Sequence[Any], widths: Mapping[int, int]) -> str:
    """How each sheet begins."""
    headings = [str(heading) for heading in header]
    columns = "".join(
        f'<col min="{column}" max="{column}" customWidth="1" '
        f'width="{widths.get(column - 1, min(max(len(heading) + 2, 11), 30))}"/>'
        for column, heading in enumerate(headings, 1)
    )
    begins = f'{DECLARATION}<worksheet xmlns="{MAIN}">{VIEW}<cols>{columns}</cols><sheetData>'
    return begins + _row(1, headings, HEADING)


def _sheet(archive: ZipFile, sent: _Sent, number: int, head: str, rows: _Rows) -> Iterator[bytes]:
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
        written = part.write(head.encode())
        line = 1
        while line <= MOST_ROWS and written < MOST_BYTES and rows.more:
            line += 1
            written += part.write(_row(line, rows.taken()).encode())
            if sent.size >= CHUNK:
                yield sent.taken()
        part.write(b"</sheetData></worksheet>")
    yield sent.taken()


def _row(line: int, cells: Cells, style: int = 0) -> str:
    styled = f' s="{style}"' if style else ""
    written = [f'<row r="{line}">']
    for column, cell in zip(COLUMNS, cells, strict=False):
        if cell is None or cell == "":
            continue
        if isinstance(cell, int | float):
            written.append(f'<c r="{column}{line}"{styled}><v>{cell + 0}</v></c>')
        elif isinstance(cell, date) and cell >= FIRST_DAY:
            written.append(f'<c r="{column}{line}" s="{DAY}"><v>{cell.toordinal() - DAY_ZERO}</v></c>')
        else:
            text = _escaped(cell if isinstance(cell, str) else str(cell))
            written.append(
                f'<c r="{column}{line}"{styled} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )
    written.append("</row>")
    return "".join(written)


_NEEDS_ESCAPE = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, and what would be read as the escape of such a character."""
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _escaped(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        text = f"{text[: MOST_CHARACTERS - 1]}…"
    if not _NEEDS_ESCAPE.search(text):
        return text
    return _NEEDS_ESCAPE.sub(lambda found: _ESCAPES.get(found[0]) or f"_x{ord(found[0]):04X}_", text)


def _about(sheets: int) -> dict[str, str]:
    """The parts that say how many sheets there are. Programs begin at an archive's end, so they may come last."""
    numbers = range(1, sheets + 1)
    names = {n: f"Næringskontakt {n}" if n > 1 else "Næringskontakt" for n in numbers}
    each_sheet = "".join(f'<sheet name="{names[n]}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{CONTENT}.worksheet+xml"/>'
        for n in numbers
    )
    return {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{each_sheet}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        f'<Relationship Id="rId{sheets + 1}" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{CONTENT}.styles+xml"/>{types}</Types>',
    }
