"""GET never writes: its transaction is read-only in the database itself."""

from typing import Any

from flask import Flask, g, request

from crm.database import begin_reading, end_reading

SAFE = {"GET", "HEAD", "OPTIONS"}


def register_transactions(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    if request.method in SAFE:
        g.reading = begin_reading()


def _end(_error: Any) -> None:
    token = g.pop("reading", None)
    if token is not None:
        end_reading(token)
