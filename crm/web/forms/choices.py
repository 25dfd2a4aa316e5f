from collections.abc import Iterable
from typing import Any

from wtforms.fields.choices import SelectChoice


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """What a list offers, from pairs of value and label."""
    return [SelectChoice(str(value), label) for value, label in pairs]
