"""Secrets that are shown on one page, once: they go along in the reader's own cookie until that page is opened."""

from typing import Any

from flask import session


def show_once(what: str, **values: Any) -> None:
    session[f"once:{what}"] = values


def take_once(what: str) -> dict[str, Any] | None:
    """What is to be shown now, and never again."""
    found: dict[str, Any] | None = session.pop(f"once:{what}", None)
    return found
