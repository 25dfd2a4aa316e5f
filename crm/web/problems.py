"""Errors for programs: `application/problem+json` as in RFC 9457."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.http import HTTP_STATUS_CODES


def wants_problem() -> bool:
    return request.path.startswith("/api/")


def problem(
    status: int, detail: str | None = None, errors: dict[str, list[Any]] | None = None, **more: Any
) -> Response:
    """`errors` are by field, as forms show them; `more` are members of its own."""
    body: dict[str, Any] = {"status": status, "title": HTTP_STATUS_CODES.get(status, "Error"), **more}
    if detail:
        body["detail"] = str(detail)
    if errors:
        body["errors"] = {field: [str(message) for message in messages] for field, messages in errors.items()}
    answer = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def problem_of(error: HTTPException) -> Response:
    """The problem that an exception of the framework tells, field errors of the request's schema included."""
    data = getattr(error, "data", None) or {}
    errors: dict[str, list[Any]] = {}
    for fields in (data.get("messages") or {}).values():
        for field, message in _by_field(fields):
            errors.setdefault(field or "body", []).append(message)
    detail = "Some fields are not what they should be" if errors else error.description
    answer = problem(error.code or 500, detail, errors)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if retry := getattr(error, "retry_after", None):
        answer.headers["Retry-After"] = str(retry)
    return answer


def _by_field(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each message with the path of its field: `address.city`, `affiliations.0.title`."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = "" if name == "_schema" else str(name)
            yield from _by_field(inner, ".".join(filter(None, (path, step))))
    elif isinstance(messages, list):
        for message in messages:
            yield from _by_field(message, path)
    else:
        yield path, str(messages)
