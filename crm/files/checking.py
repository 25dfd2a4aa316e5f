"""From a file as somebody chose it to what is kept of it: checked, drawn anew where it is a picture, named for people."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from flask_babel import lazy_gettext as _l

from crm.files.kinds import Kind, recognise
from crm.files.pictures import drawn_anew
from crm.files.refusal import Refused
from crm.web.forms.fields import tidy

MOST_BYTES: Final = 20_000_000
MOST_CHARACTERS: Final = 150
NAMELESS: Final = "fil"
_ENDING = re.compile(r"\.(?=\d*[A-Za-z])[A-Za-z0-9]{1,5}")
"""Not the year that a name may end in."""
_UNWELCOME = re.compile(r'[<>:"|?*]')
"""What names of files must not hold on some machine."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is kept of a file. `name` is for people; width and height in points, and the thumbnail, are a picture's."""

    name: str
    media_type: str
    content: bytes
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def prepared(filename: str, content: bytes) -> Prepared:
    """What is kept of a file of that name. Raises Refused, or OSError where a picture cannot be drawn."""
    if len(content) > MOST_BYTES:
        raise Refused(_l("The file is larger than %(megabytes)s MB.", megabytes=MOST_BYTES // 1_000_000))
    kinds = recognise(content)
    name, kind = _named(filename, kinds)
    if not kind.is_picture:
        return Prepared(name, kind.value, content)
    picture = drawn_anew(content, kind)
    return Prepared(name, kind.value, picture.content, picture.width, picture.height, picture.thumbnail)


def tidy_name(filename: str) -> str:
    """The last part of a path, as a name that any machine can hold."""
    last = re.split(r"[/\\]", tidy(filename))[-1]
    return _UNWELCOME.sub("-", last).strip(" .")


def _named(filename: str, kinds: tuple[Kind, ...]) -> tuple[str, Kind]:
    """The name, and which of the kinds it says. A name without an ending gets one; one that lies is refused."""
    path = PurePosixPath(tidy_name(filename) or NAMELESS)
    stem, ending = path.stem, path.suffix
    if not _ENDING.fullmatch(ending):
        stem, ending = path.name, kinds[0].endings[0]
    kind = next((one for one in kinds if ending.lower() in one.endings), None)
    if kind is None:
        raise Refused(
            _l(
                "What the file holds (%(kind)s) is not what its name says (%(ending)s). Let its name end in %(right)s, "
                "or save it anew.",
                kind=str(kinds[0].label).lower() if kinds[0] is not Kind.pdf else "PDF",
                ending=ending,
                right=kinds[0].endings[0],
            )
        )
    return stem[: MOST_CHARACTERS - len(ending)].strip(" .") + ending, kind
