"""Makes the template that a plan can be filled into: a row of column names, then a short example to write over."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

# In bokmål, the language of the plans. The reader takes the words in nynorsk and English as well.
COLUMN_NAMES = (
    "Nivå",
    "Kode",
    "Ordlyd",
    "Kortnavn bokmål",
    "Kortnavn nynorsk",
    "Kortnavn engelsk",
)
COLUMN_WIDTHS = (15, 9, 90, 34, 34, 34)
LEVEL_NAMES = (
    "Handlingsplan",
    "Hovedmål",
    "Effektmål",
    "Innsatsområde",
    "Strategi",
    "Delstrategi",
    "Tiltak",
)
EXAMPLE = (
    ("Handlingsplan", "", "Handlingsplan for Eksempel kommune", "", "", ""),
    (
        "Hovedmål",
        "",
        "Det skal være lett å drive bedrift her.",
        "Lett å drive bedrift",
        "Lett å drive bedrift",
        "",
    ),
    ("Effektmål", "", "Flere arbeidsplasser innen 2030", "Flere arbeidsplasser", "Fleire arbeidsplassar", ""),
    ("Innsatsområde", "1", "Bedrifter i vekst", "Vekst", "Vekst", "Growth"),
    ("Strategi", "1.A", "Kjenne bedriftene", "Kjenne bedriftene", "Kjenne bedriftene", "Know the companies"),
    ("Delstrategi", "", "Møte bedriftene der de er, hele året.", "", "", ""),
    ("Tiltak", "1.A.1", "Besøke tjue bedrifter i året.", "Bedriftsbesøk", "Bedriftsbesøk", "Company visits"),
    (
        "Tiltak",
        "1.A.2",
        "Holde et frokostmøte hver måned.",
        "Frokostmøter",
        "Frukostmøte",
        "Breakfast meetings",
    ),
    ("Strategi", "1.B", "Hjelpe dem som starter", "Nye bedrifter", "Nye bedrifter", "New companies"),
    (
        "Tiltak",
        "1.B.1",
        "Tilby etablererkurs to ganger i året.",
        "Etablererkurs",
        "Etablerarkurs",
        "Start-up courses",
    ),
)
GUIDE = (
    "Skriv én rad for hver overskrift og hvert punkt, i samme rekkefølge som i planen.",
    "Nivå er ett av disse ordene: " + ", ".join(LEVEL_NAMES) + ".",
    "Kode er 1 for et innsatsområde, 1.A for en strategi og 1.A.1 for et tiltak. Er den tom, telles det fra forrige rad.",
    "Ordlyd er planens egen tekst. Den tas inn tegn for tegn.",
    "Kortnavn er valgfritt: noen få ord som vises i lister og valg.",
    "Skriv over eksempelet, og slett de radene du ikke bruker.",
)


def template_csv() -> bytes:
    """The template as CSV with semicolons, in UTF-8 with a byte-order mark, as Excel in Norwegian opens it."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMN_NAMES)
    writer.writerows(EXAMPLE)
    return text.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """The template as a workbook: the sheet to fill in, with a list of the levels to choose from, and a guide."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        # A fixed date makes the same template the same file.
        workbook.set_properties({"title": "Handlingsplan", "created": datetime(2022, 1, 1, tzinfo=UTC)})
        _plan_sheet(workbook)
        guide = workbook.add_worksheet("Veiledning")
        guide.set_column(0, 0, 110, workbook.add_format({"text_wrap": True}))
        guide.write_column(0, 0, GUIDE)
    return target.getvalue()


def _plan_sheet(workbook: Any) -> None:
    sheet = workbook.add_worksheet("Plan")
    heading = workbook.add_format({"bold": True, "bottom": 1})
    # Text, so that no code becomes a number or a date.
    cell = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, (name, width) in enumerate(zip(COLUMN_NAMES, COLUMN_WIDTHS, strict=True)):
        sheet.set_column(column, column, width, cell)
        sheet.write_string(0, column, name, heading)
    for row, values in enumerate(EXAMPLE, start=1):
        for column, value in enumerate(values):
            sheet.write_string(row, column, value, cell)
    sheet.data_validation(1, 0, 999, 0, {"validate": "list", "source": list(LEVEL_NAMES)})
    sheet.freeze_panes(1, 0)
