"""What is taken, known by its content; what is kept of it; and what is refused, in which words."""

from io import BytesIO

import pytest
from PIL import Image

from crm.files import MOST_BYTES, Refused, prepared
from tests.attachments.made import BLUE, PDF, PLACE, RED, docx, jpeg, opened, package, png, png_bomb, types


@pytest.fixture(autouse=True)
def in_english(app):
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


def near(point, colour):
    return all(abs(a - b) < 40 for a, b in zip(point, colour, strict=True))


def test_a_photograph_is_kept_upright_small_and_without_its_place():
    sent = jpeg(3000, 2000, turn=6)  # the phone was upright: red is to come up
    kept = prepared("IMG_0001.JPG", sent)
    assert (kept.name, kept.media_type) == ("IMG_0001.JPG", "image/jpeg")
    assert (kept.width, kept.height) == (1333, 2000)
    image = opened(kept.content)
    assert image.size == (1333, 2000)
    assert near(image.getpixel((600, 100)), RED)
    assert near(image.getpixel((600, 1900)), BLUE)
    assert not image.getexif()
    assert b"Exif" not in kept.content
    assert PLACE in sent
    assert PLACE not in kept.content
    assert b"Telefonmerket" not in kept.content
    assert len(kept.content) < len(sent)
    small = opened(kept.thumbnail)
    assert (small.format, max(small.size)) == ("JPEG", 480)
    assert near(small.getpixel((100, 20)), RED)
    assert b"Exif" not in kept.thumbnail


@pytest.mark.parametrize(
    ("turn", "top_left"), [(1, RED), (2, BLUE), (3, BLUE), (4, RED), (5, RED), (6, RED), (7, BLUE), (8, BLUE)]
)
def test_every_orientation_is_put_right(turn, top_left):
    image = opened(prepared("a.jpg", jpeg(400, 300, turn=turn)).content)
    assert image.size == ((300, 400) if turn > 4 else (400, 300))
    assert near(image.getpixel((10, 10)), top_left)


def test_a_small_picture_keeps_its_size():
    kept = prepared("a.png", png(300, 200, alpha=True))
    image = opened(kept.content)
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (300, 200))
    assert opened(kept.thumbnail).mode == "RGB"


def test_texts_in_a_png_do_not_stay():
    image, written = Image.new("RGB", (20, 20)), BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Telefonmerket"
    image.save(written, "PNG", exif=exif)
    assert b"Telefonmerket" in written.getvalue()
    assert b"Telefonmerket" not in prepared("a.png", written.getvalue()).content


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1", "LA", "I;16"])
def test_pictures_in_other_colours_are_drawn(mode):
    form = "JPEG" if mode in {"L", "CMYK"} else "PNG"
    written = BytesIO()
    Image.new(mode, (2400, 60)).save(written, form)
    kept = prepared(f"a.{form.lower()}", written.getvalue())
    assert (kept.width, kept.height) == (2000, 50)
    assert opened(kept.content).size == (2000, 50)


def test_two_views_in_one_jpeg_are_one_picture():
    written = BytesIO()
    views = [Image.new("RGB", (900, 600), RED), Image.new("RGB", (90, 60), BLUE)]
    views[0].save(written, "MPO", save_all=True, append_images=views[1:])
    assert near(opened(prepared("a.jpg", written.getvalue()).content).getpixel((5, 5)), RED)


def test_a_huge_photograph_is_read_at_a_fraction_of_its_size():
    kept = prepared("a.jpg", jpeg(9000, 8000, gps=False))
    assert (kept.width, kept.height) == (2000, 1778)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Møtereferat.pdf", PDF, "application/pdf"),
        ("referat.DOCX", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            "referat.odt",
            package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
            "application/vnd.oasis.opendocument.text",
        ),
        ("notat.txt", "Æ e i a æ å".encode(), "text/plain"),
        ("notat.txt", "Blåbærsyltetøy".encode("cp1252"), "text/plain"),
        ("notat.txt", "Til: Kari\nHei".encode("utf-16"), "text/plain"),
        ("liste.csv", b"navn;antall\nKari;3\n", "text/csv"),
        ("svar.eml", b"From: kari@berger.example\r\nSubject: Tomten\r\n\r\nHei\r\n", "message/rfc822"),
        ("mote.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar"),
    ],
)
def test_what_else_is_taken_is_kept_as_it_is(name, content, media_type):
    kept = prepared(name, content)
    assert (kept.name, kept.media_type, kept.content) == (name, media_type, content)
    assert kept.thumbnail is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/møte.pdf", "møte.pdf"),
        ("C:\\Brukere\\Kari\\møte.pdf", "møte.pdf"),
        ("..", "fil.pdf"),
        ("", "fil.pdf"),
        ("  Referat  fra\tmøtet .pdf", "Referat fra møtet.pdf"),
        ("ref\u202efdp.pdf", "reffdp.pdf"),
        ('a<b>:"c|?*.pdf', "a-b---c---.pdf"),
        ("møte 3.9.2026", "møte 3.9.2026.pdf"),
        ("Blåbær", "Blåbær.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
    ],
)
def test_names_lead_nowhere(sent, kept):
    assert prepared(sent, PDF).name == kept


WEB_PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", WEB_PAGE, "web page"),
        ("a.txt", b"\xef\xbb\xbf \n" + WEB_PAGE, "web page"),
        ("a.txt", WEB_PAGE.decode().encode("utf-16"), "web page"),
        ("a.svg", SVG, "web page"),
        ("a.png", b'<?xml version="1.0"?>' + SVG, "web page"),
        ("a.html", b"Hei <b>du</b>", "not what its name says (.html)"),
        ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00", "Choose a picture"),
        ("a.pdf", b"\x7fELF\x02\x01\x01\x00", "Choose a picture"),
        ("a.png", jpeg(20, 20), "Let its name end in .jpg"),
        ("a.jpg", PDF, "(PDF) is not what its name says (.jpg)"),
        ("a.pdf", docx(), "(document)"),
        ("a.docx", PDF, "Let its name end in .pdf"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Most Compatible"),
        ("a.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "Most Compatible"),
        ("a.gif", b"GIF89a\x01\0\x01\0", "as JPEG or PNG"),
        ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0", "Films"),
        ("a.zip", package({"a.txt": "x"}), "compressed archive"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old kind"),
        ("a.txt", b"", "empty"),
        ("a.jpg", b"  \n", "empty"),
        ("a.jpg", jpeg(200, 200)[:2000], "damaged"),
        ("a.png", b"\x89PNG\r\n\x1a\nnonsense", "damaged"),
        ("a.docx", docx()[:-30], "damaged"),
        ("a.pdf", PDF + b" " * MOST_BYTES, "larger than 20 MB"),
        ("a.png", png_bomb(50_000, 50_000), "far too many points"),
        ("a.png", png_bomb(10_000, 4_000), "far too many points"),
        ("a.docx", docx(**{"word/media/x.bin": b"\0" * 60_000_000}), "far larger inside"),
        ("a.docx", docx(**{f"word/{n}.bin": b"" for n in range(5_001)}), "far larger inside"),
        ("a.docx", docx(**{"word/x.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "definitions"),
        ("a.docx", docx(**{"../../etc/passwd": "x"}), "lead out of it"),
        ("a.docx", docx(**{"word\\..\\..\\x": "x"}), "lead out of it"),
        ("a.docx", docx(**{"word/vbaProject.bin": "x"}), "macros"),
        ("a.docx", package({"[Content_Types].xml": types("application/vnd.ms-word.document.macroEnabled.main+xml")}), "macros"),
        ("a.epub", package({"mimetype": "application/epub+zip"}), "Choose a picture"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_why(name, content, reason):
    with pytest.raises(Refused) as refused:
        prepared(name, content)
    assert reason in str(refused.value.reason)


def test_moving_pictures_are_refused():
    written = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE)]
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(Refused, match="Moving pictures"):
        prepared("a.png", written.getvalue())


def test_hostile_metadata_does_not_stop_a_picture():
    sent = jpeg(60, 40, turn=6)
    place = sent.index(b"Exif\0\0") + 14
    kept = prepared("a.jpg", sent[:place] + b"\xff" * 20 + sent[place + 20 :])
    assert {kept.width, kept.height} == {60, 40}


def test_a_picture_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr("crm.files.pictures.SECONDS", 0.01)
    with pytest.raises(Refused, match="damaged"):
        prepared("a.png", png())
