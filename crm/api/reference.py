"""The API's description as its page shows it: resources with their fields and operations, in words and examples."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field or a parameter; `name` has dots where it lies within another."""

    name: str
    type: str
    description: str
    required: bool = False
    read_only: bool = False
    choices: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    answers: list[Answer]
    example: str


@dataclass(slots=True)
class Resource:
    name: str
    description: str
    fields: list[Field] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reference:
    paragraphs: list[str]
    resources: list[Resource]


def reference(spec: Json) -> Reference:
    resources = {tag["name"]: Resource(tag["name"], tag["description"]) for tag in spec["tags"]}
    for path, operations in spec["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method == "parameters":
                continue
            resource = resources[operation["tags"][0]]
            resource.operations.append(_operation(spec, path, method, operation, shared))
            if not resource.fields and (answer := _answered(spec, operation)):
                resource.fields = list(_fields(spec, answer))
    for resource in resources.values():
        if not any(operation.method == "POST" for operation in resource.operations):
            resource.fields = [replace(one, required=False) for one in resource.fields]
    return Reference(_paragraphs(spec["info"]["description"]), list(resources.values()))


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()]


def _operation(spec: Json, path: str, method: str, operation: Json, shared: list[Json]) -> Operation:
    return Operation(
        id=operation["operationId"].replace("_", "-"),
        method=method.upper(),
        path=path.removeprefix("/api/v1"),
        summary=operation["summary"],
        description=" ".join(operation.get("description", "").split()),
        parameters=[_parameter(spec, parameter) for parameter in [*shared, *operation["parameters"]]],
        answers=[
            Answer(status, _resolved(spec, answer)["description"])
            for status, answer in operation["responses"].items()
        ],
        example=_example(spec, path, method, operation),
    )


def _parameter(spec: Json, parameter: Json) -> Field:
    schema = _resolved(spec, parameter["schema"])
    return Field(
        name=parameter["name"],
        type=_type(spec, schema),
        description=parameter.get("description") or schema.get("description", ""),
        required=parameter.get("required", False),
        choices=tuple(schema.get("enum", ())),
        place=parameter["in"],
    )


def _answered(spec: Json, operation: Json) -> Json | None:
    """The schema of one record in an operation's answer."""
    for status, answer in operation["responses"].items():
        if status.startswith("2") and "content" in answer:
            schema = _resolved(spec, answer["content"]["application/json"]["schema"])
            items = schema["properties"].get("items")
            return _resolved(spec, items["items"]) if items else schema
    return None


def _fields(spec: Json, schema: Json, path: str = "") -> Iterator[Field]:
    for name, described in schema["properties"].items():
        inner = _resolved(spec, described)
        yield Field(
            name=f"{path}{name}",
            type=_type(spec, described),
            description=described.get("description") or inner.get("description", ""),
            required=name in schema.get("required", ()),
            read_only=inner.get("readOnly", False),
            choices=tuple(choice for choice in inner.get("enum", ()) if choice is not None),
        )
        nested = _resolved(spec, inner.get("items", inner))
        if "properties" in nested:
            yield from _fields(spec, nested, f"{path}{name}{'[]' if 'items' in inner else ''}.")


def _resolved(spec: Json, schema: Json) -> Json:
    """What a reference leads to, with what is said beside it; of a value or null, the value."""
    for name in ("anyOf", "allOf"):
        if name in schema:
            value = next(one for one in schema[name] if one.get("type") != "null")
            return _resolved(spec, value)
    if "$ref" not in schema:
        return schema
    found: Json = spec
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _type(spec: Json, schema: Json) -> str:
    inner = _resolved(spec, schema)
    types = inner.get("type", "object")
    names = [types] if isinstance(types, str) else list(types)
    if any(one.get("type") == "null" for one in schema.get("anyOf", ())):
        names.append("null")
    if inner.get("format"):
        names[0] = inner["format"]
    if names[0] == "array":
        names[0] = f"{_type(spec, inner['items'])}[]"
    return " | ".join(names)


def _example(spec: Json, path: str, method: str, operation: Json) -> str:
    """A command to try."""
    query = "?limit=20" if any(one["name"] == "limit" for one in operation["parameters"]) else ""
    lines = ['curl -H "Authorization: Bearer $TOKEN"']
    if method != "get":
        lines[0] = lines[0].replace("curl", f"curl -X {method.upper()}")
    if method == "post":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if method in {"patch", "delete"}:
        lines.append("-H 'If-Match: \"3\"'")
    if "requestBody" in operation:
        body = _sample(
            spec, _resolved(spec, operation["requestBody"]["content"]["application/json"]["schema"])
        )
        if method == "patch":
            body = {name: value for name, value in body.items() if name in {"title", "phone"}}
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}")
    host = spec["servers"][0]["url"]
    path = path.replace("{code}", "1.B.1").split("{", maxsplit=1)[0] + ("17" if "_id}" in path else "")
    lines.append(shlex.quote(f"{host}{path}{query}"))
    return " \\\n  ".join(lines)


def _sample(spec: Json, schema: Json) -> Json:
    """A body of the examples that its fields give."""
    found: Json = {}
    for name, described in schema["properties"].items():
        inner = _resolved(spec, described)
        examples = described.get("examples") or inner.get("examples")
        if inner.get("readOnly"):
            continue
        if examples:
            found[name] = examples[0]
        elif "properties" in inner and (sample := _sample(spec, inner)):
            found[name] = sample
        elif "items" in inner and "properties" in (one := _resolved(spec, inner["items"])):
            found[name] = [_sample(spec, one)]
    return found
