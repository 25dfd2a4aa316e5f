"""Pictures are drawn anew: upright, no larger than a screen shows, and without what cameras write along, such as the place.

Pillow takes some megabytes, so this module is loaded by the first picture that comes in (see checking.py).
"""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from PIL import Image

from crm.files.kinds import Kind
from crm.files.refusal import DAMAGED, Refused

LONG_SIDE: Final = 2_000
THUMBNAIL_SIDE: Final = 480
QUALITY: Final = 80
MOST_POINTS: Final = {Kind.jpeg: 100_000_000, Kind.png: 30_000_000, Kind.webp: 30_000_000}
"""A JPEG is read at the size that is needed; of the others each point takes four bytes."""
MOST_PROFILE_BYTES: Final = 10_000
ORIENTATION: Final = 0x0112

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TOO_MANY_POINTS = _l("The picture has far too many points. Scale it down, and choose it again.")
_MOVING = _l("Moving pictures are not taken. Save one picture of it as JPEG or PNG.")
_FORMATS: Final = {Kind.jpeg: "JPEG", Kind.png: "PNG", Kind.webp: "WEBP"}
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """Width and height are of `content`; the thumbnail is a JPEG."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes


def drawn_anew(content: bytes, kind: Kind) -> Picture:
    """The picture as it is kept, in the same format. Raises Refused. Several at once would take the memory of several."""
    Image.MAX_IMAGE_PIXELS = max(MOST_POINTS.values())
    try:
        with _one_at_a_time, _opened(content, kind) as image:
            return _drawn(image, kind)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_TOO_MANY_POINTS) from error
    except Exception as error:  # a damaged picture makes Pillow raise errors of a dozen types
        raise Refused(DAMAGED) from error


def _opened(content: bytes, kind: Kind) -> Image.Image:
    image = Image.open(BytesIO(content), formats=[_FORMATS[kind]])
    width, height = image.size
    if width * height > MOST_POINTS[kind]:
        raise Refused(_TOO_MANY_POINTS)
    if kind is not Kind.jpeg and getattr(image, "n_frames", 1) > 1:  # phones put a second view into a JPEG
        raise Refused(_MOVING)
    return image


def _drawn(image: Image.Image, kind: Kind) -> Picture:
    turn, profile, read_as = _turn(image), image.info.get("icc_profile"), image.mode
    scale = LONG_SIDE / max(image.size)
    if scale < 1:  # a JPEG can be read at an eighth of its size, which takes a fraction of the memory
        image.draft("RGB", (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
    shown = _in_colours(image, kind)
    shown.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    shown = shown.copy()
    shown.info = {}  # with all that came along in the file
    if turn is not None:
        shown = shown.transpose(turn)
    # Colours are read by the profile; it is kept where it is short and of a picture in the same colours.
    keeps = profile and len(profile) <= MOST_PROFILE_BYTES and read_as == shown.mode
    options: dict[str, Any] = {"icc_profile": profile if keeps else None}
    small = shown.convert("RGBA") if "A" in shown.getbands() else shown.convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    if small.mode == "RGBA":
        small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("RGB")
    return Picture(
        _written(shown, _FORMATS[kind], **options), *shown.size, _written(small, "JPEG", **options)
    )


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to have it upright; what cannot be understood of it leaves the picture as it is."""
    try:
        return _TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001  hostile metadata raises errors of a dozen types
        return None


def _in_colours(image: Image.Image, kind: Kind) -> Image.Image:
    """The picture with a value of its own for each point."""
    transparent = kind is not Kind.jpeg and ("A" in image.getbands() or "transparency" in image.info)
    mode = "RGBA" if transparent else "L" if image.mode == "L" else "RGB"
    return image.convert(mode) if image.mode != mode else image


def _written(image: Image.Image, form: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, form, quality=QUALITY, optimize=True, **options)
    return written.getvalue()
