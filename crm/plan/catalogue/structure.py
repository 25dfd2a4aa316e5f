"""The shapes of the shipped catalogue. Kinds are plain words: their enums belong to features above the plan."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

TargetKind = Literal["interactions", "coverage", "milestone", "indicator"]


@dataclass(frozen=True, slots=True)
class ShortLabels:
    """A short label in each of the interface's languages; an empty text where none was given."""

    nb: str = ""
    nn: str = ""
    en: str = ""

    def best(self, language: str) -> str:
        """The label in `language` ("nb", "nn", "en", or a locale such as "nb_NO"), else bokmål, else any."""
        texts = {"nb": self.nb, "nn": self.nn, "en": self.en}
        return texts.get(language[:2], "") or self.nb or self.nn or self.en

    def as_dict(self) -> dict[str, str]:
        """The labels that were given, by language."""
        return {language: text for language, text in asdict(self).items() if text}


@dataclass(frozen=True, slots=True)
class CatalogueTarget:
    """What a measure must reach. Only the fields of its own kind are filled.

    interactions: at least `goal`, each year when `every_year`, otherwise over the plan's period; counting only those
    of `interaction_kind` where one is given. The yearly calls of the business fund are counted as events: an e-mail or
    a telephone call about the fund must not pass for the call itself.
    coverage: `goal` per cent of the organisations of `organisation_kind` reached over the period.
    milestone: done by `due_on`. indicator: a reading of at least `goal`.
    """

    kind: TargetKind
    labels: ShortLabels
    goal: int | None = None
    every_year: bool = False
    interaction_kind: str | None = None
    organisation_kind: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class CatalogueMeasure:
    """A measure; `code` is as `1.B.1`.

    The three hints say for whom it is likely the right tag: interaction kinds, organisation kinds, and the
    beginnings of industry codes (SN2007, such as "55" or "82.3"). An empty hint says nothing either way.
    """

    code: str
    labels: ShortLabels
    targets: tuple[CatalogueTarget, ...] = ()
    interaction_kinds: tuple[str, ...] = ()
    organisation_kinds: tuple[str, ...] = ()
    industry_prefixes: tuple[str, ...] = ()

    @property
    def hints(self) -> dict[str, list[str]]:
        """The hints that were given, by name."""
        named = {
            "interaction_kinds": list(self.interaction_kinds),
            "organisation_kinds": list(self.organisation_kinds),
            "industry_prefixes": list(self.industry_prefixes),
        }
        return {name: values for name, values in named.items() if values}

    @property
    def number(self) -> int:
        """Its place within the strategy, from 1."""
        return int(self.code.rsplit(".", 1)[1])

    def fits_industry(self, industry_code: str | None) -> bool:
        """Whether an organisation's industry code begins with one of the hinted prefixes."""
        return bool(industry_code) and (industry_code or "").startswith(self.industry_prefixes)


@dataclass(frozen=True, slots=True)
class CatalogueStrategy:
    """A strategy; `code` is as `1.B`."""

    code: str
    labels: ShortLabels
    measures: tuple[CatalogueMeasure, ...]

    @property
    def letter(self) -> str:
        """Its letter within the focus area."""
        return self.code.rsplit(".", 1)[1]


@dataclass(frozen=True, slots=True)
class CatalogueFocusArea:
    """A focus area, numbered from 1."""

    number: int
    labels: ShortLabels
    strategies: tuple[CatalogueStrategy, ...]


@dataclass(frozen=True, slots=True)
class CatalogueGoal:
    """A main goal or an impact goal, numbered from 1 among its like."""

    number: int
    labels: ShortLabels


@dataclass(frozen=True, slots=True)
class StrategyPeriod:
    """The long-running strategy that the plan serves; both dates are included."""

    title: ShortLabels
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole plan; both dates are included."""

    title: ShortLabels
    starts_on: date
    ends_on: date
    strategy: StrategyPeriod
    main_goals: tuple[CatalogueGoal, ...]
    impact_goals: tuple[CatalogueGoal, ...]
    focus_areas: tuple[CatalogueFocusArea, ...]

    def strategies(self) -> Iterator[CatalogueStrategy]:
        """Every strategy, in the plan's order."""
        for focus_area in self.focus_areas:
            yield from focus_area.strategies

    def measures(self) -> Iterator[CatalogueMeasure]:
        """Every measure, in the plan's order."""
        for strategy in self.strategies():
            yield from strategy.measures

    def measure(self, code: str) -> CatalogueMeasure | None:
        """The measure with this code, or None."""
        return next((measure for measure in self.measures() if measure.code == code), None)
