"""A program that uses the API: it holds every answer to the published description."""

import contextvars
import datetime as dt
import gzip
import json
import re
from typing import Any

from flask import Flask

from crm.accounts.models import User
from crm.accounts.tokens import create_token
from crm.api.specification import specification
from crm.extensions import db
from crm.web.clock import today
from tests.support.pages import MOST_STATEMENTS, WRITES, check_secrecy, counted_statements

TYPES = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


class Answer:
    def __init__(self, response: Any, statements: list[str]) -> None:
        self.response = response
        self.statements = statements
        self.status = response.status_code
        data = gzip.decompress(response.data) if response.content_encoding == "gzip" else response.data
        self.json = json.loads(data) if "json" in response.mimetype else None
        self.etag = response.headers.get("ETag")

    @property
    def errors(self) -> dict[str, list[str]]:
        return self.json["errors"]

    @property
    def ids(self) -> list[int]:
        return [item["id"] for item in self.json["items"]]


class Api:
    """Calls the API with a token of the user's, or with `raw`, or without any."""

    def __init__(
        self, app: Flask, user: User | None = None, scope: str = "write", raw: str | None = None
    ) -> None:
        self.app, self.user = app, user
        self.client = app.test_client()
        if user is not None:
            made = create_token(
                user=user, name="Prøve", scope=scope, last_day=today() + dt.timedelta(days=30), actor=user
            )
            db.session.commit()
            self.token, raw = made.token, made.raw
        self.headers = {"Authorization": f"Bearer {raw}"} if raw else {}

    def request(self, method: str, path: str, *, status: int | set[int], **options: Any) -> Answer:
        options["headers"] = self.headers | options.get("headers", {})
        db.session.commit()
        with counted_statements() as statements:
            address = path if path.startswith("/") else f"/api/v1/{path}"
            # An empty context: the request gets an application context and a session of its own.
            response = contextvars.Context().run(self.client.open, address, method=method, **options)
        check_secrecy(statements, self.user)
        db.session.expire_all()
        answer = Answer(response, statements)
        allowed = {status} if isinstance(status, int) else status
        assert answer.status in allowed, (
            f"{method} {path} gave {answer.status}: {response.get_data(as_text=True)[:600]}"
        )
        check_described(self.app, method, address.partition("?")[0], answer)
        return answer

    def get(
        self, path: str, *, status: int = 200, most_statements: int = MOST_STATEMENTS, **query: Any
    ) -> Answer:
        """`from_` stands for `from`."""
        asked = {name.removesuffix("_"): value for name, value in query.items()}
        answer = self.request("GET", path, status=status, query_string=asked or None)
        assert not [s for s in answer.statements if WRITES.match(s)]
        assert len(answer.statements) <= most_statements, "\n\n".join(answer.statements)
        return answer

    def post(self, path: str, body: Any, *, status: int = 201, key: str | None = None) -> Answer:
        headers = {"Idempotency-Key": key} if key is not None else {}
        return self.request("POST", path, status=status, json=body, headers=headers)

    def patch(self, path: str, body: Any, *, etag: str | None = None, status: int = 200) -> Answer:
        headers = {"If-Match": etag} if etag is not None else {}
        return self.request("PATCH", path, status=status, json=body, headers=headers)

    def delete(self, path: str, *, etag: str | None = None, status: int = 204) -> Answer:
        headers = {"If-Match": etag} if etag is not None else {}
        return self.request("DELETE", path, status=status, headers=headers)

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The items of every page."""
        answer = self.get(path, **query)
        found = list(answer.json["items"])
        while answer.json["next"]:
            answer = self.get("/" + answer.json["next"].split("/", 3)[3])
            found += answer.json["items"]
        assert len(found) == answer.json["total"]
        return found


def check_described(app: Flask, method: str, address: str, answer: Answer) -> None:
    """The description knows the operation and the status, and the body fits its schema."""
    if answer.status >= 400:
        assert answer.response.mimetype == "application/problem+json"
        assert answer.json["status"] == answer.status
        assert answer.json["title"]
    with app.app_context():
        spec = specification()
    path = next((p for p in spec["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", p), address)), None)
    if path is None or method.lower() not in spec["paths"][path]:
        assert answer.status in {404, 405}
        return
    responses = spec["paths"][path][method.lower()]["responses"]
    assert str(answer.status) in responses, f"{method} {path} {answer.status} is not in the description"
    described = resolved(spec, responses[str(answer.status)])
    for header in described.get("headers", {}):
        assert header in answer.response.headers
    content = described.get("content", {})
    if content:
        assert list(content) == [answer.response.mimetype]
        check_fits(
            spec,
            content[answer.response.mimetype]["schema"],
            answer.json,
            "answer",
            whole=answer.status < 400,
        )
    else:
        assert not answer.response.data


def resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found = spec
    if "$ref" not in schema:
        return schema
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def check_fits(
    spec: dict[str, Any], schema: dict[str, Any], value: Any, where: str, *, whole: bool = True
) -> None:
    """The value is as the schema says; `whole` asks for every field that it knows."""
    if "anyOf" in schema:
        if value is not None:
            check_fits(spec, schema["anyOf"][0], value, where, whole=whole)
        return
    schema = resolved(spec, schema)
    types = schema.get("type", [])
    allowed = tuple(TYPES[name] for name in ([types] if isinstance(types, str) else types))
    assert isinstance(value, allowed), f"{where}: {value!r} is not {types}"
    assert "enum" not in schema or value in schema["enum"], (
        f"{where}: {value!r} is not among {schema['enum']}"
    )
    if isinstance(value, list):
        for place, item in enumerate(value):
            check_fits(spec, schema["items"], item, f"{where}[{place}]", whole=whole)
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        other = schema.get("additionalProperties")
        missing = known.keys() - value.keys() if whole else set()
        assert not missing, f"{where}: without {missing}"
        for name, inner in value.items():
            assert name in known or other, f"{where}: {name} is not described"
            check_fits(spec, known.get(name, other), inner, f"{where}.{name}", whole=whole)
    elif value is not None and schema.get("format") == "date-time":
        assert dt.datetime.fromisoformat(value).utcoffset() is not None, where
    elif value is not None and schema.get("format") == "date":
        assert dt.date.fromisoformat(value).isoformat() == value, where
