"""A limit on searches that costs nothing while one types.

The limiter of other pages starts a thread to forget what it counted, at nearly every hit: as long as the search itself.
"""

import time
from typing import Final

from flask import abort

SEARCHES: Final = 600
WINDOW: Final = 60.0
"""Seconds."""


class Throttle:
    """So many a window for each key, counted by each process for itself."""

    def __init__(self, most: int = SEARCHES, window: float = WINDOW) -> None:
        self.most, self.window = most, window
        self._counted: dict[str, int] = {}
        self._ends = 0.0

    def count(self, key: str) -> None:
        """429 for whoever has asked more often."""
        now = time.monotonic()
        if now >= self._ends:
            self._counted, self._ends = {}, now + self.window
        asked = self._counted[key] = self._counted.get(key, 0) + 1
        if asked > self.most:
            abort(429)


searches = Throttle()
