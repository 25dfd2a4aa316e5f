"""/arenas by the same rules as its pages."""

import pytest

from crm.arenas.models import Arena, ArenaSession
from crm.extensions import db
from tests.support.factories import make_contact, make_interaction, make_organisation, make_plan, saved


@pytest.fixture
def plan(app, isolation):
    return make_plan()


FROKOST = {
    "name": "Frokost",
    "rhythm": "FREQ=MONTHLY;BYDAY=1TH",
    "starts_on": "2026-01-01",
    "begins_at": "08:30",
    "minutes": 60,
    "measures": ["1.A.1"],
}


def test_made_read_changed_and_put_in_the_bin(api, plan):
    company = make_organisation()
    person = make_contact(at=company)
    member = {"organisation": company.id, "contact": person.id, "started_on": "2026-01-01", "ended_on": None}
    made = api.post("arenas", FROKOST | {"members": [member]}).json
    assert {name: made[name] for name in FROKOST} == FROKOST
    assert made["members"] == [member]
    address = f"arenas/{made['id']}"
    read = api.get(address)
    assert read.json == made
    assert api.patch(address, made, etag=read.etag).json == made, "sent back whole, nothing changes"
    changed = api.patch(address, {"place": "Rådhuset", "members": []}, etag=read.etag).json
    assert changed["place"] == "Rådhuset"
    assert changed["members"][0]["ended_on"]
    api.patch(address, {"place": "Annet"}, etag=read.etag, status=412)
    assert api.get("arenas", q="frok").ids == [made["id"]]
    assert api.get("arenas", state="ended").ids == []
    api.delete(address, etag=api.get(address).etag)
    api.get(address, status=404)
    assert db.session.get(Arena, made["id"]).is_binned


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"rhythm": "FREQ=HOURLY"}, "rhythm"),
        ({"begins_at": "25:00"}, "begins_at"),
        ({"measures": ["9.Z.9"]}, "measures"),
        ({"host": 999_999}, "host"),
        ({"members": [{"organisation": 999_999}]}, "members.organisation"),
        ({"version": 3}, "version"),
    ],
)
def test_what_breaks_a_rule_names_its_field(api, plan, wrong, field):
    assert api.post("arenas", FROKOST | wrong, status=422).errors.keys() == {field}
    assert db.session.query(Arena).count() == 0


def test_an_interaction_tells_which_arena_it_is_a_session_of(api, plan):
    arena = saved(Arena(name="Frokost"))
    session, other = make_interaction(kind="arena_session"), make_interaction()
    saved(ArenaSession(id=session.id, arena_id=arena.id))
    assert api.get(f"interactions/{session.id}").json["arena"] == arena.id
    found = {one["id"]: one["arena"] for one in api.get("interactions").json["items"]}
    assert found == {session.id: arena.id, other.id: None}
    etag = api.get(f"interactions/{other.id}").etag
    refused = api.patch(f"interactions/{other.id}", {"arena": arena.id}, etag=etag, status=422)
    assert refused.errors.keys() == {"arena"}
