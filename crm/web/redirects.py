"""Redirects that stay at home."""

from urllib.parse import urlsplit

from flask import request, url_for


def safe_next(default: str = "interactions.my_day") -> str:
    """The `next` address of the request if it is one of ours, else the default endpoint's."""
    target = request.values.get("next", "")
    parts = urlsplit(target)
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if ours and "\\" not in target and target.isprintable() else url_for(default)
