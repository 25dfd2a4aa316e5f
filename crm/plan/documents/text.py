"""From bytes to lines, and the folding that keeps odd characters out of the matching but in the wording."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from crm.plan.documents.errors import UnreadableDocument

LINE_ENDINGS = re.compile(r"\r\n|\r|\n")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
BULLETS = "-–—‐‑−•*·∙▪■●○◦‣⁃\uf0b7\uf0a7"
SENTENCE_END = re.compile(r"[.!?…][)\]»”\"’']*$")
# A line that ends so goes on, whatever the next one begins with.
ABBREVIATIONS = re.compile(
    r"(?:^|[\s(])(?:f\.\s?eks|bl\.\s?a|jf|jfr|ca|nr|kl|dvs|pga|evt|ev|inkl|ekskl|mht|iht|vedr|kap|pkt"
    r"|st|dr|prof|adm|e\.g|i\.e|incl|no|approx)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a reader hands it on: `dashed` where the document's own list style marks it as an item.

    `separate` means that a new paragraph begins here, so the line is not the wrapped rest of the one before.
    """

    number: int
    text: str
    dashed: bool = False
    heading: bool = False
    title: bool = False
    separate: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without accents, invisible characters and odd spaces; each character knows where it came from."""

    text: str
    positions: tuple[int, ...]


def decode(content: bytes) -> str:
    """The text in UTF-8, in UTF-16 where a byte-order mark says so, else in Windows-1252.

    Raises `UnreadableDocument` for bytes that are no text, with the line of the first such byte.
    """
    try:
        if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            text = content.decode("utf-16")
        elif content.startswith(BOM_UTF8):
            text = content.decode("utf-8-sig")
        else:
            text = _decode_unmarked(content)
    except UnicodeDecodeError as error:
        line = len(re.split(rb"\r\n|\r|\n", content[: error.start]))
        raise UnreadableDocument(line, _l("There are characters here that are not text.")) from error
    if odd := CONTROL_CHARACTERS.search(text):
        line = len(LINE_ENDINGS.split(text[: odd.start()]))
        raise UnreadableDocument(line, _l("There are characters here that are not text."))
    return text


def _decode_unmarked(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def split_lines(text: str) -> list[Line]:
    """The lines, numbered from 1 as an editor numbers them; a line after a blank one is `separate`."""
    lines = []
    separate = True
    for number, piece in enumerate(LINE_ENDINGS.split(text), start=1):
        lines.append(Line(number, piece, separate=separate))
        separate = not strip_outer(piece)
    return lines


def strip_outer(text: str) -> str:
    """The text without white space and invisible characters around it; nothing within is touched."""
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_blank(character: str) -> bool:
    return character.isspace() or character in INVISIBLE


def without_bullet(text: str) -> tuple[bool, str]:
    """Whether the text begins with a dash or bullet, and the text after it.

    A hyphen right before a digit is a minus sign or a range, not a dash.
    """
    stripped = strip_outer(text)
    marked = stripped[:1] and stripped[0] in BULLETS
    if not marked or (stripped[0] in "-−" and stripped[1:2].isdigit()):
        return False, stripped
    return True, strip_outer(stripped[1:])


def fold(text: str) -> Folded:
    """The text for matching: base letters (å as a), plain spaces, nothing invisible."""
    characters: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        for part in unicodedata.normalize("NFD", character):
            category = unicodedata.category(part)
            if category in {"Mn", "Cf"}:
                continue
            characters.append(" " if part.isspace() else part)
            positions.append(position)
    return Folded("".join(characters), tuple(positions))


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, and not with an abbreviation such as "f.eks."."""
    return bool(SENTENCE_END.search(text)) and not ABBREVIATIONS.search(text)


def begins_with_capital(text: str) -> bool:
    """Whether the first character that is no opening quote or bracket is a capital letter."""
    return strip_outer(text).lstrip("«“”\"'(‘[")[:1].isupper()
