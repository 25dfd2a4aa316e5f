"""Reads the structure of a plan from lines: numbered focus areas, lettered strategies, and lists under them."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.plan.documents.assembly import MAX_TITLE_CHARACTERS, PlanAssembly
from crm.plan.documents.structure import Level
from crm.plan.documents.text import (
    Folded,
    Line,
    begins_with_capital,
    ends_sentence,
    fold,
    strip_outer,
    without_bullet,
)

# These match folded text (see text.fold), so "a" stands for "å" as well.
MONTHS = r"(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)\b"
FOCUS_AREA = re.compile(
    rf"\s*(?:(?:innsatsomrade|satsingsomrade|focus area)\s+(?P<named>\d{{1,3}})\s*[.:)\-–—]\s*"
    rf"|(?P<number>\d{{1,3}})\s?[.)](?:\s+|(?=[^\d\s]))(?!{MONTHS}))(?P<title>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
STRATEGY = re.compile(
    r"\s*(?:strategi|strategy)\s+(?:(?P<number>\d{1,3})\s?\.?\s?)?(?P<letter>[a-z])\s*[:.)\-–—]\s*(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
SUB_STRATEGIES = re.compile(
    r"\s*(?:del-?\s?strategi(?:en|er|ene|ar|ane)?|sub-?\s?strateg(?:y|ies))\s*:?\s*", re.IGNORECASE
)
MEASURES = re.compile(r"\s*(?:tiltak(?:et|ene|a)?|measures?)\s*:?\s*", re.IGNORECASE)
MAIN_GOALS = re.compile(
    r"\s*(?:hov[eu]dmal(?:et|ene|a)?|main goals?)(?P<rest>\b.*)", re.IGNORECASE | re.DOTALL
)
IMPACT_GOALS = re.compile(
    r"\s*(?:effektmal(?:et|ene|a)?|impact goals?)(?P<rest>\b.*)", re.IGNORECASE | re.DOTALL
)
PREAMBLE_HEADING = re.compile(
    r"(?:mal|innledning|innleiing|bakgrunn|forord|føreord|innhold|innhald|innholdsfortegnelse|om planen"
    r"|introduction|background|contents|goals|preface)[\s:]*",
    re.IGNORECASE,
)
# Longer lines are not worth matching: no heading may be nearly as long.
MAX_HEADING_LINE = 3_000
RULER = re.compile(r"[\s\-–—_=*·•]{3,}")
DASHES_ONLY = re.compile(r"\s*(?:[-–—*·•]\s*)+")


def read_outline(lines: Iterable[Line], assembly: PlanAssembly) -> None:
    """Hands every heading and item among the lines to the assembly.

    Raises `UnreadableDocument` at the first line that cannot stand where it stands.
    """
    outline = _Outline(assembly)
    for line in lines:
        outline.take(line)
    outline.close_list()


class _Outline:
    """Where in the document we are: which list is open, and where its heading stood."""

    def __init__(self, assembly: PlanAssembly) -> None:
        self.assembly = assembly
        self.list: Level | None = None
        self.list_line = 0
        self.list_is_empty = False
        self.nothing_yet = True

    def take(self, line: Line) -> None:
        """One line of the document."""
        if not strip_outer(line.text):
            return
        bullet, text = without_bullet(line.text)
        dashed = line.dashed or bullet
        if not dashed and (RULER.fullmatch(text) or self._take_heading(line, text)):
            pass
        elif not text or DASHES_ONLY.fullmatch(text):
            if dashed and self.list:
                self.assembly.warn(line.number, _l("A dash without text was left out."))
        elif dashed:
            self._take_item(line, text)
        else:
            self._take_prose(line, text)
        self.nothing_yet = False

    def close_list(self) -> None:
        """End the open list. A heading "Measures" without any is refused; other empty lists are remarked on."""
        if self.list_is_empty and self.list is Level.measure:
            self.assembly.refuse(self.list_line, _l("The heading for measures has no measures under it."))
        if self.list_is_empty and self.list:
            self.assembly.warn(self.list_line, _l("This heading has nothing under it."))
        self.list = None
        self.list_is_empty = False

    def _open_list(self, level: Level, line: Line) -> None:
        self.close_list()
        self.list, self.list_line, self.list_is_empty = level, line.number, True

    def _take_heading(self, line: Line, text: str) -> bool:
        """Whether the line was a heading that belongs to the plan's structure."""
        if len(text) > MAX_HEADING_LINE:
            return False
        folded = fold(text)
        if match := STRATEGY.fullmatch(folded.text):
            self._strategy(line, match, text, folded)
        elif (match := FOCUS_AREA.fullmatch(folded.text)) and self._is_focus_area(match, text, folded):
            self.close_list()
            number = int(match["named"] or match["number"])
            self.assembly.add_focus_area(line.number, number, _tail(text, folded, match))
        elif SUB_STRATEGIES.fullmatch(folded.text):
            self._item_heading(Level.sub_strategy, line, text)
        elif MEASURES.fullmatch(folded.text):
            self._item_heading(Level.measure, line, text)
        elif not self.assembly.in_focus_area:
            return self._take_preamble_heading(line, text, folded)
        else:
            return False
        return True

    def _is_focus_area(self, match: re.Match[str], text: str, folded: Folded) -> bool:
        return bool(match["named"]) or not _tail(text, folded, match)[:1].islower()

    def _strategy(self, line: Line, match: re.Match[str], text: str, folded: Folded) -> None:
        self.close_list()
        title = _tail(text, folded, match)
        if not title:
            self.assembly.refuse(line.number, _l("This strategy has no title."), text)
        number = int(match["number"]) if match["number"] else None
        self.assembly.add_strategy(line.number, match["letter"], title, focus_area=number)

    def _item_heading(self, level: Level, line: Line, text: str) -> None:
        if self.assembly.in_strategy:
            self._open_list(level, line)
        elif self.assembly.in_focus_area:
            self.assembly.refuse(line.number, _l("This heading stands before any strategy."), text)
        else:
            self.close_list()

    def _take_preamble_heading(self, line: Line, text: str, folded: Folded) -> bool:
        for level, pattern in ((Level.main_goal, MAIN_GOALS), (Level.impact_goal, IMPACT_GOALS)):
            match = pattern.fullmatch(folded.text)
            if match and (line.heading or not match["rest"].strip() or match["rest"].rstrip().endswith(":")):
                self._open_list(level, line)
                return True
        if self._is_title(line, text, folded):
            self.assembly.add_title(line.number, text)
            return True
        return False

    def _is_title(self, line: Line, text: str, folded: Folded) -> bool:
        if self.assembly.has_title or len(text) > MAX_TITLE_CHARACTERS:
            return False
        looks_like_one = text[-1] not in ".!?:;,…" and not PREAMBLE_HEADING.fullmatch(folded.text)
        return line.title or (self.nothing_yet and looks_like_one)

    def _take_item(self, line: Line, text: str) -> None:
        if self.list is None:
            # Lists in the preamble that stand under no goal heading are part of the introduction.
            if self.assembly.in_focus_area:
                self.assembly.refuse(
                    line.number,
                    _l("This item stands outside the lists of sub-strategies and measures of a strategy."),
                    text,
                )
            return
        self._add(self.list, line.number, text)

    def _take_prose(self, line: Line, text: str) -> None:
        """A line without a dash: the rest of the item before it, an item that lost its dash, or neither."""
        if self.list is None:
            if self.assembly.in_focus_area:
                self._leave_out(line)
        elif line.heading:
            self.close_list()
            if self.assembly.in_focus_area:
                self._leave_out(line)
        elif self.list in {Level.main_goal, Level.impact_goal}:
            self._take_goal_prose(self.list, line, text)
        else:
            self._take_item_prose(self.list, line, text)

    def _take_goal_prose(self, level: Level, line: Line, text: str) -> None:
        # What follows the goals is the introduction again, which begins with a capital letter.
        if self.list_is_empty or not text[:1].islower():
            self.close_list()
        else:
            self._join(level, line, text)

    def _take_item_prose(self, level: Level, line: Line, text: str) -> None:
        last = None if self.list_is_empty else self.assembly.last(level)
        complete = last is None or (
            begins_with_capital(text)
            and (ends_sentence(last.wording) or (line.separate and not last.wording.endswith((",", "-"))))
        )
        if not complete:
            self._join(level, line, text)
            return
        self.assembly.warn(line.number, _without_dash(level))
        self._add(level, line.number, text)

    def _join(self, level: Level, line: Line, text: str) -> None:
        self.assembly.warn(line.number, _l("This line has no dash. It was joined to the item before it."))
        self.assembly.extend(level, line.number, text)

    def _leave_out(self, line: Line) -> None:
        self.assembly.warn(line.number, _l("This line is no part of the plan's structure and was left out."))

    def _add(self, level: Level, number: int, text: str) -> None:
        self.list_is_empty = False
        if level is Level.measure:
            self.assembly.add_measure(number, text)
        elif level is Level.sub_strategy:
            self.assembly.add_sub_strategy(number, text)
        else:
            self.assembly.add_goal(level, number, text)


def _without_dash(level: Level) -> Any:
    if level is Level.measure:
        return _l("This line has no dash. It was read as a measure of its own.")
    return _l("This line has no dash. It was read as a sub-strategy of its own.")


def _tail(text: str, folded: Folded, match: re.Match[str]) -> str:
    """The title as the document has it, from the place where the folded match found it."""
    start = match.start("title")
    return strip_outer(text[folded.positions[start] :]) if start < len(folded.positions) else ""
