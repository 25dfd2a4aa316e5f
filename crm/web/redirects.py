"""Redirects that stay at home."""

from urllib.parse import urlsplit

from flask import request, url_for


def is_own(target: str) -> bool:
    """Whether it is a path of ours, as browsers read it."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def safe_next(default: str = "interactions.my_day") -> str:
    """The `next` address of the request if it is one of ours, else the default endpoint's."""
    target = request.values.get("next", "")
    return target if is_own(target) else url_for(default)
