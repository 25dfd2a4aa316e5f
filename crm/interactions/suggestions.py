"""Which measures an interaction is likely to belong to. Pure: the caller brings what is known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

HALF_LIFE = 365
"""Days after which an earlier tag weighs half."""

EARLIER, ORGANISATION_KIND, INDUSTRY, KIND, OWN = 4.0, 2.5, 2.0, 1.5, 0.2


class Hinted(Protocol):
    """A measure with its hints: interaction_kinds, organisation_kinds, industry_prefixes."""

    @property
    def id(self) -> int: ...

    @property
    def hints(self) -> dict[str, list[str]]: ...


def suggested_measures(
    measures: Sequence[Hinted],
    *,
    today: date,
    kind: str | None = None,
    organisation_kinds: Iterable[str] = (),
    industry_codes: Iterable[str] = (),
    earlier: Iterable[tuple[int, date]] = (),
    own: Mapping[int, int] | None = None,
    most: int = 6,
) -> list[int]:
    """Ids of the likeliest measures, the likeliest first; among equals in the plan's order.

    What the organisations were tagged with before (`earlier`: measure id, day) counts most, the later the more;
    then where the plan says a measure fits; then what the advisor often uses (`own`: measure id → times).
    """
    scores = dict.fromkeys((measure.id for measure in measures), 0.0)
    for measure_id, on in earlier:
        if measure_id in scores:
            scores[measure_id] += EARLIER * 0.5 ** (max((today - on).days, 0) / HALF_LIFE)
    kinds, codes = set(organisation_kinds), list(industry_codes)
    for measure in measures:
        hints = measure.hints
        if kinds & set(hints.get("organisation_kinds", ())):
            scores[measure.id] += ORGANISATION_KIND
        if any(code.startswith(tuple(hints.get("industry_prefixes", ()))) for code in codes):
            scores[measure.id] += INDUSTRY
        if kind in hints.get("interaction_kinds", ()):
            scores[measure.id] += KIND
        scores[measure.id] += OWN * min((own or {}).get(measure.id, 0), 10)
    likely = [measure.id for measure in measures if scores[measure.id] > 0]
    return sorted(likely, key=lambda measure_id: -scores[measure_id])[:most]
