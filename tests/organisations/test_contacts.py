from datetime import timedelta

import pytest

from crm.extensions import db
from crm.organisations import operations
from crm.organisations.models import Contact
from crm.web.clock import today
from crm.web.validation import Invalid, Stale
from tests.support.factories import make_contact, make_organisation

pytestmark = pytest.mark.usefixtures("in_request")


def create(actor, *organisations, given_name="Kari", **fields):
    affiliations = [{"organisation_id": o.id, "title": "Daglig leder"} for o in organisations]
    made = operations.create_contact(
        actor=actor, given_name=given_name, family_name="Berg", affiliations=affiliations, **fields
    )
    db.session.commit()
    return made


def test_create_with_affiliations_at_once(actor, events):
    one, other = make_organisation(), make_organisation()
    contact = create(actor, one, other, phone="900 12 345", email="Kari@Berg.example")
    assert (contact.phone, contact.email) == ("+4790012345", "kari@berg.example")
    assert {a.organisation_id for a in contact.affiliations} == {one.id, other.id}
    (event,) = events(contact)
    assert [value["organisation"] for value in event.changes["affiliations"][1]] == [one.id, other.id]


@pytest.mark.parametrize("names", [("Kari", ""), ("", "Berg"), (None, "Berg")])
def test_one_name_is_enough(actor, names):
    made = operations.create_contact(actor=actor, given_name=names[0], family_name=names[1])
    assert made.name in {"Kari", "Berg"}


def test_without_any_name_it_is_refused(actor):
    with pytest.raises(Invalid) as refused:
        operations.create_contact(actor=actor, given_name="\u200b", family_name=None)
    assert refused.value.errors.keys() == {"given_name"}


def test_email_is_one_persons_within_an_organisation(actor):
    here, there = make_organisation(), make_organisation()
    first = create(actor, here, email="post@berg.example")
    with pytest.raises(Invalid) as refused:
        create(actor, here, given_name="Ola", email="POST@berg.example")
    (message,) = refused.value.errors["email"]
    assert f"/contacts/{first.id}" in message.__html__()
    db.session.rollback()
    assert create(actor, there, given_name="Ola", email="post@berg.example")


def test_email_is_free_once_its_holder_has_left_or_is_in_the_bin(actor):
    here = make_organisation()
    first = create(actor, here, email="post@berg.example")
    operations.end_affiliation(first.affiliations[0], actor=actor)
    second = create(actor, here, given_name="Ola", email="post@berg.example")
    operations.bin_contact(second, actor=actor)
    create(actor, here, given_name="Ida", email="post@berg.example")
    for returning in (
        lambda: operations.restore_contact(second, actor=actor),
        lambda: operations.update_affiliation(first.affiliations[0], actor=actor, ended_on=None),
        lambda: operations.add_affiliation(first, actor=actor, organisation_id=here.id),
    ):
        with pytest.raises(Invalid) as refused:
            returning()
        assert refused.value.errors.keys() == {"email"}


def test_changing_the_email_to_a_colleagues_is_refused(actor):
    here = make_organisation()
    create(actor, here, email="kari@berg.example")
    second = create(actor, here, given_name="Ola")
    with pytest.raises(Invalid) as refused:
        operations.update_contact(second, actor=actor, email="kari@berg.example")
    assert refused.value.errors.keys() == {"email"}


def test_update_changes_only_what_is_given(actor, events):
    contact = create(actor, phone="900 12 345")
    operations.update_contact(contact, actor=actor, version=contact.version, given_name="Karin")
    db.session.commit()
    assert (contact.name, contact.phone) == ("Karin Berg", "+4790012345")
    assert events(contact)[-1].changes == {"given_name": ["Kari", "Karin"]}
    with pytest.raises(Stale):
        operations.update_contact(contact, actor=actor, version=1, given_name="Kåre")


def test_one_primary_contact_an_organisation(actor, events):
    here, there = make_organisation(), make_organisation()
    first = operations.create_contact(
        actor=actor,
        given_name="Kari",
        family_name="",
        affiliations=[{"organisation_id": here.id, "primary": True}],
    )
    elsewhere = operations.create_contact(
        actor=actor,
        given_name="Per",
        family_name="",
        affiliations=[{"organisation_id": there.id, "primary": True}],
    )
    second = operations.create_contact(
        actor=actor,
        given_name="Ola",
        family_name="",
        affiliations=[{"organisation_id": here.id, "primary": True}],
    )
    db.session.commit()
    assert [c.affiliations[0].primary for c in (first, second, elsewhere)] == [False, True, True]
    before, after = events(first)[-1].changes["affiliations"]
    assert (before[0]["primary"], after[0]["primary"]) == (True, False)
    operations.update_affiliation(first.affiliations[0], actor=actor, primary=True)
    db.session.commit()
    assert [c.affiliations[0].primary for c in (first, second, elsewhere)] == [True, False, True]


def test_ending_keeps_the_history_and_frees_the_primary_place(actor, events):
    here = make_organisation()
    contact = make_contact(at=here, primary=True)
    version = contact.version
    operations.end_affiliation(contact.affiliations[0], actor=actor)
    db.session.commit()
    (affiliation,) = contact.affiliations
    assert (affiliation.ended_on, affiliation.primary) == (today(), False)
    assert contact.version == version + 1
    assert events(contact)[-1].changes["affiliations"][1][0]["ended_on"] == today().isoformat()


def test_coming_back_is_a_second_affiliation(actor):
    here = make_organisation()
    contact = make_contact(at=here)
    with pytest.raises(Invalid) as refused:
        operations.add_affiliation(contact, actor=actor, organisation_id=here.id)
    assert refused.value.errors.keys() == {"organisation_id"}
    operations.end_affiliation(contact.affiliations[0], actor=actor)
    operations.add_affiliation(contact, actor=actor, organisation_id=here.id)
    db.session.commit()
    assert len(contact.affiliations) == 2


@pytest.mark.parametrize(("started", "ended"), [(0, -1), (None, 1)])
def test_period_must_make_sense(actor, started, ended):
    contact = make_contact(at=make_organisation())
    dates = {
        "started_on": None if started is None else today() + timedelta(days=started),
        "ended_on": today() + timedelta(days=ended),
    }
    with pytest.raises(Invalid) as refused:
        operations.update_affiliation(contact.affiliations[0], actor=actor, **dates)
    assert refused.value.errors.keys() == {"ended_on"}


@pytest.mark.parametrize("identity", [None, 0, 10**6, 10**30])
def test_affiliation_needs_an_organisation_that_is_there(actor, identity):
    with pytest.raises(Invalid) as refused:
        operations.add_affiliation(make_contact(), actor=actor, organisation_id=identity)
    assert refused.value.errors.keys() == {"organisation_id"}


def test_affiliation_with_an_organisation_in_the_bin_is_refused(actor):
    organisation = make_organisation()
    operations.bin_organisation(organisation, actor=actor)
    with pytest.raises(Invalid):
        operations.add_affiliation(make_contact(), actor=actor, organisation_id=organisation.id)


def test_replacing_affiliations_ends_what_is_not_named(actor):
    old, kept, new = make_organisation(), make_organisation(), make_organisation()
    contact = create(actor, old, kept)
    wanted = [
        {"organisation_id": kept.id, "title": "Styreleder"},
        {"organisation_id": new.id, "topics": ["tomter"]},
    ]
    operations.replace_affiliations(contact, actor=actor, affiliations=wanted)
    db.session.commit()
    by_organisation = {a.organisation_id: a for a in contact.affiliations}
    assert by_organisation[old.id].ended_on == today()
    assert by_organisation[kept.id].title == "Styreleder"
    assert (by_organisation[new.id].topics, by_organisation[new.id].ended_on) == (["tomter"], None)


def test_refused_contact_leaves_nothing(actor):
    here = make_organisation()
    create(actor, here, email="post@berg.example")
    with pytest.raises(Invalid):
        create(actor, here, given_name="Ola", email="post@berg.example")
    db.session.commit()
    assert db.session.query(Contact).count() == 1
