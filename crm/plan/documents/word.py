"""Reads a Word document (.docx) into lines. A line's number is that of its paragraph; a table row counts as one.

python-docx opens the package; the text is taken from the elements themselves, because its `Paragraph.text` leaves out
what was inserted with tracked changes and what stands in content controls.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn
from flask_babel import lazy_gettext as _l

from crm.plan.documents.assembly import PlanAssembly
from crm.plan.documents.errors import UnreadableDocument
from crm.plan.documents.outline import MEASURES, SUB_STRATEGIES, read_outline
from crm.plan.documents.sheet import find_columns, read_rows
from crm.plan.documents.structure import PlanDocument, Unit
from crm.plan.documents.text import Line, fold, strip_outer, without_bullet

MAX_BLOCKS = 20_000
PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
TEXT, TAB, BREAK, CARRIAGE_RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
HARD_HYPHEN, SOFT_HYPHEN = qn("w:noBreakHyphen"), qn("w:softHyphen")
NUMBERING, PROPERTIES, VALUE = qn("w:numPr"), qn("w:pPr"), qn("w:val")
DELETED = {qn("w:del"), qn("w:moveFrom")}
CHANGES = {*DELETED, qn("w:ins"), qn("w:moveTo")}
# Text in these is no part of the paragraph it is anchored in.
SKIPPED = {PROPERTIES, qn("w:rPr"), qn("w:txbxContent"), qn("w:sectPr"), *DELETED}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style says about the paragraphs that have it."""

    heading: bool = False
    title: bool = False
    listed: bool = False
    contents: bool = False


def read_word(content: bytes) -> PlanDocument:
    """The plan in a Word document. Raises `UnreadableDocument`."""
    try:
        document = docx.Document(BytesIO(content))
        body = document.element.body
        styles = _styles(document)
    except Exception as error:  # a damaged package makes python-docx and lxml raise errors of a dozen types
        raise UnreadableDocument(None, _l("The file is damaged and cannot be opened.")) from error
    assembly = PlanAssembly(Unit.paragraph)
    if any(element.tag in CHANGES for element in body.iter()):
        assembly.warn(1, _l("The document has tracked changes. It was read as if all of them were accepted."))
    reader = _Reader(styles, assembly)
    if (table := reader.template_table(body)) is not None:
        return read_rows(reader.cells_of(table), Unit.row)
    read_outline(reader.lines(body), assembly)
    return assembly.finish()


def _styles(document: Any) -> dict[str, _Style]:
    """What each style says, by its id, with what it inherits. The built-in names are English in every Word."""
    found: dict[str, _Style] = {}
    for style in document.styles:
        if not hasattr(style, "base_style"):
            continue
        chain: list[Any] = []
        current = style
        while current is not None and len(chain) < 12:
            chain.append(current)
            current = current.base_style
        names = [(ancestor.name or "").lower() for ancestor in chain]
        numbered = next((_numbering(ancestor.element) for ancestor in chain), None)
        heading = any(name.startswith("heading") for name in names)
        found[style.style_id] = _Style(
            heading=heading,
            title=names[0] == "title",
            listed=not heading
            and (any(name.startswith(("list bullet", "list number")) for name in names) or bool(numbered)),
            contents=any(name.startswith("toc") for name in names),
        )
    return found


def _numbering(element: Any) -> bool | None:
    """Whether the paragraph or style is a list item by its own numbering; None when it does not say."""
    properties = element.find(PROPERTIES)
    numbering = None if properties is None else properties.find(NUMBERING)
    if numbering is None:
        return None
    number = numbering.find(qn("w:numId"))
    # Number 0 takes the numbering of the style away.
    return number is not None and number.get(VALUE) != "0"


class _Reader:
    def __init__(self, styles: dict[str, _Style], assembly: PlanAssembly) -> None:
        self.styles = styles
        self.assembly = assembly
        self.count = 0

    def lines(self, body: Any) -> Iterator[Line]:
        """Every line of the body, tables included, in order."""
        for block in _blocks(body):
            self.count += 1
            if self.count > MAX_BLOCKS:
                self.assembly.refuse(self.count, _l("The document is too long."))
            if block.tag == PARAGRAPH:
                yield from self._paragraph(block)
            else:
                yield from self._table(block)

    def template_table(self, body: Any) -> Any | None:
        """The first table whose first row has the template's columns, if there is one."""
        for block in _blocks(body):
            if block.tag == TABLE and find_columns(next(self.cells_of(block), [])):
                return block
        return None

    def cells_of(self, table: Any) -> Iterator[list[str]]:
        """The rows of a table as plain texts."""
        for row in _children(table, ROW):
            yield [_cell_text(cell) for cell in _children(row, CELL)]

    def _paragraph(self, paragraph: Any, *, listed: bool = False) -> Iterator[Line]:
        style = self._style(paragraph)
        own = _numbering(paragraph)
        dashed = listed or (not style.heading and (style.listed if own is None else own))
        if style.contents:
            return
        line = Line(self.count, "", dashed=dashed, heading=style.heading, title=style.title, separate=True)
        yield from (
            replace(line, text=text, separate=not index)
            for index, text in enumerate(_pieces(paragraph, dashed))
        )

    def _style(self, paragraph: Any) -> _Style:
        properties = paragraph.find(PROPERTIES)
        named = None if properties is None else properties.find(qn("w:pStyle"))
        return _Style() if named is None else self.styles.get(named.get(VALUE) or "", _Style())

    def _table(self, table: Any) -> Iterator[Line]:
        """A table read by columns where its first row names lists, otherwise row by row and cell by cell."""
        rows = [_children(row, CELL) for row in _children(table, ROW)]
        first = self.count
        heads = [_heading_of_list(cell) for cell in rows[0]] if rows else []
        if len(heads) > 1 and any(heads):
            for column, head in enumerate(heads):
                if head:
                    yield from self._column(
                        head, [row[column] if column < len(row) else None for row in rows], first
                    )
                elif head is None:
                    self.assembly.warn(
                        first, _l("The table has columns that are no part of the plan. They were left out.")
                    )
        else:
            for index, cells in enumerate(rows):
                self.count = first + index
                for cell in cells:
                    for paragraph in _paragraphs(cell):
                        yield from self._paragraph(paragraph)
        self.count = first + max(len(rows), 1) - 1

    def _column(self, head: str, cells: list[Any], first: int) -> Iterator[Line]:
        yield Line(first, head)
        for index, cell in enumerate(cells[1:], start=1):
            self.count = first + index
            for paragraph in () if cell is None else _paragraphs(cell):
                yield from self._paragraph(paragraph, listed=True)


def _blocks(container: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those in content controls."""
    for child in container:
        if child.tag in {PARAGRAPH, TABLE}:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")}:
            yield from _blocks(child)


def _children(container: Any, tag: str) -> list[Any]:
    """Rows of a table or cells of a row, also those in content controls."""
    found = []
    for child in container:
        if child.tag == tag:
            found.append(child)
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent")}:
            found += _children(child, tag)
    return found


def _paragraphs(cell: Any) -> Iterator[Any]:
    """The paragraphs of a cell in order, those of tables within it too."""
    for block in _blocks(cell):
        if block.tag == PARAGRAPH:
            yield block
        else:
            for row in _children(block, ROW):
                for inner in _children(row, CELL):
                    yield from _paragraphs(inner)


def _cell_text(cell: Any) -> str:
    return " ".join(_text(paragraph) for paragraph in _paragraphs(cell))


def _text(paragraph: Any) -> str:
    """The paragraph's text as if all tracked changes were accepted, with its line breaks."""
    return "".join(_characters(paragraph))


def _characters(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag == TAB:
            yield "\t"
        elif child.tag == CARRIAGE_RETURN or (
            child.tag == BREAK and child.get(qn("w:type")) in {None, "textWrapping"}
        ):
            yield "\n"
        elif child.tag == HARD_HYPHEN:
            yield "‑"
        elif child.tag == SOFT_HYPHEN:
            yield "\u00ad"
        elif child.tag not in SKIPPED and child.tag != FALLBACK and len(child):
            yield from _characters(child)


def _pieces(paragraph: Any, dashed: bool) -> list[str]:
    """The paragraph's lines. A list item keeps what follows a line break, unless that has a dash of its own."""
    pieces: list[str] = []
    for piece in _text(paragraph).split("\n"):
        if pieces and dashed and not without_bullet(piece)[0]:
            pieces[-1] = f"{pieces[-1]} {strip_outer(piece)}".strip(" ")
        else:
            pieces.append(piece)
    return pieces


def _heading_of_list(cell: Any) -> str | None:
    """The text of a cell that names a list, an empty text for an empty cell, None for any other."""
    text = strip_outer(_cell_text(cell))
    folded = fold(text).text
    return text if not text or SUB_STRATEGIES.fullmatch(folded) or MEASURES.fullmatch(folded) else None
