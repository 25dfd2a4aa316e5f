"""Files as people and enemies send them, byte by byte."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 60), (30, 60, 200)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PLACE = b"59.9555N 11.0493E"


def jpeg(width=3000, height=2000, *, turn=None, gps=True, colours=(RED, BLUE)):
    """A photograph as a phone writes it: red on the left and blue on the right as the sensor saw it, the place in it."""
    image = Image.new("RGB", (width, height), colours[0])
    image.paste(colours[1], (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x010F] = "Telefonmerket"
    if turn is not None:
        exif[0x0112] = turn
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 57.0, 19.8), 3: "E", 4: (11.0, 2.0, 57.5)})
    written = BytesIO()
    image.save(written, "JPEG", quality=95, exif=exif, comment=PLACE)
    return written.getvalue()


def png(width=300, height=200, *, alpha=False, **options):
    image = Image.new("RGBA" if alpha else "RGB", (width, height), (*GREEN, 90) if alpha else GREEN)
    written = BytesIO()
    image.save(written, "PNG", **options)
    return written.getvalue()


def png_bomb(width, height):
    """A picture that says it has so many points; a few bytes, and gigabytes once opened."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def package(entries, compression=zipfile.ZIP_DEFLATED):
    written = BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return written.getvalue()


def types(main=WORD):
    return (
        f'<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def docx(**more):
    return package({"[Content_Types].xml": types(), "word/document.xml": "<w:document/>", **more})


def opened(content):
    image = Image.open(BytesIO(content))
    image.load()
    return image
