"""Spreadsheets hold exactly what is shown, as text that no program takes for anything else."""

import csv
import gzip
import io
import zipfile
import zlib
from datetime import date
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from crm.reports.exports import csv_line, csv_response, xlsx_response
from crm.reports.workbooks import workbook
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    measure,
)

CRAFTED = ["=1+1", "+47 12", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


def csv_rows(page):
    content = page.response.get_data()
    assert page.response.content_type == "text/csv; charset=utf-8"
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def xlsx_sheet(page):
    return load_workbook(io.BytesIO(page.response.get_data())).active


def written(header, rows):
    return io.BytesIO(b"".join(workbook(header, rows, {})))


def xlsx_rows(page):
    return [list(row) for row in xlsx_sheet(page).iter_rows(values_only=True)]


@pytest.fixture
def plan(app):
    return make_plan(date(2025, 1, 1), date(2026, 12, 31), shape=((2,), (1,)))


@pytest.fixture
def manager(app):
    return make_user("manager")


def held(plan, *codes, day=date(2025, 3, 1), **fields):
    return make_interaction(starts_on=day, measures=[measure(plan, code) for code in codes], **fields)


def test_the_report_as_csv_and_xlsx_holds_what_the_page_shows(pages, plan, manager):
    held(plan, "1.A.1", "1.A.2", contacts=[make_contact()])
    held(plan, "1.A.1", day=date(2026, 1, 1))
    held(plan)
    address = f"/reports/measures?plan={plan.id}"
    page = pages.get(address, user=manager)
    links = [a.get("href") for a in page.all(".page-heading-actions a")]
    xlsx, as_csv = (pages.get(link, user=manager) for link in links)
    header, *rows = csv_rows(as_csv)
    assert header == [
        "Nivå",
        "Kode",
        "Navn",
        "Aktiviteter",
        "Virksomheter nådd",
        "Kontaktpersoner møtt",
        "2025",
        "2026",
    ]
    assert rows[:3] == [
        ["Innsatsområde", "1", "Område 1", "2", "2", "1", "1", "1"],
        ["Strategi", "1.A", "Strategi A", "2", "2", "1", "1", "1"],
        ["Tiltak", "1.A.1", "Merkelapp 1A1", "2", "2", "1", "1", "1"],
    ]
    assert rows[-2] == ["Handlingsplan", "", "Sum, hver aktivitet én gang", "2", "2", "1", "1", "1"]
    assert rows[-1] == ["", "", "Uten tiltak i denne planen", "1", "", "", "", ""]
    assert [row[3:] for row in rows[:-1]] == [
        [cell.strip() for cell in row_numbers]
        for row_numbers in ([td.text_content() if hasattr(td, "text_content") else "".join(td.itertext()) for td in tr.iter("td")] for tr in page.all(".report-table tbody tr, .report-table tfoot tr:first-child"))
    ]  # fmt: skip
    assert [["" if cell is None else str(cell) for cell in row] for row in xlsx_rows(xlsx)] == [header, *rows]
    assert isinstance(xlsx_rows(xlsx)[1][3], int), "numbers stay numbers"
    sheet = xlsx_sheet(xlsx)
    assert sheet.freeze_panes == "A2"
    assert "attachment" in as_csv.response.headers["Content-Disposition"]
    assert (
        "aktiviteter-per-tiltak-2025-01-01-2026-12-31.csv" in as_csv.response.headers["Content-Disposition"]
    )


def test_a_narrowed_report_says_so_in_the_name_of_its_file(pages, plan, manager):
    kari = make_user("advisor", name="Kari Ødegård")
    held(plan, "1.A.1", advisors=[kari])
    address = f"/reports/measures?plan={plan.id}&kind=company_visit&advisor={kari.id}&format=xlsx"
    answer = pages.get(address, user=manager)
    told = unquote(answer.response.headers["Content-Disposition"])
    assert "-2026-12-31-bedriftsbesøk-kari-ødegård.xlsx" in told
    assert xlsx_sheet(answer).title == "Næringskontakt"


def test_the_exported_list_holds_the_rows_of_the_list(pages, plan):
    reader = make_user("reader")
    organisation = make_organisation("=HYPERLINK(Ås) AS")
    for n in range(3):
        held(plan, "1.A.1", title=f"Besøk {n}", organisations=[organisation], contacts=[make_contact("Åse")])
    held(plan, "1.A.1", title="Hemmelig", confidential=True)
    held(plan, "2.A.1", title="Noe annet")
    filters = f"plan={plan.id}&measure=1.A.1&status=held"
    listed = pages.get(f"/interactions/?{filters}", user=reader)
    assert any("format=csv" in a.get("href") for a in listed.all(".page-heading-actions a"))
    header, *rows, last = csv_rows(pages.get(f"/reports/interactions?{filters}&format=csv", user=reader))
    title, organisations = header.index("Tittel"), header.index("Virksomheter")
    assert [row[title] for row in rows] == listed.texts("main tbody th") == ["Besøk 2", "Besøk 1", "Besøk 0"]
    assert {row[organisations] for row in rows} == {"'=HYPERLINK(Ås) AS"}
    assert {row[1] for row in rows} == {"2025-03-01"}
    assert last == ["1 fortrolig aktivitet er utelatt"]
    sheet = xlsx_rows(pages.get(f"/reports/interactions?{filters}&format=xlsx", user=reader))
    assert [row[title] for row in sheet[1:-1]] == ["Besøk 2", "Besøk 1", "Besøk 0"]
    assert sheet[1][organisations] == "=HYPERLINK(Ås) AS"
    assert sheet[1][1].date() == date(2025, 3, 1)
    assert sheet[-1][0] == "1 fortrolig aktivitet er utelatt"
    assert (
        len(csv_rows(pages.get(f"/reports/interactions?{filters}&format=csv", user=make_user("manager"))))
        == 5
    )


def test_exports_speak_the_readers_language(pages, plan):
    held(plan, "1.A.1")
    english = make_user("reader", language="en")
    header, row = csv_rows(pages.get(f"/reports/interactions?plan={plan.id}&format=csv", user=english))
    assert header[4:6] == ["Kind", "Status"]
    assert row[4:6] == ["Company visit", "Held"]


def test_an_unknown_format_or_filter_is_refused(pages, plan, manager):
    pages.get("/reports/measures?format=pdf", user=manager, status=400)
    pages.get("/reports/interactions", user=manager, status=400)
    pages.get("/reports/interactions?format=csv&from=x", user=manager, status=400)


def test_text_that_looks_like_a_formula_begins_with_an_apostrophe():
    for text in CRAFTED:
        (cells,) = csv.reader(io.StringIO(csv_line([text, "a=1", -5]), newline=""), delimiter=";")
        assert cells == [f"'{text}", "a=1", "-5"]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    file = written(["=A1", "b"], [*([text, "https://example.org"] for text in CRAFTED), [12, date(2025, 3, 1)], [None, ""]])  # fmt: skip
    with zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    rows = list(load_workbook(file).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:8]] == [*CRAFTED[:5], "_x000D_=1", CRAFTED[6]]
    assert rows[8][0] == 12


def test_a_sheet_that_is_full_is_followed_by_another(monkeypatch):
    monkeypatch.setattr("crm.reports.workbooks.MOST_ROWS", 2)
    sheets = load_workbook(written(["n"], ([n] for n in range(5)))).worksheets
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in sheets] == [
        ["n", 0, 1],
        ["n", 2, 3],
        ["n", 4],
    ]


def test_csv_is_sent_while_it_is_read(app):
    read = []

    def rows():
        for n in range(1000):
            read.append(n)
            yield [n]

    with app.test_request_context():
        sent = csv_response("x", ["n"], rows).iter_encoded()
        assert next(sent) == b"\xef\xbb\xbfn\r\n"
        assert read == [], "the first line does not wait for the database"
        next(sent)
        assert 0 < len(read) < 300
        assert len(b"".join(sent).split()) == 800


def test_a_workbook_is_sent_while_it_is_read(app):
    read = []

    def rows():
        for n in range(30_000):
            read.append(n)
            yield [n, f"{n * n * 7919:x}"]

    with app.test_request_context():
        sent = xlsx_response("x", ["n", "text"], rows).iter_encoded()
        first = next(sent)
        assert first.startswith(b"PK")
        assert read == [], "the first bytes do not wait for the database"
        second = next(sent)
        assert 0 < len(read) < 20_000
        assert len(second) < 200_000
        file = io.BytesIO(first + second + b"".join(sent))
    assert zipfile.ZipFile(file).testzip() is None
    rows = list(load_workbook(file, read_only=True).active.iter_rows(min_row=2, values_only=True))
    assert rows == [(n, f"{n * n * 7919:x}") for n in range(30_000)]


def test_a_workbook_holds_values_as_what_they_are():
    day, time_before = date(2025, 3, 1), date(1899, 5, 17)
    values = [
        12,
        -0.5,
        True,
        day,
        time_before,
        "01234",
        "2025-03-01",
        " a  b ",
        "a\nb",
        "<b>&\"'</b>",
        None,
        "",
        "Åse",
    ]
    sheet = load_workbook(written(["Tall & tegn", *range(12)], [values])).active
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].value == "Tall & tegn"
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold
    cells = [cell.value for cell in sheet[2]]
    assert cells[:3] == [12, -0.5, 1]
    assert cells[3].date() == day
    assert sheet["D2"].number_format == "dd\\.mm\\.yyyy"
    assert cells[4:] == [
        "1899-05-17",
        "01234",
        "2025-03-01",
        " a  b ",
        "a\nb",
        "<b>&\"'</b>",
        None,
        None,
        "Åse",
    ]


def test_text_that_no_cell_can_hold_spoils_no_workbook():
    texts = ["\x00\x0b\x1f", "_x0041_", "\ud800", "\uffff", "]]>", "x" * 40_000]
    rows = load_workbook(written(["a"], [[text] for text in texts])).active.iter_rows(
        min_row=2, values_only=True
    )
    read = [row[0] for row in rows]
    assert read[:5] == ["_x0000__x000B__x001F_", "_x005F_x0041_", "_xD800_", "_xFFFF_", "]]>"]
    assert len(read[5]) == 32_767
    assert read[5].endswith("x…")


def test_an_empty_workbook_has_its_headings():
    assert list(load_workbook(written(["a", "b"], [])).active.iter_rows(values_only=True)) == [("a", "b")]


def test_csv_goes_compressed_to_who_takes_that_and_can_be_read_at_once(app):
    def rows():
        yield from ([n, "Besøk"] for n in range(1000))

    with app.test_request_context(headers={"Accept-Encoding": "gzip, br"}):
        response = csv_response("x", ["n", "Tittel"], rows)
        assert response.headers["Content-Encoding"] == "gzip"
        sent = list(response.iter_encoded())
    assert zlib.decompressobj(wbits=31).decompress(sent[0]) == b"\xef\xbb\xbfn;Tittel\r\n"
    assert gzip.decompress(b"".join(sent)).count(b"\n") == 1001
    assert sum(map(len, sent)) < 5_000


def test_an_export_is_compressed_once_and_only_for_who_takes_it(pages, plan, manager):
    held(plan, "1.A.1")
    address = "/reports/interactions?format=csv"
    packed = pages.get(address, user=manager, headers={"Accept-Encoding": "gzip, br"}).response
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    plain = pages.get(address, user=manager, headers={"Accept-Encoding": "gzip;q=0"}).response
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.get_data()) == plain.get_data()
