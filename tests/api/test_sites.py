"""/sites by the same rules as its pages."""

import pytest

from crm.extensions import db
from crm.sites.models import Site
from tests.support.factories import make_contact, make_organisation, make_plan

BERGER = {
    "name": "Berger",
    "place": "Ved E6",
    "regulation": "zoned",
    "total_area": 250_000,
    "free_area": 80_000,
    "power": 2_000,
    "free_from": "2027-01-01",
    "premises": ["plot", "warehouse"],
    "focus_areas": [1],
    "attracts": "Logistikk",
    "website": "https://www.example.no",
}


@pytest.fixture(autouse=True)
def plan(app, isolation):
    return make_plan()


def test_made_read_changed_and_put_in_the_bin(api):
    company = make_organisation(kind="developer")
    person = make_contact(at=company)
    body = BERGER | {"developer": company.id, "contact": person.id}
    made = api.post("sites", body).json
    assert {name: made[name] for name in body} == body
    address = f"sites/{made['id']}"
    read = api.get(address)
    assert read.json == made
    assert api.patch(address, made, etag=read.etag).json == made, "sent back whole, nothing changes"
    assert api.patch(address, {"free_area": 70_000}, etag=read.etag).json["free_area"] == 70_000
    api.patch(address, {"place": "Annet"}, etag=read.etag, status=412)
    assert api.get("sites", q="berg", free="70 daa", premises="plot").ids == [made["id"]]
    assert api.get("sites", free="70001").ids == []
    api.get("sites", free="mye", status=422)
    api.get("sites", premises="castle", status=422)
    api.delete(address, etag=api.get(address).etag)
    api.get(address, status=404)
    assert db.session.get(Site, made["id"]).is_binned


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"free_area": 250_001}, "free_area"),
        ({"regulation": "perhaps"}, "regulation"),
        ({"premises": ["castle"]}, "premises"),
        ({"developer": 999_999}, "developer"),
        ({"contact": 999_999}, "contact"),
        ({"version": 3}, "version"),
    ],
)
def test_what_breaks_a_rule_names_its_field(api, wrong, field):
    assert api.post("sites", BERGER | wrong, status=422).errors.keys() == {field}
