"""What comes out of reading a plan. Every item knows where in the document it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.plan.catalogue import ShortLabels


class Unit(StrEnum):
    """What a line number counts in this kind of document."""

    line = auto()
    paragraph = auto()
    row = auto()

    def at(self, number: int) -> Any:
        """The place in words, such as "Line 12"."""
        return {
            Unit.line: _l("Line %(number)s", number=number),
            Unit.paragraph: _l("Paragraph %(number)s", number=number),
            Unit.row: _l("Row %(number)s", number=number),
        }[self]


class Level(StrEnum):
    """What a row of the plan is. The values are the words of the template, too."""

    plan = auto()
    main_goal = auto()
    impact_goal = auto()
    focus_area = auto()
    strategy = auto()
    sub_strategy = auto()
    measure = auto()

    @property
    def label(self) -> Any:
        return {
            Level.plan: _l("Action plan"),
            Level.main_goal: _l("Main goal"),
            Level.impact_goal: _l("Impact goal"),
            Level.focus_area: _l("Focus area"),
            Level.strategy: _l("Strategy"),
            Level.sub_strategy: _l("Sub-strategy"),
            Level.measure: _l("Measure"),
        }[self]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was read, but that a person should look at. `message` is translated when shown."""

    line: int
    message: Any


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the preview. `code` is empty for the plan's title and for sub-strategies, a number for goals."""

    line: int
    level: Level
    code: str
    wording: str
    labels: ShortLabels


@dataclass(frozen=True, slots=True)
class ItemText:
    """A sub-strategy; the base of everything that has a place, a number among its like, and a wording.

    `wording` is the document's own, to the character; only outer white space and the leading dash are gone.
    `labels` are empty unless the document is our template.
    """

    line: int
    number: int
    wording: str
    labels: ShortLabels = field(default_factory=ShortLabels)


@dataclass(frozen=True, slots=True)
class GoalText(ItemText):
    """A main goal or an impact goal."""


@dataclass(frozen=True, slots=True)
class MeasureText(ItemText):
    """A measure; `code` is as `1.B.1`."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class StrategyText(ItemText):
    """A strategy; `number` 1 is letter A. `wording` is its title without "Strategi A:"."""

    letter: str = ""
    code: str = ""
    sub_strategies: tuple[ItemText, ...] = ()
    measures: tuple[MeasureText, ...] = ()


@dataclass(frozen=True, slots=True)
class FocusAreaText(ItemText):
    """A focus area; `wording` is its title without the number."""

    strategies: tuple[StrategyText, ...] = ()

    @property
    def code(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan as it was read, with what to look at before it is imported."""

    unit: Unit
    title: str | None
    title_line: int | None
    main_goals: tuple[GoalText, ...]
    impact_goals: tuple[GoalText, ...]
    focus_areas: tuple[FocusAreaText, ...]
    warnings: tuple[Remark, ...] = ()

    def strategies(self) -> Iterator[StrategyText]:
        """Every strategy, in the document's order."""
        for focus_area in self.focus_areas:
            yield from focus_area.strategies

    def sub_strategies(self) -> Iterator[ItemText]:
        """Every sub-strategy, in the document's order."""
        for strategy in self.strategies():
            yield from strategy.sub_strategies

    def measures(self) -> Iterator[MeasureText]:
        """Every measure, in the document's order."""
        for strategy in self.strategies():
            yield from strategy.measures

    def rows(self) -> list[PreviewRow]:
        """The whole plan as flat rows: title, goals, then each focus area with what is under it."""
        rows = []
        if self.title is not None:
            rows.append(PreviewRow(self.title_line or 1, Level.plan, "", self.title, ShortLabels()))
        rows += [_row(goal, Level.main_goal, str(goal.number)) for goal in self.main_goals]
        rows += [_row(goal, Level.impact_goal, str(goal.number)) for goal in self.impact_goals]
        for focus_area in self.focus_areas:
            rows.append(_row(focus_area, Level.focus_area, focus_area.code))
            for strategy in focus_area.strategies:
                rows.append(_row(strategy, Level.strategy, strategy.code))
                rows += [_row(item, Level.sub_strategy, "") for item in strategy.sub_strategies]
                rows += [_row(measure, Level.measure, measure.code) for measure in strategy.measures]
        return rows


def _row(item: ItemText, level: Level, code: str) -> PreviewRow:
    return PreviewRow(item.line, level, code, item.wording, item.labels)
