"""What is kept with made-up interactions: minutes as PDF, and pictures of what was drawn on the board."""

import textwrap
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

LINE, LINES, CHARACTERS = 16, 42, 88
_STEPS = ("Behov", "Tomt", "Regulering", "Bygging", "Flytting")
_INK, _BOARD, _NOTE = (30, 60, 90), (246, 246, 242), (250, 214, 98)


def minutes(title: str, text: str) -> bytes:
    """A PDF of one page; text that finds no room on it is left out."""
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, CHARACTERS) or [""]][:LINES]
    drawn = [b"BT /F2 16 Tf 60 780 Td (%s) Tj" % _escaped(title[:60]), b"/F1 11 Tf 0 -14 Td"]
    drawn += [b"0 -%d Td (%s) Tj" % (LINE, _escaped(line)) for line in lines]
    content = b"\n".join([*drawn, b"ET"])
    font = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
    return _document(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R/Resources<</Font<</F1 4 0 R/F2 5 0 R>>>>>>",
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    )


def _document(*objects: bytes) -> bytes:
    written = BytesIO()
    written.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(written.tell())
        written.write(b"%d 0 obj%s endobj\n" % (number, body))
    table = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    written.writelines(b"%010d 00000 n \n" % place for place in places)
    written.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return written.getvalue()


def _escaped(text: str) -> bytes:
    return (
        text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    )


def board(rng: Random, title: str) -> bytes:
    """A JPEG: the way that was drawn on the board, with notes stuck on it."""
    image = Image.new("RGB", (2400, 1600), _BOARD)
    draw = ImageDraw.Draw(image)
    draw.text((120, 90), title[:44], fill=_INK, font=ImageFont.load_default(84))
    for place, step in enumerate(_STEPS):
        left, top = 120 + place * 440, 420 + rng.randint(-40, 40)
        draw.rounded_rectangle((left, top, left + 360, top + 220), 30, outline=_INK, width=8)
        draw.text((left + 40, top + 80), step, fill=_INK, font=ImageFont.load_default(56))
        if place:
            draw.line((left - 70, top + 110, left - 10, top + 110), fill=_INK, width=8)
    for _ in range(6):
        left, top = rng.randint(120, 2000), rng.randint(850, 1300)
        draw.rectangle((left, top, left + 230, top + 200), fill=_NOTE)
        for line in range(4):
            draw.line(
                (left + 25, top + 45 + line * 35, left + rng.randint(120, 205), top + 45 + line * 35), _INK, 5
            )
    written = BytesIO()
    image.save(written, "JPEG", quality=85)
    return written.getvalue()
