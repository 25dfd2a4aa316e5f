"""Which way a list is sorted, as its address says."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request


@dataclass(frozen=True)
class Sorting:
    """`?sort=name` or `?sort=-name`. What the table component's `sort_header` reads."""

    key: str
    descending: bool = False

    @classmethod
    def from_request(cls, keys: Collection[str], *, default: str) -> "Sorting":
        """The order asked for, or the default where none or an unknown one was."""
        asked = request.args.get("sort", "")
        if asked.removeprefix("-") not in keys:
            asked = default
        return cls(asked.removeprefix("-"), asked.startswith("-"))

    def url(self, key: str) -> str:
        """The list as it stands, sorted by the key; the other way round where it is so already."""
        query = [(k, v) for k, v in request.args.items(multi=True) if k not in {"sort", "cursor"}]
        back = "-" if key == self.key and not self.descending else ""
        return f"{request.path}?{urlencode([*query, ('sort', back + key)])}"
