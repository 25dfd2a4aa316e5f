"""How much may be sent in one request: little, but to the endpoints that take files."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
MEGABYTE: Final = 1024 * 1024
ROOM: Final = MEGABYTE
"""For what stands around the files, beside the megabytes that people are told."""
_TAKES = "_takes_megabytes"


def takes_megabytes(most: int) -> Callable[[View], View]:
    """So much may be sent to this view at a time."""

    def declare(view: View) -> View:
        setattr(view, _TAKES, most)
        return view

    return declare


def most_megabytes() -> int:
    """What may be sent in the request at hand, as people are told."""
    return ((request.max_content_length or 0) - ROOM) // MEGABYTE


def register_uploads(app: Flask) -> None:
    app.before_request(_allow)


def _allow() -> None:
    """Before anything looks at the form: its size is measured when it is first read."""
    most = getattr(current_app.view_functions.get(request.endpoint or ""), _TAKES, None)
    if most is not None:
        request.max_content_length = most * MEGABYTE + ROOM
