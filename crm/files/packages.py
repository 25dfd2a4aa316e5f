"""Office documents are archives. What is inside is measured before anything is unpacked, and little of it is."""

import re
import zipfile
from io import BytesIO

from flask_babel import lazy_gettext as _l

from crm.files.refusal import DAMAGED, Refused

MOST_ENTRIES = 5_000
MOST_UNPACKED = 150_000_000
MOST_OF_ONE = 1_000_000
LOOKED_AT = 65_536

ENCRYPTED = 0x1
CONTENT_TYPES, MIME_TYPE = "[Content_Types].xml", "mimetype"
_TOO_BIG_INSIDE = _l("The file is far larger inside than outside. It was not opened.")
_ENTITIES = _l("The file holds definitions that a document does not need. It was not opened.")
_MACROS = _l("The document holds macros. Save it without them, as .docx, .xlsx or .pptx, or as PDF.")
_PASSWORD = _l("The file has a password. Save it without one.")
_PATHS = _l("The file holds names that lead out of it. It was not opened.")

_MAIN = re.compile(rb'ContentType="(application/vnd[^"]{1,150}\.main\+xml)"')
_MACRO_MAIN = re.compile(rb"macroEnabled", re.IGNORECASE)


def main_part(content: bytes) -> str | None:
    """The media type of the document's main part; None for an archive that is no document, and "" for one of another
    kind. Raises Refused.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _examined(package, len(content))
    except Refused:
        raise
    except Exception as error:  # a damaged archive makes zipfile raise errors of a dozen types
        raise Refused(DAMAGED) from error


def _examined(package: zipfile.ZipFile, packed: int) -> str | None:
    entries = package.infolist()
    _check_size(entries, packed)
    for entry in entries:
        _check_entry(package, entry)
    names = {entry.filename for entry in entries}
    if MIME_TYPE in names:
        return _read(package, MIME_TYPE).decode("ascii", "replace").strip()
    if CONTENT_TYPES not in names:
        return None
    types = _read(package, CONTENT_TYPES)
    if _MACRO_MAIN.search(types) or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(_MACROS)
    found = _MAIN.search(types)
    return found[1].decode("ascii") if found else ""


def _check_size(entries: list[zipfile.ZipInfo], packed: int) -> None:
    # zipfile never unpacks more of an entry than its directory says, so the sizes said bind.
    unpacked = sum(entry.file_size for entry in entries)
    tight = unpacked > 10_000_000 and unpacked > 100 * packed
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or tight:
        raise Refused(_TOO_BIG_INSIDE)


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise Refused(_PASSWORD)
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/"):
        raise Refused(_PATHS)
    if name.lower().endswith((".xml", ".rels", ".vml")):
        with package.open(entry) as part:
            beginning = part.read(LOOKED_AT).replace(
                b"\x00", b""
            )  # a definition stands before the first element
        if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
            raise Refused(_ENTITIES)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(MOST_OF_ONE)
