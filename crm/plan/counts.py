"""What the plan's page shows of the log. The features above count; they hand it in as the panel "counts"."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """Held interactions, by the record's id. One with several measures is in each of theirs, but strategies, focus
    areas and the plan count it once; what is not named has none.
    """

    plan: int = 0
    focus_areas: Mapping[int, int] = field(default_factory=dict)
    strategies: Mapping[int, int] = field(default_factory=dict)
    measures: Mapping[int, int] = field(default_factory=dict)
