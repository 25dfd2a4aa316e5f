"""Recognises a file by its content, and refuses what is no document or would do harm when opened."""

import re
import zipfile
from enum import StrEnum, auto
from io import BytesIO
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.plan.documents.errors import UnreadableDocument

MAX_FILE_BYTES = 5_000_000
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 50_000_000
MAX_UNPACKED_XML_BYTES = 10_000_000

ENCRYPTED = 0x1
CONTENT_TYPES = "[Content_Types].xml"
DOCUMENT_TYPE = b"<!DOCTYPE"
DECLARATIONS = tuple(
    DOCUMENT_TYPE.decode().encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)

_PICTURE = _l("This is a picture. Choose the document with the plan's text.")
_PDF = _l("This is a PDF. Save the plan as a Word document (.docx) or as plain text, and choose that.")
_OLD_OFFICE = _l(
    "This is a Word or Excel file of an old kind, or one with a password. Save it as .docx or .xlsx without one."
)
_OTHER_DOCUMENT = _l("This kind of document cannot be read. Save it as .docx, .xlsx, .csv or plain text.")
_ARCHIVE = _l("This is a compressed archive. Unpack it, and choose the document.")
_BINARY = _l("This file is not a document with text.")
_DAMAGED = _l("The file is damaged and cannot be opened.")
_TOO_BIG_INSIDE = _l("The file is far larger inside than outside. It was not opened.")
_ENTITIES = _l("The file holds definitions that a document does not need. It was not opened.")

# What files of each kind begin with.
_REFUSED: tuple[tuple[re.Pattern[bytes], Any], ...] = (
    (
        re.compile(
            rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|RIFF....WEBP|\x00\x00\x01\x00", re.DOTALL
        ),
        _PICTURE,
    ),
    (
        re.compile(rb"BM....\x00\x00\x00\x00|....ftyp(?:heic|heix|mif1|avif)|\s*<svg[\s>]", re.DOTALL),
        _PICTURE,
    ),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-"), _PDF),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _OLD_OFFICE),
    (re.compile(rb"\{\\rtf|(?:\xef\xbb\xbf)?\s*(?:<!doctype|<html|<\?xml)", re.IGNORECASE), _OTHER_DOCUMENT),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|BZh[1-9]|\xfd7zXZ\x00|PK\x05\x06"), _ARCHIVE),
)


class FileType(StrEnum):
    """The kinds of file that a plan can come in. A sheet in plain text is told from other text later."""

    text = auto()
    docx = auto()
    xlsx = auto()


def recognise(content: bytes) -> FileType:
    """The kind of file, by its content. Raises `UnreadableDocument` for every other kind, with what it is."""
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableDocument(
            None, _l("The file is larger than %(megabytes)s MB.", megabytes=MAX_FILE_BYTES // 1_000_000)
        )
    if not content.strip():
        raise UnreadableDocument(None, _l("The file is empty."))
    for beginning, reason in _REFUSED:
        if beginning.match(content):
            raise UnreadableDocument(None, reason)
    if content.startswith(b"PK\x03\x04"):
        return _recognise_package(content)
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableDocument(None, _BINARY)
    return FileType.text


def _recognise_package(content: bytes) -> FileType:
    """The kind of an Office file. What is inside is measured before any of it is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            _check_size(entries)
            for entry in entries:
                _check_entry(package, entry)
            return _kind_of_package(package)
    except UnreadableDocument:
        raise
    except Exception as error:  # a damaged archive makes zipfile raise errors of a dozen types
        raise UnreadableDocument(None, _DAMAGED) from error


def _check_size(entries: list[zipfile.ZipInfo]) -> None:
    # zipfile never unpacks more of an entry than its directory says, so the sizes said bind.
    xml_bytes = sum(entry.file_size for entry in entries if _is_xml(entry))
    all_bytes = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or all_bytes > MAX_UNPACKED_BYTES or xml_bytes > MAX_UNPACKED_XML_BYTES:
        raise UnreadableDocument(None, _TOO_BIG_INSIDE)


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith((".xml", ".rels", ".vml"))


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise UnreadableDocument(None, _OLD_OFFICE)
    unpacked = package.read(entry)
    if any(declaration in unpacked for declaration in DECLARATIONS):
        raise UnreadableDocument(None, _ENTITIES)


def _kind_of_package(package: zipfile.ZipFile) -> FileType:
    names = set(package.namelist())
    if CONTENT_TYPES not in names:
        raise UnreadableDocument(None, _OTHER_DOCUMENT if "mimetype" in names else _ARCHIVE)
    types = package.read(CONTENT_TYPES)
    if b"wordprocessingml.document.main+xml" in types:
        return FileType.docx
    if b"spreadsheetml.sheet.main+xml" in types:
        return FileType.xlsx
    raise UnreadableDocument(None, _OTHER_DOCUMENT)
