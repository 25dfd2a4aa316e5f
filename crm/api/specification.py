"""The OpenAPI description, finished: what flask-smorest knows of each operation, and what holds for all of them."""

from copy import deepcopy
from typing import Any

import marshmallow as ma
from flask import current_app
from werkzeug.http import HTTP_STATUS_CODES

from crm.api.fields import READ_ONLY, Schema, Text, told

DESCRIPTION = """\
Send a token as `Authorization: Bearer …`. Users make one on their own page, operators with `flask tokens create`; what a token
may do is what its user may do, within its scope. A browser's sign-in does not open the API.

Lists answer `{"items", "total", "next"}` in a stable order: follow `next` until it is null. Instants are ISO 8601 with their
offset, and are told in Norwegian time; dates are `YYYY-MM-DD`. `organisation`, `contact` and `advisor` values are ids, measures
are codes.

`POST` takes an `Idempotency-Key`: the same key gives the same answer for two days and creates nothing again. `PATCH` and
`DELETE` need `If-Match` with the record's `ETag`; a stale one answers 412. `DELETE` puts a record in the bin, where it can be
restored for 30 days. Unknown fields are refused, not ignored.

Errors are problem details (RFC 9457) with `status`, `title`, `detail` and, for fields, `errors: {field: [message]}`; the messages
are those of the forms, in the language of the token's user."""

EVERYWHERE = (401, 403, 429, 503)
ERRORS = {
    400: "The request could not be read: its JSON, its cursor or a header",
    401: "No token, or one that is unknown, expired or revoked",
    403: "The token's scope or its user's role does not include this",
    404: "There is no such record, or it is in the bin",
    409: "Another record got a value at the same moment that only one may have",
    410: "The record was merged into another one, whose id is `merged_into`",
    412: "The record was changed since it was read",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "Fields that break a rule, unknown fields, or an Idempotency-Key that was used for something else",
    428: "If-Match is missing",
    429: "More than 600 requests a minute",
    503: "The database does not answer",
}
VERSIONED = {"organisations", "contacts", "interactions"}
MERGED = {"organisations", "contacts"}
VERBS = {"get": "get", "post": "create", "patch": "update", "delete": "bin"}
ANSWERS = {
    "list": "One page of the list",
    "get": "The record",
    "create": "The new record",
    "update": "The record as it is now",
    "bin": "It is in the bin",
}
ETAG = {"ETag": {"description": "The record's version, for If-Match", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "The new record's address", "schema": {"type": "string"}}}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The record's ETag as it was read; `*` for whatever it is now",
    "schema": {"type": "string", "examples": ['"3"']},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Something unique for what is to be created; send it again when the answer was lost",
    "schema": {"type": "string", "maxLength": 200},
}


class ProblemSchema(Schema):
    """RFC 9457."""

    status = ma.fields.Integer(required=True, metadata=told("The HTTP status", example=422))
    title = Text(required=True, metadata=told("What the status is called", example="Unprocessable Entity"))
    detail = Text(metadata=told("What is wrong"))
    merged_into = ma.fields.Integer(metadata=told("Of a record that was merged: the id of the other one"))
    errors = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.String()),
        metadata=told("Messages by field; a dot leads into one", example={"name": ["Enter a name"]}),
    )


def specification() -> dict[str, Any]:
    """The whole description; made once for each application, and not to be changed."""
    extension = current_app.extensions["flask-smorest"]
    if "specification" not in extension:
        extension["specification"] = _finished(extension["apis"][""]["ext_obj"].spec.to_dict())
    found: dict[str, Any] = extension["specification"]
    return found


def _finished(raw: dict[str, Any]) -> dict[str, Any]:
    spec = deepcopy(raw)
    spec["servers"] = [{"url": current_app.config["CRM"].public_url}]
    components = spec["components"]
    components["responses"] = {_name(status): _problem(status) for status in ERRORS}
    for unused in ("Error", "PaginationMetadata"):  # flask-smorest's own
        components["schemas"].pop(unused)
    for schema in components["schemas"].values():
        _finish_schema(schema)
    for tag in spec["tags"]:
        tag["name"] = tag["name"].removeprefix("api_")
    for path, operations in spec["paths"].items():
        for parameter in operations.get("parameters", ()):
            parameter["description"] = (
                "The measure's code" if parameter["name"] == "code" else "The record's id"
            )
        for method, operation in operations.items():
            if method in VERBS:
                _finish_operation(path, method, operation)
    return spec


def _finish_schema(schema: dict[str, Any]) -> None:
    schema["additionalProperties"] = False
    properties = schema["properties"]
    late = [name for name in properties if name in READ_ONLY and name != "id"]
    schema["properties"] = {
        name: properties[name] for name in [*(n for n in properties if n not in late), *late]
    }
    for field in properties.values():
        if "enum" in field and "null" in field.get("type", ()) and None not in field["enum"]:
            field["enum"] = [*field["enum"], None]


def _finish_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    resource, _, one = path.removeprefix("/api/v1/").partition("/{")
    listed = any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", ()))
    verb = "list" if listed else VERBS[method]
    noun = resource.removesuffix("s") if one or method == "post" else resource
    operation["operationId"] = f"{verb}_{noun.replace('/', '_')}"
    operation["summary"] = operation.get("summary", "").rstrip(".")
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    headers: dict[str, Any] = {}
    parameters = operation.setdefault("parameters", [])
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
        headers = ETAG | LOCATION
    elif method in {"patch", "delete"}:
        parameters.append(IF_MATCH)
        headers = ETAG if method == "patch" else {}
    elif one and resource in VERSIONED:
        headers = ETAG
    for answer in answers.values():
        answer["description"] = ANSWERS[verb]
        answer.update({"headers": headers} if headers else {})
    errors = _errors_of(method, operation, bool(one), listed)
    if method == "get" and one and resource in MERGED:
        errors = sorted([*errors, 410])
    operation["responses"] = answers | {
        str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in errors
    }


def _errors_of(method: str, operation: dict[str, Any], one: bool, listed: bool) -> list[int]:
    found = set(EVERYWHERE)
    if one:
        found.add(404)
    if listed:
        found.add(400)
    if any(parameter.get("in") == "query" for parameter in operation["parameters"]):
        found.add(422)
    if method in {"post", "patch"}:
        found |= {400, 409, 413, 415, 422}
    if method in {"patch", "delete"}:
        found |= {412, 428}
    return sorted(found)


def _name(status: int) -> str:
    return HTTP_STATUS_CODES[status].title().replace(" ", "").replace("-", "")


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": ERRORS[status],
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
