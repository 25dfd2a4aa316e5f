"""Puts a plan together item by item, in the document's order, and refuses what does not fit."""

import string
from dataclasses import dataclass, field
from typing import Any, NoReturn

from flask_babel import lazy_gettext as _l

from crm.plan.catalogue import ShortLabels
from crm.plan.documents.errors import UnreadableDocument
from crm.plan.documents.structure import (
    FocusAreaText,
    GoalText,
    ItemText,
    Level,
    MeasureText,
    PlanDocument,
    Remark,
    StrategyText,
    Unit,
)

MAX_ITEM_CHARACTERS = 2_000
MAX_HEADING_CHARACTERS = 300
MAX_TITLE_CHARACTERS = 200
NO_LABELS = ShortLabels()


@dataclass(slots=True)
class _Draft:
    """An item that may still grow."""

    line: int
    wording: str
    labels: ShortLabels
    sub_strategies: list["_Draft"] = field(default_factory=list)
    measures: list["_Draft"] = field(default_factory=list)
    strategies: list["_Draft"] = field(default_factory=list)


class PlanAssembly:
    """Takes headings and items as a reader finds them; `finish` gives the plan.

    Every method raises `UnreadableDocument` for what cannot stand where it stands.
    """

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._title: _Draft | None = None
        self._goals: dict[Level, list[_Draft]] = {Level.main_goal: [], Level.impact_goal: []}
        self._focus_areas: list[_Draft] = []
        self._warnings: list[Remark] = []

    @property
    def in_focus_area(self) -> bool:
        """Whether a focus area has begun."""
        return bool(self._focus_areas)

    @property
    def in_strategy(self) -> bool:
        """Whether a strategy has begun in the focus area."""
        return self.in_focus_area and bool(self._focus_areas[-1].strategies)

    @property
    def has_title(self) -> bool:
        """Whether the plan's title has been found."""
        return self._title is not None

    def refuse(self, line: int | None, reason: Any, excerpt: str = "") -> NoReturn:
        """Raise the error for this place."""
        raise UnreadableDocument(line, reason, unit=self.unit, excerpt=excerpt)

    def warn(self, line: int, message: Any) -> None:
        """Keep a remark for the preview."""
        self._warnings.append(Remark(line, message))

    def add_title(self, line: int, wording: str) -> None:
        """The plan's own title."""
        if self._title is not None:
            self.refuse(line, _l("The plan has a title already."), wording)
        self._title = self._draft(line, wording, NO_LABELS, MAX_TITLE_CHARACTERS)

    def add_goal(self, level: Level, line: int, wording: str, labels: ShortLabels = NO_LABELS) -> None:
        """A main goal or an impact goal."""
        self._goals[level].append(self._draft(line, wording, labels))

    def add_focus_area(
        self, line: int, number: int | None, wording: str, labels: ShortLabels = NO_LABELS
    ) -> None:
        """A focus area; without a number it takes the next one."""
        expected = len(self._focus_areas) + 1
        if number is not None and number != expected:
            self.refuse(
                line,
                _l(
                    "This is focus area %(found)s, but number %(expected)s comes here.",
                    found=number,
                    expected=expected,
                ),
                wording,
            )
        self._close_focus_area()
        self._focus_areas.append(self._draft(line, wording, labels, MAX_HEADING_CHARACTERS))

    def add_strategy(
        self,
        line: int,
        letter: str | None,
        wording: str,
        labels: ShortLabels = NO_LABELS,
        *,
        focus_area: int | None = None,
    ) -> None:
        """A strategy; without a letter it takes the next one. `focus_area` is the number its code claims."""
        if not self._focus_areas:
            self.refuse(line, _l("A strategy stands here before any focus area."), wording)
        here = self._focus_areas[-1]
        expected = _letter(len(here.strategies))
        found = letter.upper() if letter else expected
        if not expected:
            self.refuse(line, _l("A focus area has room for 26 strategies, A to Z."), wording)
        if found != expected or focus_area not in (None, len(self._focus_areas)):
            self.refuse(
                line,
                _l(
                    "This is strategy %(found)s, but %(expected)s comes here.",
                    found=f"{focus_area or len(self._focus_areas)}.{found}",
                    expected=f"{len(self._focus_areas)}.{expected}",
                ),
                wording,
            )
        self._close_strategy()
        here.strategies.append(self._draft(line, wording, labels, MAX_HEADING_CHARACTERS))

    def add_sub_strategy(self, line: int, wording: str, labels: ShortLabels = NO_LABELS) -> None:
        """A sub-strategy of the current strategy."""
        self._strategy(line, wording).sub_strategies.append(self._draft(line, wording, labels))

    def add_measure(
        self, line: int, wording: str, labels: ShortLabels = NO_LABELS, *, code: str | None = None
    ) -> None:
        """A measure of the current strategy; `code` is what the document claims, if it does."""
        measures = self._strategy(line, wording).measures
        expected = f"{len(self._focus_areas)}.{self._current_letter()}.{len(measures) + 1}"
        if code is not None and code.upper() != expected:
            self.refuse(
                line,
                _l("This is measure %(found)s, but %(expected)s comes here.", found=code, expected=expected),
                wording,
            )
        measures.append(self._draft(line, wording, labels))

    def extend(self, level: Level, line: int, wording: str) -> None:
        """Join a line to the last item of the level with a space."""
        last = self.last(level)
        if last is None:
            self.refuse(line, _outside(), wording)
        last.wording = f"{last.wording} {wording}"
        self._check_length(line, last.wording, MAX_ITEM_CHARACTERS)

    def last(self, level: Level) -> _Draft | None:
        """The last item of the level under the current heading."""
        if level in self._goals:
            items = self._goals[level]
        elif not self.in_strategy:
            return None
        else:
            strategy = self._focus_areas[-1].strategies[-1]
            items = strategy.measures if level is Level.measure else strategy.sub_strategies
        return items[-1] if items else None

    def finish(self) -> PlanDocument:
        """The plan. Raises when it has no focus area, or when the last one is incomplete."""
        if not self._focus_areas:
            self.refuse(
                None,
                _l(
                    "No focus area was found. A focus area begins with its number, a full stop and its title, "
                    "such as “1. Title”."
                ),
            )
        self._close_focus_area()
        return PlanDocument(
            unit=self.unit,
            title=self._title.wording if self._title else None,
            title_line=self._title.line if self._title else None,
            main_goals=_goals(self._goals[Level.main_goal]),
            impact_goals=_goals(self._goals[Level.impact_goal]),
            focus_areas=tuple(
                _focus_area(number, draft) for number, draft in enumerate(self._focus_areas, start=1)
            ),
            warnings=tuple(self._warnings),
        )

    def _draft(
        self, line: int, wording: str, labels: ShortLabels, limit: int = MAX_ITEM_CHARACTERS
    ) -> _Draft:
        self._check_length(line, wording, limit)
        return _Draft(line, wording, labels)

    def _check_length(self, line: int, wording: str, limit: int) -> None:
        if len(wording) > limit:
            self.refuse(line, _l("This text is longer than %(limit)s characters.", limit=limit), wording)

    def _strategy(self, line: int, wording: str) -> _Draft:
        if not self.in_strategy:
            self.refuse(line, _outside(), wording)
        return self._focus_areas[-1].strategies[-1]

    def _current_letter(self) -> str:
        return _letter(len(self._focus_areas[-1].strategies) - 1)

    def _close_strategy(self) -> None:
        if not self.in_strategy:
            return
        strategy = self._focus_areas[-1].strategies[-1]
        if not strategy.measures:
            self.refuse(strategy.line, _l("This strategy has no measures."), strategy.wording)

    def _close_focus_area(self) -> None:
        if not self._focus_areas:
            return
        focus_area = self._focus_areas[-1]
        if not focus_area.strategies:
            self.refuse(focus_area.line, _l("This focus area has no strategies."), focus_area.wording)
        self._close_strategy()


def _outside() -> Any:
    return _l("This item stands outside the lists of sub-strategies and measures of a strategy.")


def _letter(index: int) -> str:
    """The letter of the strategy at this index, or an empty text past Z."""
    return string.ascii_uppercase[index : index + 1]


def _goals(drafts: list[_Draft]) -> tuple[GoalText, ...]:
    return tuple(
        GoalText(draft.line, number, draft.wording, draft.labels)
        for number, draft in enumerate(drafts, start=1)
    )


def _focus_area(number: int, draft: _Draft) -> FocusAreaText:
    strategies = tuple(_strategy(number, index, strategy) for index, strategy in enumerate(draft.strategies))
    return FocusAreaText(draft.line, number, draft.wording, draft.labels, strategies)


def _strategy(focus_area: int, index: int, draft: _Draft) -> StrategyText:
    code = f"{focus_area}.{_letter(index)}"
    return StrategyText(
        draft.line,
        index + 1,
        draft.wording,
        draft.labels,
        letter=_letter(index),
        code=code,
        sub_strategies=tuple(
            ItemText(item.line, number, item.wording, item.labels)
            for number, item in enumerate(draft.sub_strategies, start=1)
        ),
        measures=tuple(
            MeasureText(item.line, number, item.wording, item.labels, code=f"{code}.{number}")
            for number, item in enumerate(draft.measures, start=1)
        ),
    )
