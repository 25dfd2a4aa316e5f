"""Draws a picture anew: upright, no larger than a screen shows, and without what cameras write along, such as the place.

A program of its own, which imports nothing of ours: `python drawing.py jpeg|png|webp` takes a picture on standard
input. On standard output it gives a line with width, height and length of the picture, the picture in the same format, and a
small one as JPEG. What it refuses it names by a word on standard error, and ends with 3. A picture from outside so
has no more memory and time than are given to it here, takes none of the server's, and cannot end it.
"""

import resource
import sys
from io import BytesIO
from typing import Any, Final

from PIL import Image

LONG_SIDE: Final = 2_000
THUMBNAIL_SIDE: Final = 480
QUALITY: Final = 80
MOST_POINTS: Final = {"jpeg": 100_000_000, "png": 30_000_000, "webp": 30_000_000}
"""A JPEG is read at the size that is needed; of the others each point takes four bytes."""
MOST_PROFILE_BYTES: Final = 10_000
ORIENTATION: Final = 0x0112
MOST_MEMORY: Final = 1_000_000_000
SECONDS: Final = 20
REFUSED: Final = 3

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Unwelcome(Exception):
    """With the word for why."""


def draw(content: bytes, kind: str) -> tuple[int, int, bytes, bytes]:
    """Width, height, the picture, the small one. Raises Unwelcome, or an error of Pillow's."""
    with _opened(content, kind) as image:
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
    return *shown.size, _written(shown, kind.upper(), **options), _written(small, "JPEG", **options)


def _opened(content: bytes, kind: str) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MOST_POINTS[kind]
    try:
        image = Image.open(BytesIO(content), formats=[kind.upper()])
    except Image.DecompressionBombError as error:
        raise Unwelcome("points") from error
    width, height = image.size
    if width * height > MOST_POINTS[kind]:
        raise Unwelcome("points")
    if kind != "jpeg" and getattr(image, "n_frames", 1) > 1:  # phones put a second view into a JPEG
        raise Unwelcome("moving")
    return image


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to have it upright; what cannot be understood of it leaves the picture as it is."""
    try:
        return _TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001  hostile metadata raises errors of a dozen types
        return None


def _in_colours(image: Image.Image, kind: str) -> Image.Image:
    """The picture with a value of its own for each point."""
    transparent = kind != "jpeg" and ("A" in image.getbands() or "transparency" in image.info)
    mode = "RGBA" if transparent else "L" if image.mode == "L" else "RGB"
    return image.convert(mode) if image.mode != mode else image


def _written(image: Image.Image, form: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, form, quality=QUALITY, **options)
    return written.getvalue()


def main(kind: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        width, height, content, thumbnail = draw(sys.stdin.buffer.read(), kind)
    except Unwelcome as refusal:
        sys.stderr.write(str(refusal))
        return REFUSED
    except Exception:  # noqa: BLE001  a damaged picture makes Pillow raise errors of a dozen types
        sys.stderr.write("damaged")
        return REFUSED
    sys.stdout.buffer.write(b"%d %d %d\n" % (width, height, len(content)) + content + thumbnail)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
