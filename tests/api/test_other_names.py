"""Names besides the name, and records that were merged, as programs see them."""

from crm.extensions import db
from crm.organisations.operations.merging import CONTACTS, ORGANISATIONS, merge
from crm.web.clock import today
from tests.support.factories import make_contact, make_organisation, make_user


def test_other_names_are_read_and_written(api):
    sent = {
        "name": "Eksempel Verksted AS",
        "kind": "company",
        "other_names": [
            {"kind": "trade", "name": "Verkstedet", "until": None},
            {"kind": "earlier", "name": "Smia", "until": "2020-05-01"},
        ],
    }
    made = api.post("organisations", sent)
    assert made.json["other_names"] == sent["other_names"]
    address = f"organisations/{made.json['id']}"
    assert api.get(address).json == made.json
    (listed,) = api.get("organisations?q=smia").json["items"]
    assert listed == made.json
    same = api.patch(address, made.json, etag=made.etag)
    assert same.json["version"] == made.json["version"]
    changed = api.patch(address, {"other_names": []}, etag=made.etag)
    assert changed.json["other_names"] == []
    assert api.get("organisations?q=smia").json["items"] == []


def test_a_new_name_leaves_the_old_one(api):
    organisation = make_organisation("Gamle Hus AS")
    etag = api.get(f"organisations/{organisation.id}").etag
    changed = api.patch(f"organisations/{organisation.id}", {"name": "Nye Hus AS"}, etag=etag)
    kept = {"kind": "earlier", "name": "Gamle Hus AS", "until": today().isoformat()}
    assert changed.json["other_names"] == [kept]


def test_wrong_names_are_refused(api):
    answer = api.post(
        "organisations",
        {"name": "X AS", "kind": "company", "other_names": [{"kind": "nickname", "name": "Y"}]},
        status=422,
    )
    assert list(answer.json["errors"]) == ["other_names"]


def test_a_merged_record_tells_where_it_went(api, app):
    actor = make_user()
    for kind, resource, make in (
        (ORGANISATIONS, "organisations", make_organisation),
        (CONTACTS, "contacts", make_contact),
    ):
        survivor, loser = make(), make()
        with app.test_request_context():
            merge(kind, survivor, loser, actor=actor, chosen=())
            db.session.commit()
        answer = api.get(f"{resource}/{loser.id}", status=410)
        assert answer.json["merged_into"] == survivor.id
        api.get(f"{resource}/999", status=404)
