"""Which measures an interaction is tagged to: by the plan's own hints, some far more often than others, a few never."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from crm.demo.word_lists import Weighted, skewed
from crm.interactions.models import InteractionKind
from crm.organisations.models import OrganisationKind
from crm.plan.models import Plan

UNTOUCHED = frozenset({"1.A.2", "3.A.2", "4.B.1", "5.B.3"})
"""Measures that nobody has begun with: a report must show its gaps."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A measure as interactions are tagged with it."""

    id: int
    code: str
    strategy: str
    hints: dict[str, list[str]]
    popularity: float


class Tagging:
    """Picks measures of the plan whose period covers the day."""

    def __init__(self, rng: Random, plans: Sequence[Plan]) -> None:
        self._rng = rng
        self._plans: list[tuple[date, date, list[Tag]]] = []
        codes = sorted({measure.code for plan in plans for measure in plan.measures})
        ranks = dict(zip(rng.sample(codes, len(codes)), skewed(len(codes), offset=4), strict=True))
        for plan in sorted(plans, key=lambda plan: plan.starts_on):
            tags = [
                Tag(m.id, m.code, m.code.rsplit(".", 1)[0], m.hints or {}, ranks[m.code])
                for m in plan.measures
                if m.code not in UNTOUCHED
            ]
            self._plans.append((plan.starts_on, plan.ends_on, tags))
        self._fitting: dict[tuple[int, str, str, str], Weighted[Tag]] = {}

    def measures(
        self, day: date, kind: InteractionKind, organisation_kind: OrganisationKind, industry_code: str
    ) -> list[Tag]:
        """One to three different ones. The first fits best; it gives the interaction its subject."""
        plan = next(i for i, (starts_on, ends_on, _) in enumerate(self._plans) if starts_on <= day <= ends_on)
        key = (plan, kind.value, organisation_kind.value, industry_code)
        fitting = self._fitting.get(key)
        if fitting is None:
            tags = self._plans[plan][2]
            weights = [_fit(tag, kind.value, organisation_kind.value, industry_code) for tag in tags]
            fitting = self._fitting[key] = Weighted(tags, weights)
        luck = self._rng.random()
        picked = fitting.picks(self._rng, 1 if luck < 0.55 else 2 if luck < 0.9 else 3)
        return list({tag.id: tag for tag in picked}.values())

    def coded(self, day: date, codes: Sequence[str]) -> list[Tag]:
        """Those of the plan that covers the day which have one of the codes, its first where none has; none where no plan
        does.
        """
        covering = (tags for starts_on, ends_on, tags in self._plans if starts_on <= day <= ends_on)
        tags = next(covering, [])
        return [tag for tag in tags if tag.code in codes] or tags[:1]


def _fit(tag: Tag, kind: str, organisation_kind: str, industry_code: str) -> float:
    """How likely the tag is. What is hinted at for others is rare, but not ruled out."""
    weight = tag.popularity
    for hint, value in (("organisation_kinds", organisation_kind), ("interaction_kinds", kind)):
        hinted = tag.hints.get(hint)
        if hinted:
            weight *= 4.0 if value in hinted else 0.05
    prefixes = tag.hints.get("industry_prefixes")
    if prefixes:
        weight *= 4.0 if industry_code.startswith(tuple(prefixes)) else 0.4
    return weight
