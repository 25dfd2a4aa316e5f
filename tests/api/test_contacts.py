import datetime as dt

import pytest

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.web.clock import today
from tests.support.factories import make_contact, make_organisation

YESTERDAY = (today() - dt.timedelta(days=1)).isoformat()


def at(organisation, **changes):
    return {
        "organisation": organisation.id,
        "title": "Daglig leder",
        "topics": ["eiendom", "vekst"],
        "primary": True,
        "started_on": "2024-02-01",
        "ended_on": None,
    } | changes


def full(**changes):
    return {
        "given_name": "Kari",
        "family_name": "Nordmann",
        "email": "kari@example.no",
        "phone": "+4763800000",
        "language": "nn",
        "affiliations": [],
    } | changes


def test_from_birth_to_bin(api):
    company, hub = make_organisation(), make_organisation()
    made = api.post(
        "contacts", full(affiliations=[at(company), at(hub, primary=False, ended_on="2025-06-30")])
    )
    assert (
        made.json.items()
        >= full(affiliations=[at(company), at(hub, primary=False, ended_on="2025-06-30")]).items()
    )
    address = made.response.headers["Location"]
    assert api.get(address).json == made.json

    changed = api.patch(address, {"email": "Ny@Example.NO", "phone": "63 80 00 01"}, etag=made.etag)
    assert (changed.json["email"], changed.json["phone"]) == ("ny@example.no", "+4763800001")
    assert changed.json["affiliations"] == made.json["affiliations"]

    api.delete(address, etag=changed.etag)
    api.get(address, status=404)
    assert api.get("contacts").json["items"] == []


def test_a_record_sent_back_whole_changes_nothing(api):
    company = make_organisation()
    made = api.post(
        "contacts", full(affiliations=[at(company), at(make_organisation(), ended_on="2025-01-01")])
    )
    events = db.session.query(AuditEvent).count()
    again = api.patch(made.response.headers["Location"], made.json, etag=made.etag)
    assert again.json == made.json
    assert db.session.query(AuditEvent).count() == events


def test_affiliations_are_all_that_last(api):
    old, new, former = make_organisation("Gammel AS"), make_organisation("Ny AS"), make_organisation("Før AS")
    history = at(former, primary=False, ended_on="2024-12-31")
    made = api.post("contacts", full(affiliations=[at(old), history]))
    address = made.response.headers["Location"]

    # A new one is put in front of what was there; one is left out; one is changed.
    moved = api.patch(
        address, {"affiliations": [at(new, title="Styreleder", primary=False), history]}, etag=made.etag
    )
    assert moved.json["affiliations"] == [
        at(new, title="Styreleder", primary=False),
        at(old, primary=False, ended_on=today().isoformat()),
        history,
    ]
    retitled = [{"organisation": new.id, "title": "Rådgiver"}]
    answer = api.patch(address, {"affiliations": retitled}, etag=moved.etag)
    assert answer.json["affiliations"][0] == at(new, title="Rådgiver", primary=False, started_on="2024-02-01")
    assert len(answer.json["affiliations"]) == 3

    # Ending one by its last day; and taking back an end that was a mistake.
    sent = answer.json["affiliations"]
    sent[0]["ended_on"] = YESTERDAY
    ended = api.patch(address, {"affiliations": sent}, etag=answer.etag)
    assert [one["ended_on"] for one in ended.json["affiliations"]] == [
        today().isoformat(),
        YESTERDAY,
        "2024-12-31",
    ]
    sent = ended.json["affiliations"]
    sent[0]["ended_on"] = None
    reopened = api.patch(address, {"affiliations": sent}, etag=ended.etag)
    assert [one["organisation"] for one in reopened.json["affiliations"]] == [old.id, new.id, former.id]
    assert reopened.json["affiliations"][0]["ended_on"] is None

    # Coming back to where one was begins anew.
    back = [*reopened.json["affiliations"], {"organisation": former.id}]
    answer = api.patch(address, {"affiliations": back}, etag=reopened.etag)
    assert len([one for one in answer.json["affiliations"] if one["organisation"] == former.id]) == 2
    assert api.get(address).json == answer.json


def test_what_breaks_rules_is_told_by_field(api):
    company = make_organisation()
    make_contact("Ola", "Den første", at=company, email="taken@example.no")
    for body, field in [
        ({}, "given_name"),
        ({"given_name": "?"}, "given_name"),
        (full(email="nei"), "email"),
        (full(email="TAKEN@example.no", affiliations=[at(company)]), "email"),
        (full(phone="12"), "phone"),
        (full(language="de"), "language"),
        (full(affiliations=[{"title": "Leder"}]), "affiliations.organisation"),
        (full(affiliations=[at(company) | {"organisation": 2**31 - 1}]), "affiliations.organisation"),
        (full(affiliations=[at(company), at(company)]), "affiliations.organisation"),
        (full(affiliations=[at(company, ended_on="2023-01-01")]), "affiliations.ended_on"),
        (full(affiliations=[at(company, started_on="01.02.2024")]), "affiliations.0.started_on"),
        (full(affiliations=[at(company, primary="yes")]), "affiliations.0.primary"),
        (full(affiliations=[at(company, colour="red")]), "affiliations.0.colour"),
        (full(affiliations=None), "affiliations"),
        (full(about="x"), "about"),
    ]:
        assert list(api.post("contacts", body, status=422).errors) == [field], body
    assert api.get("contacts").json["total"] == 1


def test_errors_equal_the_forms(api, pages):
    from tests.support.factories import make_user

    errors = api.post("contacts", {"email": "nei", "phone": "12"}, status=422).errors
    page = pages.get("/contacts/new", user=make_user("manager", language="en")).submit(
        email="nei", phone="12"
    )
    assert errors["email"][0] in page.text
    assert errors["phone"][0] in page.text


def test_filters(api):
    company = make_organisation()
    kari = make_contact("Kari", "Aas", at=company, email="kari@example.no", phone="+4763800000")
    ola = make_contact("Ola", "Berg", phone="+46812345678")
    assert api.get("contacts").ids == [ola.id, kari.id]
    for query, expected in [
        ({"q": "as kar"}, [kari.id]),
        ({"organisation": company.id}, [kari.id]),
        ({"email": "KARI@example.no"}, [kari.id]),
        ({"email": "kari@"}, []),
        ({"phone": "63 80 00 00"}, [kari.id]),
        ({"phone": "+4763800000"}, [kari.id]),
        ({"phone": "+46 8 123 456 78"}, [ola.id]),
        ({"updated_since": "2020-01-01T00:00:00Z"}, [kari.id, ola.id]),
    ]:
        answer = api.get("contacts", **query)
        assert (answer.ids, answer.json["total"]) == (expected, len(expected)), query
    assert api.get("contacts?phone=+4763800000").ids == [kari.id]


@pytest.mark.parametrize(
    "query", [{"organisation": "x"}, {"email": "\x00"}, {"language": "nb"}, {"limit": 1000}]
)
def test_filters_that_cannot_be_understood_are_refused(api, query):
    assert list(api.get("contacts", status=422, **query).errors) == list(query)


def test_pages_and_statements(api):
    company = make_organisation()
    make_contact(at=company)
    one = len(api.get("contacts").statements)
    for _ in range(30):
        make_contact("Ola", "Like", at=company)
    assert len({item["id"] for item in api.all("contacts", limit=4)}) == 31
    assert len(api.get("contacts", limit=500).statements) == one <= 8


def test_two_writers(api, call):
    contact = make_contact(at=make_organisation())
    etag = api.get(f"contacts/{contact.id}").etag
    # A change of an affiliation is a change of the record.
    call(role="advisor").patch(f"contacts/{contact.id}", {"affiliations": []}, etag=etag)
    api.patch(f"contacts/{contact.id}", {"given_name": "Ola"}, etag=etag, status=412)
    api.delete(f"contacts/{contact.id}", etag=etag, status=412)
    api.delete(f"contacts/{contact.id}", status=428)
