"""Which kinds of file are taken, and how one is known by its content, whatever its name says."""

import re
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.files.packages import main_part
from crm.files.refusal import Refused


class Kind(StrEnum):
    """A kind of file; its value is the media type."""

    jpeg = "image/jpeg"
    png = "image/png"
    webp = "image/webp"
    pdf = "application/pdf"
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    odt = "application/vnd.oasis.opendocument.text"
    ods = "application/vnd.oasis.opendocument.spreadsheet"
    odp = "application/vnd.oasis.opendocument.presentation"
    text = "text/plain"
    csv = "text/csv"
    email = "message/rfc822"
    calendar = "text/calendar"

    @property
    def endings(self) -> tuple[str, ...]:
        """What names of such files end in, the usual one first."""
        return _ENDINGS.get(self, (f".{self.name}",))

    @property
    def is_picture(self) -> bool:
        return self.value.startswith("image/")

    @property
    def label(self) -> Any:
        return _LABELS[self]


_ENDINGS = {
    Kind.jpeg: (".jpg", ".jpeg"),
    Kind.text: (".txt", ".md"),
    Kind.email: (".eml",),
    Kind.calendar: (".ics",),
}
_LABELS = {
    Kind.jpeg: _l("Picture"),
    Kind.png: _l("Picture"),
    Kind.webp: _l("Picture"),
    Kind.pdf: "PDF",
    Kind.docx: _l("Document"),
    Kind.odt: _l("Document"),
    Kind.xlsx: _l("Spreadsheet"),
    Kind.ods: _l("Spreadsheet"),
    Kind.pptx: _l("Presentation"),
    Kind.odp: _l("Presentation"),
    Kind.text: _l("Text"),
    Kind.csv: _l("Table in text"),
    Kind.email: _l("E-mail"),
    Kind.calendar: _l("Calendar entry"),
}
ENDINGS = tuple(ending for kind in Kind for ending in kind.endings)
"""Of every kind that is taken."""

_WHAT_IS_TAKEN = _l("Choose a picture (JPEG, PNG, WebP), a PDF, an Office document or plain text.")
_HEIC = _l(
    "Pictures of the kind HEIC cannot be opened on every machine. Choose “Most Compatible” in the phone's "
    "settings for the camera, or save the picture as JPEG."
)
_OTHER_PICTURE = _l("Pictures of this kind are not taken. Save it as JPEG or PNG.")
_WEB_PAGE = _l("This is a web page or a drawing with code in it. Save it as PDF or as a picture.")
_OLD_OFFICE = _l(
    "This is a file of an old kind, or one with a password. Save it as .docx, .xlsx, .pptx or PDF without one."
)
_ARCHIVE = _l("This is a compressed archive. Unpack it, and choose the files.")
_RECORDING = _l("Films and sound recordings are not taken.")

_PICTURES = (
    (re.compile(rb"\xff\xd8\xff"), Kind.jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Kind.png),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), Kind.webp),
)
_REFUSED: tuple[tuple[re.Pattern[bytes], Any], ...] = (
    (re.compile(rb"....ftyp(?:hei|hev|mif1|msf1)", re.DOTALL), _HEIC),
    (
        re.compile(
            rb"GIF8[79]a|II\*\x00|MM\x00\*|\x00\x00\x01\x00|BM....\x00\x00|....ftypavi[fs]", re.DOTALL
        ),
        _OTHER_PICTURE,
    ),
    (re.compile(rb"....ftyp|\x1aE\xdf\xa3|ID3|OggS|fLaC|RIFF....(?:WAVE|AVI )", re.DOTALL), _RECORDING),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf"), _OLD_OFFICE),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|BZh[1-9]|\xfd7zXZ\x00|PK\x05\x06"), _ARCHIVE),
)
_PDF = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,16}%PDF-")
_MARKUP = re.compile(
    r"\s*<(?:!doctype|!--|\?xml|html|head|body|script|svg|iframe|img|meta|style)\b", re.IGNORECASE
)
_HEADER = re.compile(r"[!-9;-~]+:[ \t\r\n]")
_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Kind.docx,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Kind.xlsx,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": Kind.pptx,
    Kind.odt.value: Kind.odt,
    Kind.ods.value: Kind.ods,
    Kind.odp.value: Kind.odp,
}


def recognise(content: bytes) -> tuple[Kind, ...]:
    """What the content can be, the likeliest first: text can be several things. Raises Refused."""
    if not content.strip():
        raise Refused(_l("The file is empty."))
    for beginning, kind in _PICTURES:
        if beginning.match(content):
            return (kind,)
    for beginning, reason in _REFUSED:
        if beginning.match(content):
            raise Refused(reason)
    if _PDF.match(content):
        return (Kind.pdf,)
    if content.startswith(b"PK\x03\x04"):
        return (_kind_of_package(content),)
    return _kinds_of_text(content)


def _kind_of_package(content: bytes) -> Kind:
    part = main_part(content)
    if part is None or part not in _PARTS:
        raise Refused(_ARCHIVE if part is None else _WHAT_IS_TAKEN)
    return _PARTS[part]


def _kinds_of_text(content: bytes) -> tuple[Kind, ...]:
    text = _decoded(content)
    if text is None:
        raise Refused(_WHAT_IS_TAKEN)
    if _MARKUP.match(text):
        raise Refused(_WEB_PAGE)
    if text.startswith("BEGIN:VCALENDAR"):
        return (Kind.calendar, Kind.text)
    if _HEADER.match(text):
        return (Kind.text, Kind.csv, Kind.email)
    return (Kind.text, Kind.csv)


def _decoded(content: bytes) -> str | None:
    """The text, or None where it is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        return None
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        control = sum(character < " " and character not in "\t\n\r\f" for character in text[:100_000])
        return text if control <= len(text[:100_000]) // 100 else None
    return None
