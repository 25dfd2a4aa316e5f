"""Pictures are drawn anew by a program of their own (see drawing.py)."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from crm.files.kinds import Kind
from crm.files.refusal import DAMAGED, Refused

PROGRAM: Final = Path(__file__).with_name("drawing.py")
SECONDS: Final = 40
_REASONS: Final[dict[bytes, Any]] = {
    b"points": _l("The picture has far too many points. Scale it down, and choose it again."),
    b"moving": _l("Moving pictures are not taken. Save one picture of it as JPEG or PNG."),
}
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """Width and height are of `content`; the thumbnail is a JPEG."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes


def drawn_anew(content: bytes, kind: Kind) -> Picture:
    """The picture as it is kept, in the same format. Raises Refused, or OSError where the program cannot be run."""
    command = [sys.executable, "-I", str(PROGRAM), kind.name]
    try:
        with _one_at_a_time:
            drawn = subprocess.run(  # noqa: S603  a program of our own, and one of three words
                command, input=content, capture_output=True, timeout=SECONDS, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise Refused(DAMAGED) from error
    if drawn.returncode:
        raise Refused(_REASONS.get(drawn.stderr.rsplit(b"\n", 1)[-1], DAMAGED))
    sizes, _newline, rest = drawn.stdout.partition(b"\n")
    width, height, length = map(int, sizes.split())
    return Picture(rest[:length], width, height, rest[length:])
