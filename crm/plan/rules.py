"""What makes a plan valid, and what is suggested where nothing was given. Pure."""

import re
from calendar import monthrange
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from flask_babel import gettext as _

from crm.plan.documents import PlanDocument
from crm.plan.models import Plan
from crm.web.formatting import day
from crm.web.validation import Invalid

TITLE_CHARACTERS = 200
LABEL_CHARACTERS = 60
SENTENCE_CHARACTERS = 12
CODES_SHOWN = 6

YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-–—_]\s*((?:19|20)\d\d)(?!\d)")
FIRST_SENTENCE = re.compile(r"(.*?(?:^| )[^ .]{3,})\. (?=[A-ZÆØÅ0-9«])")
"""Not ended by an abbreviation, such as f.eks."""
LEADS_ON = re.compile(
    r"(?: (?:av|at|blant|den|der|det|de|en|et|ei|for|fra|frå|gjennom|hvor|hvordan|i|innen|kor|korleis|med|og|om|på"
    r"|samt|slik|som|til|ved|å|annet|[-–]))+$",
    re.IGNORECASE,
)
"""Words that a label cut short must not end with."""


def short_label(wording: str) -> str:
    """A label from the official wording: its first sentence, cut at a word where it is longer than a label may be."""
    text = re.sub(r"\s+", " ", wording).strip()
    first = FIRST_SENTENCE.match(text)
    text = (first[1] if first and len(first[1]) >= SENTENCE_CHARACTERS else text).rstrip(" .;:,")
    if len(text) <= LABEL_CHARACTERS:
        return text or wording.strip()[:LABEL_CHARACTERS]
    cut = text[:LABEL_CHARACTERS].rpartition(" ")[0] or text[: LABEL_CHARACTERS - 1]
    return f"{LEADS_ON.sub('', cut).rstrip(' ,;:')}…"


def period_in(text: str) -> tuple[date, date] | None:
    """The period that a title or a file name speaks of, such as 2022–2024: whole years."""
    found = YEARS.search(text)
    if not found or int(found[1]) > int(found[2]):
        return None
    return date(int(found[1]), 1, 1), date(int(found[2]), 12, 31)


def suggested_title(document: PlanDocument, filename: str) -> str:
    """The document's own title, else its file's name in words."""
    if document.title:
        return document.title
    words = re.sub(r"[\s_-]+", " ", YEARS.sub(r"\1–\2", PurePath(filename).stem)).strip()
    return (words[:1].upper() + words[1:])[:TITLE_CHARACTERS]


def suggested_period(document: PlanDocument, filename: str, title: str | None) -> tuple[date, date] | None:
    """The period that the title, the document's title or the file's name gives, in that order."""
    given = (period_in(text) for text in (title, document.title, filename) if text)
    return next(filter(None, given), None)


def checked_heading(
    title: str | None, starts_on: date | None, ends_on: date | None
) -> tuple[str, date, date]:
    """A plan's title, first and last day, all there and in order; raises Invalid otherwise."""
    errors: dict[str, list[Any]] = {}
    if not title:
        errors["title"] = [_("Enter a title for the plan")]
    elif len(title) > TITLE_CHARACTERS:
        errors["title"] = [_("Enter a title of at most %(limit)s characters", limit=TITLE_CHARACTERS)]
    if starts_on is None:
        errors["starts_on"] = [_("Enter the plan's first day")]
    if ends_on is None:
        errors["ends_on"] = [_("Enter the plan's last day")]
    elif starts_on is not None and ends_on < starts_on:
        errors["ends_on"] = [_("The last day cannot be before the first day")]
    if errors or not title or starts_on is None or ends_on is None:
        raise Invalid(errors)
    return title, starts_on, ends_on


def overlap_error(other: Plan) -> str:
    """Why a period is refused that another plan has days in."""
    return str(
        _(
            "Plans cannot overlap: “%(title)s” covers %(starts)s to %(ends)s",
            title=other.title,
            starts=day(other.starts_on),
            ends=day(other.ends_on),
        )
    )


def code_errors(document: PlanDocument, plan: Plan) -> list[str]:
    """Why the document is not the plan's own wording: codes that only one of them has."""
    theirs = _codes_of_plan(plan)
    ours = _codes_of_document(document)
    errors = []
    if extra := [code for code in ours if code not in theirs]:
        errors.append(
            _(
                "“%(title)s” has the same period, but not these codes of the document: %(codes)s",
                title=plan.title,
                codes=_some(extra),
            )
        )
    if missing := [code for code in theirs if code not in ours]:
        errors.append(
            _(
                "“%(title)s” has the same period, and codes that the document lacks: %(codes)s",
                title=plan.title,
                codes=_some(missing),
            )
        )
    return errors


def _codes_of_document(document: PlanDocument) -> dict[str, None]:
    codes: dict[str, None] = {}
    for area in document.focus_areas:
        codes[area.code] = None
        for strategy in area.strategies:
            codes[strategy.code] = None
            codes |= {measure.code: None for measure in strategy.measures}
    return codes


def _codes_of_plan(plan: Plan) -> dict[str, None]:
    codes: dict[str, None] = {}
    for area in plan.focus_areas:
        codes[str(area.number)] = None
        for strategy in area.strategies:
            codes[f"{area.number}.{strategy.letter}"] = None
            codes |= {measure.code: None for measure in strategy.measures}
    return codes


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:CODES_SHOWN]) + (" …" if len(codes) > CODES_SHOWN else "")


def next_period(plan: Plan) -> tuple[date, date]:
    """The period of the same length that follows the plan's."""
    starts_on = plan.ends_on + timedelta(days=1)
    whole_months = plan.starts_on.day == 1 and starts_on.day == 1
    if not whole_months:
        return starts_on, starts_on + (plan.ends_on - plan.starts_on)
    months = (starts_on.year - plan.starts_on.year) * 12 + starts_on.month - plan.starts_on.month
    last = starts_on.month - 1 + months - 1
    year, month = starts_on.year + last // 12, last % 12 + 1
    return starts_on, date(year, month, monthrange(year, month)[1])


def next_title(title: str, starts_on: date, ends_on: date) -> str:
    """The title with the new years in place of the old ones, where it has any."""
    return YEARS.sub(f"{starts_on.year}–{ends_on.year}", title, count=1)


def check_label(labels: dict[str, str | None]) -> dict[str, list[Any]]:
    """What is wrong with a measure's labels, by field."""
    errors: dict[str, list[Any]] = {}
    if not labels.get("nb"):
        errors["label_nb"] = [_("Enter a short label in bokmål")]
    for language, label in labels.items():
        if label and len(label) > LABEL_CHARACTERS:
            errors[f"label_{language}"] = [
                _("Enter a label of at most %(limit)s characters", limit=LABEL_CHARACTERS)
            ]
    return errors
