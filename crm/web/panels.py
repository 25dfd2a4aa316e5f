"""What a page shows of features that stand above its own: they hand in a loader, so that imports run one way."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Loader = Callable[[Any, Any], Any]
_loaders: dict[str, dict[str, Loader]] = defaultdict(dict)


def add_panel(page: str, name: str, load: Loader) -> None:
    """From now on `panels(page, …)` has `name`: what `load(subject, viewer)` returns."""
    _loaders[page][name] = load


def panels(page: str, subject: Any, viewer: Any) -> dict[str, Any]:
    return {name: load(subject, viewer) for name, load in _loaders[page].items()}
