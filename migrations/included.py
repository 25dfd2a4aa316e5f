"""What Alembic compares."""

from typing import Any


def include_object(_thing: Any, name: str | None, _kind: str, _reflected: bool, _compared: Any) -> bool:
    """The text indexes are made by hand, in each database's own way."""
    return "_words" not in (name or "")
