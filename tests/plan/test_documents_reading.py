"""The same plan in every kind of document reads as the same plan."""

import docx
import pytest

from crm.plan.documents import Level, Unit, read_plan, template_csv, template_xlsx
from tests.plan.documents.sample import (
    as_csv,
    as_docx,
    as_lines,
    as_text,
    as_xlsx,
    fjelldal_plan,
    message_of,
    rows_of,
    saved,
)

RENDERINGS = {
    "text": as_text,
    "text with CRLF": lambda plan: as_text(plan, ending="\r\n"),
    "text with CR": lambda plan: as_text(plan, ending="\r"),
    "text with BOM": lambda plan: as_text(plan, encoding="utf-8-sig"),
    "text in Windows-1252": lambda plan: as_text(plan, ending="\r\n", encoding="cp1252"),
    "text in UTF-16": lambda plan: as_text(plan, encoding="utf-16"),
    "Word": as_docx,
    "Excel": as_xlsx,
    "CSV": as_csv,
    "CSV with commas": lambda plan: as_csv(plan, delimiter=",", ending="\n"),
    "CSV with BOM": lambda plan: as_csv(plan, encoding="utf-8-sig"),
    "CSV in Windows-1252": lambda plan: as_csv(plan, encoding="cp1252"),
}


@pytest.mark.parametrize("render", RENDERINGS.values(), ids=RENDERINGS.keys())
def test_reads_equal_from_every_format(render):
    plan = fjelldal_plan()
    document = read_plan("plan", render(plan))

    assert rows_of(document) == list(plan.rows())
    assert len(document.focus_areas) == 5
    assert len(list(document.strategies())) == 15
    assert len(list(document.sub_strategies())) == 34
    assert len(list(document.measures())) == 43
    assert (len(document.main_goals), len(document.impact_goals)) == (7, 4)


def test_every_row_knows_its_line():
    plan = fjelldal_plan()
    lines = as_lines(plan)
    document = read_plan("plan.txt", as_text(plan))
    for row in document.rows():
        assert lines[row.line - 1].endswith(row.wording)
    assert document.unit is Unit.line
    assert document.title_line == 1


def test_a_measure_without_its_dash_is_a_measure_with_a_remark():
    plan = fjelldal_plan()
    document = read_plan("plan.txt", as_text(plan))
    measure = next(measure for measure in document.measures() if measure.code == "3.A.2")
    assert measure.wording == "Prøve et reisende gjestebud."
    assert [(remark.line, message_of(remark.message)) for remark in document.warnings] == [
        (measure.line, "This line has no dash. It was read as a measure of its own.")
    ]


def test_paragraphs_are_counted_in_word_and_rows_in_sheets():
    plan = fjelldal_plan()
    word = read_plan("plan.docx", as_docx(plan))
    sheet = read_plan("plan.xlsx", as_xlsx(plan))
    assert word.unit is Unit.paragraph
    assert [row.line for row in word.rows()] == [
        row.line for row in read_plan("plan.txt", as_text(plan)).rows()
    ]
    assert sheet.unit is Unit.row
    assert [row.line for row in sheet.rows()] == list(range(2, len(sheet.rows()) + 2))


def test_odd_spaces_and_characters_are_kept_in_wording_but_not_matched():
    text = (
        "\ufeff1.\u00a0Fjell\u200bheis\r\nSTRATEGI\u00a0a\u200b :\u00a0Opp  og\u00a0ned \n\u200bDelstrategi\u00ader: \n"
        "\u200b•\u00a0Bygge\u200b heis.\nTILTAK :\n –\tMåle\u00a0fjellet – nøye.\n*Grave -5 meter\n"
    )
    document = read_plan("plan.txt", text.encode())
    assert rows_of(document) == [
        ("focus_area", "1", "Fjell\u200bheis"),
        ("strategy", "1.A", "Opp  og\u00a0ned"),
        ("sub_strategy", "", "Bygge\u200b heis."),
        ("measure", "1.A.1", "Måle\u00a0fjellet – nøye."),
        ("measure", "1.A.2", "Grave -5 meter"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Innsatsområde 1: Fjell", "Strategi A - Heis", "Delstrategiar", "- Én.", "Tiltak", "- To."],
        ["Focus area 1. Fjell", "Strategy 1.A: Heis", "Sub-strategies", "- Én.", "Measures:", "- To."],
        ["1) Fjell", "strategi A) Heis", "DELSTRATEGIENE", "• Én.", "Tiltakene", "· To."],
    ],
)
def test_other_ways_to_write_the_headings(lines):
    assert rows_of(read_plan("plan.txt", "\n\n".join(lines).encode())) == [
        ("focus_area", "1", "Fjell"),
        ("strategy", "1.A", "Heis"),
        ("sub_strategy", "", "Én."),
        ("measure", "1.A.1", "To."),
    ]


def test_decomposed_letters_match():
    text = "Hovedma\u030al:\n- Ett.\nInnsatsomra\u030ade 1: Fjell\nStrategi A: Heis\nTiltak\n- To.\n"
    document = read_plan("plan.txt", text.encode())
    assert [goal.wording for goal in document.main_goals] == ["Ett."]


@pytest.mark.parametrize(
    ("before", "line", "measures"),
    [
        ("- Rydde kaia.", "Male båtene.", ["Rydde kaia.", "Male båtene."]),
        ("- Rydde kaia og", "male båtene.", ["Rydde kaia og male båtene."]),
        ("- Rydde kaia, f.eks.", "Nordkaia.", ["Rydde kaia, f.eks. Nordkaia."]),
        ("- Rydde kaia på", "Nordneset.", ["Rydde kaia på Nordneset."]),
        ("- Rydde kaia.", "og så videre", ["Rydde kaia. og så videre"]),
        ("- Rydde kaia\n", "Male båtene.", ["Rydde kaia", "Male båtene."]),
        ("- Rydde kaia (igjen!)", "«Male» båtene.", ["Rydde kaia (igjen!)", "«Male» båtene."]),
    ],
)
def test_lines_without_a_dash(before, line, measures):
    text = f"1. Fjell\nStrategi A: Heis\nTiltak\n{before}\n{line}\n"
    document = read_plan("plan.txt", text.encode())
    assert [measure.wording for measure in document.measures()] == measures
    assert [remark.line for remark in document.warnings] == [text.rstrip("\n").count("\n") + 1]


def test_prose_under_headings_is_left_out_with_a_remark():
    text = "1. Fjell\nHer er det bratt.\nStrategi A: Heis\nDen går opp.\nTiltak\n- Bygge.\n"
    document = read_plan("plan.txt", text.encode())
    assert [remark.line for remark in document.warnings] == [2, 4]
    assert {message_of(remark.message) for remark in document.warnings} == {
        "This line is no part of the plan's structure and was left out."
    }


def test_dates_in_the_introduction_are_no_focus_area():
    text = "Vedtatt\n1. januar 2022 av rådet.\n2. halvår går til heisen.\n1. Fjell\nStrategi A: Heis\nTiltak\n- Bygge.\n"
    assert [area.wording for area in read_plan("plan.txt", text.encode()).focus_areas] == ["Fjell"]


def test_the_ending_of_the_name_does_not_decide():
    plan = fjelldal_plan()
    document = read_plan("plan.txt", as_docx(plan))
    assert rows_of(document) == list(plan.rows())
    assert message_of(document.warnings[0].message).startswith(
        "The file is not what the end of its name says"
    )
    assert rows_of(read_plan("", as_text(plan))) == list(plan.rows())


class TestWord:
    def document(self):
        document = docx.Document()
        document.add_paragraph("1. Fjell", style="Heading 1")
        document.add_paragraph("Strategi A: Heis", style="Heading 2")
        return document

    def test_tracked_changes_are_read_as_accepted(self):
        document = self.document()
        document.add_paragraph("Tiltak")
        paragraph = document.add_paragraph("Bygge en ", style="List Bullet")
        w = paragraph._p.nsmap["w"]
        for tag, text_tag, text in (
            ("ins", "t", "rask "),
            ("del", "delText", "treg "),
            ("moveFrom", "t", "bort "),
        ):
            change = paragraph._p.makeelement(f"{{{w}}}{tag}", {})
            run = change.makeelement(f"{{{w}}}r", {})
            content = run.makeelement(f"{{{w}}}{text_tag}", {})
            content.text = text
            run.append(content)
            change.append(run)
            paragraph._p.append(change)
        paragraph.add_run("heis.")
        read = read_plan("plan.docx", saved(document))
        assert [measure.wording for measure in read.measures()] == ["Bygge en rask heis."]
        assert "tracked changes" in message_of(read.warnings[0].message)

    def test_a_table_of_lists_is_read_by_columns(self):
        document = self.document()
        table = document.add_table(rows=3, cols=3)
        for row, texts in zip(
            table.rows,
            [("Delstrategier", "Tiltak", "Ansvar"), ("Høyt.", "Bygge.", "Kari"), ("Fort.", "- Måle.", "Ola")],
            strict=True,
        ):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        read = read_plan("plan.docx", saved(document))
        assert rows_of(read)[2:] == [
            ("sub_strategy", "", "Høyt."),
            ("sub_strategy", "", "Fort."),
            ("measure", "1.A.1", "Bygge."),
            ("measure", "1.A.2", "Måle."),
        ]
        assert len(read.warnings) == 1

    def test_a_table_for_layout_is_read_cell_by_cell(self):
        document = self.document()
        cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
        cell.text = "Tiltak"
        cell.add_paragraph("- Bygge.")
        inner = cell.add_table(rows=1, cols=1).rows[0].cells[0]
        inner.text = "- Måle."
        read = read_plan("plan.docx", saved(document))
        assert [measure.wording for measure in read.measures()] == ["Bygge.", "Måle."]

    def test_the_template_can_stand_as_a_table(self):
        plan = fjelldal_plan()
        document = docx.Document()
        rows = [("Nivå", "Kode", "Ordlyd"), *plan.rows()]
        table = document.add_table(rows=len(rows), cols=3)
        for cell, text in zip(table._cells, (text for row in rows for text in row), strict=True):
            cell.text = text
        read = read_plan("plan.docx", saved(document))
        assert rows_of(read) == list(plan.rows())
        assert read.unit is Unit.row

    def test_line_breaks_within_paragraphs(self):
        document = self.document()
        document.add_paragraph("Tiltak")
        document.add_paragraph("Bygge\nen heis.", style="List Bullet")
        document.add_paragraph("- Måle.\n- Telle.")
        read = read_plan("plan.docx", saved(document))
        assert [measure.wording for measure in read.measures()] == ["Bygge en heis.", "Måle.", "Telle."]


@pytest.mark.parametrize("template", [template_csv, template_xlsx])
def test_the_template_reads_as_the_example_it_holds(template):
    document = read_plan("template", template())
    rows = document.rows()
    assert [row.level for row in rows[:4]] == [
        Level.plan,
        Level.main_goal,
        Level.impact_goal,
        Level.focus_area,
    ]
    assert [measure.code for measure in document.measures()] == ["1.A.1", "1.A.2", "1.B.1"]
    assert rows[3].labels.as_dict() == {"nb": "Vekst", "nn": "Vekst", "en": "Growth"}
    assert document.warnings == ()
    assert template() == template()
