"""The lists of words that the sample data is put together from, and how something is picked from them."""

import tomllib
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


@cache
def word_list(name: str) -> dict[str, Any]:
    """The list `words/<name>.toml`."""
    return tomllib.loads((Path(__file__).parent / "words" / f"{name}.toml").read_text(encoding="utf-8"))


class Weighted(Generic[Item]):
    """Picks items by weight, in the time of one bisection."""

    def __init__(self, items: Sequence[Item], weights: Sequence[float]) -> None:
        self.items = items
        self.cumulated = list(accumulate(weights))

    def pick(self, rng: Random) -> Item:
        return rng.choices(self.items, cum_weights=self.cumulated)[0]

    def picks(self, rng: Random, count: int) -> list[Item]:
        return rng.choices(self.items, cum_weights=self.cumulated, k=count)


def skewed(count: int, *, offset: int = 12, exponent: float = 0.85) -> list[float]:
    """Weights by rank, Zipf-like: a few have much, most have little.

    The offset keeps the first from having it all: the busiest organisation of a nation is a few times that of an
    office, not a hundred times.
    """
    return [(rank + offset) ** -exponent for rank in range(count)]
