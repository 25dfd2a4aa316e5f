"""/enquiries by the same rules as its pages."""

import pytest

from crm.enquiries.models import Enquiry
from crm.extensions import db
from tests.support.factories import make_organisation, make_unit, make_user

ASKED = {"subject": "Leter etter lokaler", "caller_name": "Ola", "caller_phone": "63 80 00 00"}


def test_made_read_answered_and_put_in_the_bin(api):
    made = api.post("enquiries", ASKED).json
    assert (made["status"], made["channel"], made["caller_phone"]) == ("new", "phone", "+4763800000")
    address = f"enquiries/{made['id']}"
    read = api.get(address)
    assert read.json == made
    assert api.patch(address, made, etag=read.etag).json == made, "sent back whole, nothing changes"
    colleague = make_user()
    handed = api.patch(address, {"assignee": colleague.id, "words": "Din"}, etag=read.etag).json
    assert (handed["status"], handed["assignee"]) == ("assigned", colleague.id)
    api.patch(address, {"subject": "Annet"}, etag=read.etag, status=412)
    answered = api.patch(address, {"answer": "Ring Heia"}, etag=api.get(address).etag).json
    assert answered["status"] == "answered"
    assert answered["answered_at"]
    assert answered["working_minutes"] is not None
    closed = api.patch(address, {"status": "closed"}, etag=api.get(address).etag).json
    assert closed["closed_at"]
    again = api.patch(address, {"status": "assigned", "words": "Nei"}, etag=api.get(address).etag).json
    assert (again["status"], again["answered_at"]) == ("assigned", None)
    api.delete(address, etag=api.get(address).etag)
    api.get(address, status=404)
    assert db.session.get(Enquiry, made["id"]).is_binned


def test_waiting_and_back(api):
    made = api.post("enquiries", ASKED).json
    address = f"enquiries/{made['id']}"
    api.patch(address, {"status": "waiting"}, etag="*", status=422)
    waiting = api.patch(address, {"status": "waiting", "words": "Tegninger"}, etag="*").json
    assert waiting["status"] == "waiting"
    assert api.patch(address, {"status": "assigned"}, etag="*").json["status"] == "assigned"


def test_the_list_is_narrowed(api):
    company, unit = make_organisation(), make_unit()
    theirs = api.post("enquiries", {"subject": "Deres", "organisation": company.id, "unit": unit.id}).json
    other = api.post("enquiries", ASKED | {"channel": "email"}).json
    api.patch(f"enquiries/{other['id']}", {"answer": "Ja"}, etag="*")
    assert api.get("enquiries").ids == [theirs["id"]]
    assert api.get("enquiries", status_="all", channel="email").ids == [other["id"]]
    assert api.get("enquiries", organisation=str(company.id)).ids == [theirs["id"]]
    assert api.get("enquiries", whose="queue", unit=str(unit.id)).ids == [theirs["id"]]
    assert api.get("enquiries", status_="all", q="lokaler").ids == [other["id"]]
    assert len(api.get("enquiries", status_="all", updated_since="2020-01-01T00:00:00Z").ids) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"channel": "owl"}, "channel"),
        ({"caller_phone": "12"}, "caller_phone"),
        ({"organisation": 999_999}, "organisation"),
        ({"assignee": 999_999}, "assignee"),
        ({"unit": 999_999}, "unit"),
        ({"topic": 999_999}, "topic"),
        ({"due_on": "1999-01-01"}, "due_on"),
        ({"working_minutes": 3}, "working_minutes"),
        ({"version": 3}, "version"),
    ],
)
def test_what_breaks_a_rule_names_its_field(api, wrong, field):
    assert api.post("enquiries", ASKED | wrong, status=422).errors.keys() == {field}
