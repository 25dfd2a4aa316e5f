"""A made-up plan of a made-up municipality, in the shape of a real one, and the documents it can come in."""

import csv
import io
from dataclasses import dataclass, field
from itertools import count

import docx
import openpyxl

# How many sub-strategies and measures each strategy has, focus area by focus area.
SHAPE = (
    ((1, 2), (2, 4), (2, 6)),
    ((3, 3), (3, 3), (1, 2)),
    ((1, 2), (3, 3), (1, 2)),
    ((3, 3), (2, 3), (2, 2)),
    ((5, 3), (3, 3), (2, 2)),
)
VERBS = ("Tegne", "Måle opp", "Rydde", "Bemanne", "Prøve ut", "Øve på", "Åpne", "Ærlig vurdere", "Samle")
THINGS = (
    "fløtebrygga",
    "solvarmen",
    "gjestebodene",
    "snekkerverkstedet",
    "dronesletta",
    "ullmølla",
    "kaiene",
)
PLACES = ("i Fjelldal", "på Nordneset", "ved Kvernfossen", "langs Gamleveien", "i øvre bygd")
# Each is put where it stands in the plan by its code; sub-strategies count on in the same way, after an "s".
ODD_WORDINGS = {
    "1.B.2": "Få avlegger- e av verkstedene til å bli.",
    "1.B.4": "Ringe\u00a0«Bygg-i» avdelingen hos fylket.",
    "1.C.4": "Skaffe 120 hybler til lærlinger.",
    "2.A.2": "Delta på elevenes messe (EM). Alle skoler skal få vite om den.",
    "3.A.1": "Vise frem gjestebodene.",
    "3.A.2": "Prøve et reisende gjestebud.",
    "4.B.3": "Vurdere om bygda kan prøve ut førerløse sleder",
    "4.C.2": "Fortelle om det – også når det går galt.",
    "5.C.1": "Holde minst en felles dag bygd - høyskole",
    "s.5.A.4": "Snakke med dem som eier sletter, f.eks. Kvernsletta og Heimsletta, om hva de vil.",
    "s.4.A.1": "Tegne torg. Torgene skal tåle snø, regn- og solvær.",
}


@dataclass
class Strategy:
    title: str
    sub_strategies: list[str]
    measures: list[str]


@dataclass
class FocusArea:
    title: str
    strategies: list[Strategy]


@dataclass
class Plan:
    title: str | None
    main_goals: list[str]
    impact_goals: list[str]
    focus_areas: list[FocusArea]
    undashed: set[str] = field(default_factory=set)

    def rows(self):
        """The (level, code, wording) of every row, as reading it must give them."""
        if self.title:
            yield "plan", "", self.title
        yield from (("main_goal", str(number), goal) for number, goal in enumerate(self.main_goals, 1))
        yield from (("impact_goal", str(number), goal) for number, goal in enumerate(self.impact_goals, 1))
        for number, area in enumerate(self.focus_areas, 1):
            yield "focus_area", str(number), area.title
            for letter, strategy in zip("ABCDEFGHIJ", area.strategies, strict=False):
                code = f"{number}.{letter}"
                yield "strategy", code, strategy.title
                yield from (("sub_strategy", "", item) for item in strategy.sub_strategies)
                yield from (
                    ("measure", f"{code}.{place}", item) for place, item in enumerate(strategy.measures, 1)
                )


def fjelldal_plan():
    """Five focus areas, fifteen strategies, 34 sub-strategies, 43 measures, seven and four goals."""
    wordings = (f"{VERBS[index % 9]} {THINGS[index % 7]} {PLACES[index % 5]}." for index in count())

    def items(prefix, number):
        return [ODD_WORDINGS.get(f"{prefix}.{place}", next(wordings)) for place in range(1, number + 1)]

    return Plan(
        title="Handlingsplan for næring i Fjelldal",
        main_goals=items("main", 7),
        impact_goals=[
            "Flere båter ved kaia",
            "Kortere kø på ferga",
            "Bedre lukt av ullmølla",
            "Høyere fjell",
        ],
        focus_areas=[
            FocusArea(
                f"{THINGS[number].capitalize()}, kaier og fjell",
                [
                    Strategy(
                        f"{VERBS[letter + number]} og handle – sammen",
                        items(f"s.{number}.{'ABC'[letter]}", subs),
                        items(f"{number}.{'ABC'[letter]}", measures),
                    )
                    for letter, (subs, measures) in enumerate(strategies)
                ],
            )
            for number, strategies in enumerate(SHAPE, start=1)
        ],
        undashed={"3.A.2"},
    )


def as_lines(plan):
    """The lines of the plan as plain text, with the unevenness of a document that people wrote."""
    lines = [plan.title] if plan.title else []
    lines += [
        "Fjelldal har bestemt seg. Her står det hva vi skal gjøre;",
        *(f"- {area.title}" for area in plan.focus_areas),
        "Resten av innledningen sier det samme en gang til.",
    ]
    if plan.main_goals:
        lines += ["Mål", "Dette er målene:", "Hovedmål for Fjelldal kommunes arbeid er:"]
        lines += [f"- {goal}" for goal in plan.main_goals]
    if plan.impact_goals:
        lines += ["Effektmål", *(f"- {goal}" for goal in plan.impact_goals)]
    lines += ["Innsatsområder med tiltak", "Planen er delt inn slik."]
    for number, area in enumerate(plan.focus_areas, 1):
        lines.append(f"{number}. {area.title}")
        for letter, strategy in zip("ABCDEFGHIJ", area.strategies, strict=False):
            lines.append(f"Strategi {letter}: {strategy.title}")
            if strategy.sub_strategies:
                lines.append("Delstrategier" if letter == "A" else "Delstrategi")
                lines += [f"- {item}" for item in strategy.sub_strategies]
            lines.append("Tiltak")
            lines += [
                item if f"{number}.{letter}.{place}" in plan.undashed else f"- {item}"
                for place, item in enumerate(strategy.measures, 1)
            ]
    return lines


def as_text(plan, *, ending="\n", encoding="utf-8"):
    return (ending.join(as_lines(plan)) + ending).encode(encoding)


def as_docx(plan):
    """The same as a Word document with headings and bulleted lists."""
    document = docx.Document()
    for line in as_lines(plan):
        if line == plan.title:
            document.add_paragraph(line, style="Title")
        elif line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        elif line.startswith("Strategi "):
            document.add_paragraph(line, style="Heading 3")
        elif line[:1].isdigit() or line in {"Mål", "Effektmål", "Innsatsområder med tiltak"}:
            document.add_paragraph(line, style="Heading 2")
        else:
            document.add_paragraph(line)
    return saved(document)


def saved(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def as_xlsx(plan):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["level", "code", "wording", "label_nb", "label_nn", "label_en"])
    for row, (level, code, wording) in enumerate(plan.rows(), start=2):
        # As Excel does it: a code that looks like a number is one.
        sheet.append([level, int(code) if code.isdigit() else code])
        sheet.cell(row, 3, wording).data_type = "s"
    return saved(workbook)


def as_csv(plan, *, delimiter=";", encoding="utf-8", ending="\r\n"):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending)
    writer.writerow(["Nivå", "Kode", "Ordlyd"])
    writer.writerows(plan.rows())
    return text.getvalue().encode(encoding)


def rows_of(document):
    return [(str(row.level.value), row.code, row.wording) for row in document.rows()]


def message_of(lazy):
    """The English message, filled in, whatever language is active."""
    message, values = lazy._args[0], lazy._kwargs
    return message % values if values else message
