"""/search as the box finds."""

import pytest

from crm.responsibilities.routing import Person, RightContact
from crm.search import answers
from crm.search.queries import Found, Hit, Kind
from tests.support.factories import make_contact, make_organisation, make_user

MOST_STATEMENTS = 20  # with what the process keeps, read by the first after a change


def test_hits_with_whom_to_ask(api, app):
    manager = make_user(name="Håvard Aas", phone="+4798716458", email="havard@example.no")
    berg = make_organisation("Berg AS", account_manager_id=manager.id)
    make_contact("Kari", "Berg")
    found = api.get("search", q="berg", most_statements=MOST_STATEMENTS).json
    assert found["items"][0] == {
        "type": "organisation",
        "id": berg.id,
        "title": "Berg AS",
        "subtitle": found["items"][0]["subtitle"],
        "right_contact": {
            "name": "Håvard Aas",
            "phone": "+4798716458",
            "email": "havard@example.no",
            "reason": "Account manager",
        },
        "url": f"{app.config['CRM'].public_url}/organisations/{berg.id}",
    }
    assert [one["type"] for one in found["items"]] == ["organisation", "contact"]
    assert found["items"][1]["right_contact"] == {
        "name": None,
        "phone": None,
        "email": None,
        "reason": "Nobody is responsible for this",
    }
    assert len(api.get("search", q="berg", limit=1, most_statements=MOST_STATEMENTS).json["items"]) == 1


def test_a_kind_a_unit_and_what_needs_nobody(api, monkeypatch):
    company = make_organisation().id
    unit = RightContact("unit", "By topic", unit_id=4, unit="Næring")
    asked = []

    def find(_query, _viewer, *, limit, kinds, besides):
        asked.append((limit, list(kinds)))
        return Found(
            [
                Hit(Kind.organisation, company, "Berg", "/organisations/1", organisation_id=company),
                Hit(Kind.measure, 2, "1.B.1", "/plan/measures/1.B.1"),
            ]
        )

    monkeypatch.setattr(answers, "find", find)
    monkeypatch.setattr(answers, "right_contacts", lambda *_, **__: {None: unit, company: unit})
    found = api.get("search", q="berg", kind="organisation", limit=50).json
    assert asked == [(50, [Kind.organisation])]
    assert found["items"][0]["right_contact"]["name"] == "Næring"
    assert found["items"][1]["right_contact"] is None


def test_the_deputy_is_named_where_somebody_is_away(api, monkeypatch):
    company = make_organisation("Berg AS").id
    right = RightContact(
        "manager", "Account manager", Person(1, "Borte"), Person(2, "Ola Vik", "+4763800002")
    )
    monkeypatch.setattr(answers, "right_contacts", lambda *_, **__: {None: right, company: right})
    found = api.get("search", q="berg", most_statements=MOST_STATEMENTS).json
    assert found["items"][0]["right_contact"]["name"] == "Ola Vik"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "x", "kind": "nothing"}, "kind"),
        ({"q": "x", "limit": 51}, "limit"),
        ({"q": "x", "cursor": "1"}, "cursor"),
    ],
)
def test_what_it_does_not_take_names_its_field(api, asked, field):
    assert api.get("search", status=422, **asked).errors.keys() == {field}
