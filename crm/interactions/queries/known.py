"""What is known of how many interactions a filter lets through before any is looked at.

The features above keep such numbers; they hand them in as the panel "known" of "interactions".
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.interactions.queries.filter import InteractionFilter
from crm.web.panels import panels


@dataclass(frozen=True, slots=True)
class Known:
    """`total` is exact; all of them lie from `earliest` to `latest`, and `of_all` is how many those days have, whatever
    else is asked for.
    """

    total: int
    of_all: int
    earliest: date
    latest: date

    def are_many(self, wanted: int) -> bool:
        """Whether `wanted` of them are sooner found by walking through all of those days, looking at
        `wanted * of_all / total`, than by fetching the `total` and sorting them.
        """
        return self.total * self.total > wanted * self.of_all


def known_of(filter_: InteractionFilter, viewer: Any) -> Known | None:
    """None where nobody keeps just this number."""
    found: Known | None = panels("interactions", filter_, viewer).get("known")
    return found
