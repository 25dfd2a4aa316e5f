"""Errors for programs: `application/problem+json` as in RFC 9457."""

import json
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES


def wants_problem() -> bool:
    return request.path.startswith("/api/")


def problem(status: int, detail: str | None = None, errors: dict[str, list[Any]] | None = None) -> Response:
    """`errors` are by field, as forms show them."""
    body: dict[str, Any] = {"status": status, "title": HTTP_STATUS_CODES.get(status, "Error")}
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
    by_place = data.get("messages") or {}
    errors: dict[str, list[Any]] = {}
    for fields in by_place.values():
        for field, messages in fields.items() if isinstance(fields, dict) else [("body", fields)]:
            errors[field] = messages if isinstance(messages, list) else [json.dumps(messages, ensure_ascii=False)]
    answer = problem(error.code or 500, error.description, errors)
    if error.response is None and (retry := getattr(error, "retry_after", None)):
        answer.headers["Retry-After"] = str(retry)
    return answer
