"""The description and its page: whole, true, and readable."""

import json
import re
import shlex

import pytest

from crm.api.specification import ERRORS
from crm.web.clock import today
from tests.support.factories import make_organisation, make_plan, make_user

METHODS = {"get", "post", "patch", "delete"}


@pytest.fixture
def spec(pages):
    return pages.get("/api/v1/openapi.json").response.get_json()


def operations(spec):
    for path, found in spec["paths"].items():
        for method in found.keys() & METHODS:
            yield path, method, found[method], found.get("parameters", [])


def walk(node):
    yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(inner)


def test_every_reference_leads_somewhere_and_everything_is_used(spec):
    references = {node["$ref"] for node in walk(spec) if isinstance(node, dict) and "$ref" in node}
    for reference in references:
        found = spec
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    made = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in spec["components"][kind]
    }
    assert made == references


def test_every_address_is_described(spec, app):
    ours = {
        (re.sub(r"<[^>]*?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert ours == {(path, method) for path, method, *_ in operations(spec)}


def test_every_operation_tells_what_it_takes_gives_and_refuses(spec):
    assert spec["openapi"] == "3.1.0"
    assert spec["security"] == [{"token": []}]
    ids = [operation["operationId"] for _, _, operation, _ in operations(spec)]
    assert len(set(ids)) == len(ids)
    for path, method, operation, shared in operations(spec):
        assert operation["summary"], path
        assert operation["tags"] == [path.split("/")[3]]
        statuses = set(operation["responses"])
        assert {"401", "403", "429", "503"} <= statuses
        assert len([s for s in statuses if s.startswith("2")]) == 1
        assert {int(s) for s in statuses if s >= "4"} <= set(ERRORS)
        parameters = [*shared, *operation["parameters"]]
        assert all(parameter["description"] for parameter in parameters)
        assert {p["name"] for p in shared} == set(re.findall(r"{(\w+)}", path))
        named = {parameter["name"] for parameter in parameters}
        assert ("If-Match" in named) == (method in {"patch", "delete"}) == ("428" in statuses)
        assert ("Idempotency-Key" in named) == (method == "post")
        assert ("requestBody" in operation) == (method in {"post", "patch"})


def test_every_field_is_described(spec):
    for name, schema in spec["components"]["schemas"].items():
        assert schema["additionalProperties"] is False
        for field, described in schema["properties"].items():
            told = (
                described.get("description") or described.get("$ref") or field in {"items", "rows", "totals"}
            )
            assert told, f"{name}.{field}"
            for example in described.get("examples", ()):
                assert "enum" not in described or example in described["enum"]
        assert set(schema.get("required", ())) <= schema["properties"].keys()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_shows_every_operation(pages, spec, language):
    page = pages.get("/api/v1/docs", user=make_user(language=language))
    assert len(page.all("details.operation")) == len(list(operations(spec)))
    assert "/interactions/{interaction_id}" in page.text
    assert page.texts(".reference h2")[1:] == [f"/{tag['name']}" for tag in spec["tags"]]
    assert "curl -X PATCH" in page.text


def test_the_page_is_for_everybody(pages):
    assert pages.get("/api/v1/docs").h1
    assert pages.get("/api/v1/docs", user=make_user("reader")).h1


def test_examples_are_accepted(api, spec, pages):
    """What the page tells people to send is what the API takes."""
    make_plan()
    organisation = make_organisation()
    page = pages.get("/api/v1/docs", user=make_user())
    for resource in ("organisation", "contact", "interaction"):
        command = "".join(page.one(f"#create-{resource} pre").itertext()).replace("\\\n", " ")
        words = shlex.split(command)
        text = re.sub(r"\b17\b", str(organisation.id), words[words.index("-d") + 1])
        api.post(
            f"{resource}s",
            json.loads(text.replace("2026-09-03", today().isoformat()).replace("T14:00", "T00:00")),
        )
