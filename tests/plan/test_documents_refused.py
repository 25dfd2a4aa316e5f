"""A document that cannot be read gives the line and the reason, and opens nothing harmful."""

import io
import zipfile
import zlib

import docx
import openpyxl
import pytest

from crm.plan.documents import MAX_FILE_BYTES, UnreadableDocument, read_plan
from tests.plan.documents.sample import as_docx, as_text, as_xlsx, fjelldal_plan, message_of, saved

START = "1. Fjell\nStrategi A: Heis\nTiltak\n- Bygge.\n"


def refusal(content, name="plan.txt"):
    with pytest.raises(UnreadableDocument) as caught:
        read_plan(name, content if isinstance(content, bytes) else content.encode())
    assert str(caught.value)
    return caught.value.line, message_of(caught.value.reason)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Bare prosa.\n- og en liste\n", None, "No focus area was found."),
        (START + "3. Dal\n", 5, "This is focus area 3, but number 2 comes here."),
        (START + "1. Dal\n", 5, "This is focus area 1, but number 2 comes here."),
        ("2. Dal\n", 1, "This is focus area 2, but number 1 comes here."),
        (START + "Strategi C: Bane\n", 5, "This is strategy 1.C, but 1.B comes here."),
        (START + "Strategi A: Bane\n", 5, "This is strategy 1.A, but 1.B comes here."),
        (START + "Strategi 2.B: Bane\n", 5, "This is strategy 2.B, but 1.B comes here."),
        ("Strategi A: Heis\n" + START, 1, "A strategy stands here before any focus area."),
        (START + "Strategi B:\n", 5, "This strategy has no title."),
        (START + "Strategi B: Bane\nTiltak\n", 6, "The heading for measures has no measures under it."),
        (START + "Strategi B: Bane\nTiltak\nStrategi C: Tau\n", 6, "The heading for measures has no"),
        (START + "Strategi B: Bane\nDelstrategi\n- Fort.\n2. Dal\n", 5, "This strategy has no measures."),
        (START + "2. Dal\n", 5, "This focus area has no strategies."),
        (START + "2. Dal\nTiltak\n- Bygge.\n", 6, "This heading stands before any strategy."),
        (START + "2. Dal\n- Bygge.\n", 6, "This item stands outside the lists"),
        (START + "Strategi B: Bane\n- Bygge.\n", 6, "This item stands outside the lists"),
        (START + f"- {'å' * 2001}\n", 5, "This text is longer than 2000 characters."),
        (START + f"2. {'Å' * 301}\n", 5, "This text is longer than 300 characters."),
        (START + "\n".join(["- Å" + "å" * 1200, "å" * 1200]), 6, "This text is longer than 2000 characters."),
        ("\n" * 20_001 + START, 20_001, "The document is too long."),
    ],
)
def test_structure(text, line, reason):
    found_line, found_reason = refusal(text)
    assert (found_line, found_reason[: len(reason)]) == (line, reason)


def test_a_refusal_shows_the_text_that_stands_there():
    with pytest.raises(UnreadableDocument) as caught:
        read_plan("plan.txt", (START + "3. " + "Dal " * 30).encode())
    assert caught.value.excerpt.startswith("Dal Dal")
    assert len(caught.value.excerpt) == 61
    assert message_of(caught.value.place) == "Line 5"


HEAD = "level;code;wording\n"
ROWS = "focus_area;1;Fjell\nstrategy;1.A;Heis\nmeasure;1.A.1;Bygge.\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (HEAD + "kapittel;1;Fjell\n", 2, "“kapittel” is no level of a plan."),
        (HEAD + "focus_area;1;\n", 2, "The wording is missing."),
        (HEAD + "focus_area;en;Fjell\n", 2, "“en” is no code for this level. Write it as 1."),
        (HEAD + ROWS + "strategy;C9;Tau\n", 5, "“C9” is no code for this level. Write it as 1.A."),
        (HEAD + ROWS + "measure;1.A.3;Måle.\n", 5, "This is measure 1.A.3, but 1.A.2 comes here."),
        (HEAD + ROWS + "measure;1.B.2;Måle.\n", 5, "This is measure 1.B.2, but 1.A.2 comes here."),
        (HEAD + "plan;;En\nplan;;To\n", 3, "The plan has a title already."),
        (HEAD, None, "No focus area was found."),
        (HEAD + "measure;;Bygge.\n", 2, "This item stands outside the lists"),
        (HEAD + ROWS + f'measure;;"{"x" * 140_000}"\n', 5, "This row cannot be split into columns."),
        ("level;wording;label_nb\nfocus_area;Fjell;" + "x" * 101, 2, "A short name is longer than 100"),
    ],
)
def test_sheet(text, line, reason):
    found_line, found_reason = refusal(text, "plan.csv")
    assert (found_line, found_reason[: len(reason)]) == (line, reason)


def test_workbook_without_the_columns():
    workbook = openpyxl.Workbook()
    workbook.active.append(["Navn", "Beløp"])
    line, reason = refusal(saved(workbook), "plan.xlsx")
    assert (line, reason) == (1, "The sheet has no columns for level and wording. Use the template.")


def png():
    header = b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + chunk + zlib.crc32(chunk).to_bytes(4, "big")


@pytest.mark.parametrize("name", ["plan.txt", "plan.docx", "plan.xlsx", "plan.csv"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png(), "This is a picture."),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "This is a picture."),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "This is a picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is a picture."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "This is a PDF."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "This is a Word or Excel file of an old kind"),
        (rb"{\rtf1\ansi 1. Fjell}", "This kind of document cannot be read."),
        (b"<!DOCTYPE html><p>1. Fjell", "This kind of document cannot be read."),
        (b"\x1f\x8b\x08\x00" + bytes(20), "This is a compressed archive."),
        (b"", "The file is empty."),
        (b" \r\n\t\n", "The file is empty."),
        (b"1. Fjell\n" * (MAX_FILE_BYTES // 9 + 1), "The file is larger than 5 MB."),
        (b"1. Fjell\x00\nStrategi A: Heis", "This file is not a document with text."),
        (b"\x7fELF\x02\x01\x01" + bytes(64), "This file is not a document with text."),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_other_files_by_their_content(name, content, reason):
    line, found = refusal(content, name)
    assert (line, found[: len(reason)]) == (None, reason)


def test_bytes_that_are_no_text_are_named_by_line():
    assert refusal(START.encode() + b"- B\x81\xe5t\n") == (5, "There are characters here that are not text.")
    assert refusal(START.encode() + b"\n- \x07\n") == (6, "There are characters here that are not text.")


def repacked(content, change):
    """The package with each part's content passed through `change(name, content)`, and what that adds."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


@pytest.mark.parametrize("render", [as_docx, as_xlsx])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(render, encoding):
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

    def change(name, part):
        if not name.endswith(("document.xml", "sheet1.xml")):
            return part
        text = part.decode()
        start = text.index("?>") + 2 if text.startswith("<?xml") else 0
        return (bomb + text[start:]).encode(encoding)

    line, reason = refusal(repacked(render(fjelldal_plan()), change))
    assert (line, reason[:26]) == (None, "The file holds definitions")


@pytest.mark.parametrize("part", ["word/document.xml", "docProps/thumbnail.jpeg"])
def test_a_file_far_larger_inside_is_not_opened(part):
    bomb = repacked(as_docx(fjelldal_plan()), lambda name, old: b" " * 60_000_000 if name == part else old)
    assert len(bomb) < 200_000
    assert refusal(bomb)[1].startswith("The file is far larger inside")


def test_too_many_entries_are_not_opened():
    target = io.BytesIO(as_docx(fjelldal_plan()))
    with zipfile.ZipFile(target, "a") as package:
        for number in range(2_000):
            package.writestr(f"word/media/{number}", b"")
    assert refusal(target.getvalue())[1].startswith("The file is far larger inside")


def test_other_packages():
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as package:
        package.writestr("plan.txt", as_text(fjelldal_plan()))
    assert refusal(plain.getvalue())[1].startswith("This is a compressed archive.")
    open_document = io.BytesIO()
    with zipfile.ZipFile(open_document, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert refusal(open_document.getvalue())[1].startswith("This kind of document")
    assert refusal(as_docx(fjelldal_plan())[:-300])[1] == "The file is damaged and cannot be opened."


def test_a_sheet_that_claims_to_be_huge_is_read_within_bounds():
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["B1"] = "level", "wording"
    workbook.active["XFD1048576"] = "x"
    assert refusal(saved(workbook)) == (20_001, "The document is too long.")


def test_a_wide_cell_span_in_a_table_costs_nothing():
    document = docx.Document()
    for line in START.splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = "- Måle."
    table.rows[0]._tr.tc_lst[0].grid_span = 1_000_000_000
    assert [item.wording for item in read_plan("x", saved(document)).measures()] == ["Bygge.", "Måle."]
