"""Collaborations in the API: the same operations and rules as the pages."""

import pytest

from crm.collaborations.models import Collaboration
from crm.extensions import db
from tests.collaborations.conftest import THIS_YEAR
from tests.support.api import Api
from tests.support.factories import make_organisation, make_user


@pytest.fixture
def api(app):
    return Api(app, make_user("manager", language="en"), "write")


def body(organisation, **changes):
    return {
        "kind": "collaboration",
        "title": "Smart by",
        "organisations": [organisation.id],
        "measures": ["1.A.1"],
        "collaboration": {"year": THIS_YEAR},
    } | changes


def test_from_idea_to_the_next_year(api, plan, oslomet):
    made = api.post("interactions", body(oslomet))
    assert made.json["collaboration"] == {"year": THIS_YEAR, "stage": "idea", "continues": None}
    assert made.json["status"] == "draft"
    address = f"interactions/{made.json['id']}"
    day = f"{THIS_YEAR}-01-02"
    begun = api.patch(address, {"collaboration": {"stage": "initiated"}, "starts_at": day}, etag="*")
    assert (begun.json["status"], begun.json["starts_at"]) == ("held", day)
    assert begun.json["collaboration"]["stage"] == "initiated"
    assert api.get("interactions", kind="collaboration", plan=plan.id).json["items"] == [begun.json]
    assert api.get(address).json == begun.json
    same = api.patch(address, begun.json | {"title": "Smart by"}, etag="*")
    assert same.json["version"] == begun.json["version"]
    following = api.post(
        "interactions", body(oslomet, collaboration={"year": THIS_YEAR + 1, "continues": made.json["id"]})
    )
    assert following.json["collaboration"]["continues"] == made.json["id"]
    again = api.post(
        "interactions",
        body(oslomet, collaboration={"year": THIS_YEAR + 1, "continues": made.json["id"]}),
        status=422,
    )
    assert "collaboration.continues" in again.json["errors"]
    assert db.session.query(Collaboration).count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"collaboration": None}, "collaboration.year"),
        ({"collaboration": {"year": 1999}}, "collaboration.year"),
        ({"collaboration": {"year": THIS_YEAR, "stage": "done"}}, "collaboration.stage"),
        ({"collaboration": {"year": THIS_YEAR, "stage": "ongoing"}}, "starts_at"),
        ({"collaboration": {"year": THIS_YEAR, "colour": "red"}}, "collaboration.colour"),
        ({"collaboration": {"year": THIS_YEAR, "continues": 2_000_000}}, "collaboration.continues"),
        ({"starts_at": f"{THIS_YEAR}-01-02T10:00:00+01:00"}, "starts_at"),
        ({"status": "held"}, "status"),
        ({"kind": "meeting"}, "collaboration"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(api, plan, oslomet, changes, field):
    refused = api.post("interactions", body(oslomet, **changes), status=422)
    assert field in refused.json["errors"]
    assert db.session.query(Collaboration).count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "cancelled"}, "status"),
        ({"kind": "meeting"}, "kind"),
        ({"collaboration": None}, "kind"),
        ({"collaboration": {"continues": 1}}, "collaboration.continues"),
        ({"collaboration": {"stage": "idea"}, "starts_at": None}, "collaboration.stage"),
        ({"starts_at": f"{THIS_YEAR - 1}-12-31"}, "starts_at"),
    ],
)
def test_what_follows_from_the_stage_is_not_changed_beside_it(api, plan, changes, field):
    oslomet = make_organisation(kind="university")
    begun = {"year": THIS_YEAR, "stage": "ongoing"}
    made = api.post("interactions", body(oslomet, collaboration=begun, starts_at=f"{THIS_YEAR}-01-02"))
    if "continues" in (changes.get("collaboration") or {}):
        changes = {"collaboration": {"continues": made.json["id"]}}
    refused = api.patch(f"interactions/{made.json['id']}", changes, etag="*", status=422)
    assert field in refused.json["errors"]


def test_other_interactions_have_none(api, plan, oslomet):
    visit = api.post("interactions", {"kind": "meeting", "title": "Møte", "collaboration": None})
    assert visit.json["collaboration"] is None
    changes = {"collaboration": {"year": THIS_YEAR}}
    refused = api.patch(f"interactions/{visit.json['id']}", changes, etag="*", status=422)
    assert "collaboration" in refused.json["errors"]
