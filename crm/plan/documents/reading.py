"""The way in: recognises the document and hands it to the reader of its kind."""

from dataclasses import replace
from pathlib import PurePath

from flask_babel import lazy_gettext as _l

from crm.plan.documents.assembly import PlanAssembly
from crm.plan.documents.file_type import FileType, recognise
from crm.plan.documents.outline import read_outline
from crm.plan.documents.sheet import read_csv, read_xlsx
from crm.plan.documents.structure import PlanDocument, Remark, Unit
from crm.plan.documents.text import decode, split_lines
from crm.plan.documents.word import read_word

MAX_LINES = 20_000
EXPECTED_TYPES = {
    ".docx": FileType.docx,
    ".xlsx": FileType.xlsx,
    ".txt": FileType.text,
    ".csv": FileType.text,
}


def read_plan(filename: str, content: bytes) -> PlanDocument:
    """The plan in the document, or `UnreadableDocument` with the line and the reason; no other error.

    The kind of document is recognised by its content. `filename` only serves to remark on an ending that misleads.
    """
    kind = recognise(content)
    if kind is FileType.docx:
        document = read_word(content)
    elif kind is FileType.xlsx:
        document = read_xlsx(content)
    else:
        document = _read_text(decode(content))
    ending = PurePath(filename).suffix.lower()
    if ending in EXPECTED_TYPES and EXPECTED_TYPES[ending] is not kind:
        remark = Remark(1, _l("The file is not what the end of its name says. It was read by its content."))
        document = replace(document, warnings=(remark, *document.warnings))
    return document


def _read_text(text: str) -> PlanDocument:
    if (sheet := read_csv(text)) is not None:
        return sheet
    assembly = PlanAssembly(Unit.line)
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        assembly.refuse(MAX_LINES + 1, _l("The document is too long."))
    read_outline(lines, assembly)
    return assembly.finish()
