"""Two records that are the same become one, with everything that refers to them, and two again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from crm.database import now
from crm.extensions import db
from crm.interactions.models import interaction_organisations
from crm.organisations import mergeable
from crm.organisations.models import (
    Affiliation,
    Contact,
    Organisation,
    OrganisationMerge,
    Relation,
)
from crm.organisations.operations.merging import CONTACTS, ORGANISATIONS, merge, unmerge
from crm.web.clock import today
from crm.web.validation import Invalid, Stale
from tests.support.factories import (
    make_contact,
    make_follow_up,
    make_interaction,
    make_organisation,
    make_plan,
    make_tag,
    measure,
    organisation_number,
    saved,
)

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def survivor(app):
    return make_organisation("Berger Verksted AS", city="Lillestrøm", tags=[make_tag("mat")])


@pytest.fixture
def loser(app):
    tag = db.session.scalars(select(Organisation)).first()
    return make_organisation(
        "Berger Mek AS",
        organisation_number=organisation_number(7),
        phone="+4763800000",
        tags=[make_tag("eksport"), *(tag.tags if tag else [])],
    )


def merged(survivor, loser, actor, chosen=(), kind=ORGANISATIONS):
    merge(kind, survivor, loser, actor=actor, chosen=chosen)
    db.session.commit()


def undone(loser, actor, kind=ORGANISATIONS):
    unmerge(kind, loser, actor=actor)
    db.session.commit()


def test_every_reference_is_told_of(app):
    for table in (Organisation.__table__, Contact.__table__, Affiliation.__table__):
        columns = list(mergeable.referring(table))
        assert {one.column for one in mergeable.mergeables(table)} == set(columns)
        assert columns


def test_nothing_is_merged_while_a_reference_is_not_told_of(survivor, loser, actor, monkeypatch):
    rest = {
        c: m for c, m in mergeable._registered.items() if c is not interaction_organisations.c.organisation_id
    }
    monkeypatch.setattr(mergeable, "_registered", rest)
    with pytest.raises(LookupError, match="interaction_organisations"):
        merge(ORGANISATIONS, survivor, loser, actor=actor, chosen=())


def test_everything_goes_to_the_survivor_once(survivor, loser, actor):
    both = make_interaction(organisations=[survivor, loser])
    one = make_interaction(organisations=[loser])
    versions = both.version, one.version
    promised = make_follow_up(owner=actor, organisation=loser)
    merged(survivor, loser, actor)
    links = db.session.execute(select(interaction_organisations)).all()
    assert sorted(links) == sorted([(both.id, survivor.id), (one.id, survivor.id)])
    assert (both.version, one.version) == (versions[0] + 1, versions[1] + 1)
    assert promised.organisation_id == survivor.id
    assert [tag.name for tag in survivor.tags] == ["eksport", "mat"]
    assert loser.is_binned
    assert not survivor.is_binned


def test_reports_lose_what_was_double_and_no_interaction(survivor, loser, actor):
    tagged = measure(make_plan(), "1.A.1")
    for organisations in ([survivor, loser], [loser], [survivor]):
        make_interaction(organisations=organisations, measures=[tagged])
    count = text(
        "SELECT COUNT(*), SUM(interactions) FROM counted_parties WHERE kind = 'organisation' AND scope > 0"
    )
    months = text("SELECT SUM(interactions) FROM counted_months")
    before, held = db.session.execute(count).one(), db.session.scalar(months)
    merged(survivor, loser, actor)
    after = db.session.execute(count).one()
    assert after[0] == before[0] // 2
    assert db.session.scalar(months) == held
    assert after[1] < before[1]
    undone(loser, actor)
    assert db.session.execute(count).one() == before


def test_the_chosen_values_win_and_the_other_name_and_number_are_kept(survivor, loser, actor, events):
    merged(survivor, loser, actor, chosen=["phone"])
    assert (survivor.phone, survivor.name, survivor.organisation_number) == (
        "+4763800000",
        "Berger Verksted AS",
        None,
    )
    (name,) = survivor.names
    assert (name.kind, name.name, name.until) == ("earlier", "Berger Mek AS", today())
    assert name.organisation_number == loser.organisation_number
    assert loser.organisation_number in survivor.search_text
    assert "berger mek" in survivor.search_text
    assert events(survivor)[-1].action == events(loser)[-1].action == "merged"
    assert events(loser)[-1].changes["merged_into"] == [None, survivor.id]


def test_the_losers_name_may_win(survivor, loser, actor):
    merged(survivor, loser, actor, chosen=["name", "organisation_number"])
    assert (survivor.name, survivor.organisation_number) == ("Berger Mek AS", loser.organisation_number)
    assert [(one.name, one.organisation_number) for one in survivor.names] == [("Berger Verksted AS", None)]


def test_a_person_at_both_works_there_once(survivor, loser, actor):
    person = make_contact("Kari", "Berg", at=survivor, started_on=date(2020, 1, 1), topics=["mat"])
    person.affiliations.append(
        Affiliation(organisation=loser, title="Daglig leder", topics=["salg"], primary=True)
    )
    saved(person)
    other = make_contact("Ola", "Dal", at=loser)
    met = make_interaction(organisations=[loser], contacts=[person])
    met.contact_participations[0].affiliation = next(
        a for a in person.affiliations if a.organisation_id == loser.id
    )
    saved(met)
    merged(survivor, loser, actor)
    (joined,) = person.affiliations
    assert (joined.title, joined.topics, joined.primary) == ("Daglig leder", ["mat", "salg"], True)
    assert joined.started_on == date(2020, 1, 1)
    assert met.contact_participations[0].affiliation_id == joined.id
    assert other.affiliations[0].organisation_id == survivor.id
    undone(loser, actor)
    assert {one.organisation_id for one in person.affiliations} == {survivor.id, loser.id}
    assert met.contact_participations[0].affiliation.organisation_id == loser.id


def test_one_first_contact_stays(survivor, loser, actor):
    ours, theirs = make_contact(at=survivor, primary=True), make_contact(at=loser, primary=True)
    merged(survivor, loser, actor)
    assert (ours.affiliations[0].primary, theirs.affiliations[0].primary) == (True, False)


def test_relations_between_the_two_vanish_and_double_ones_are_one(survivor, loser, actor):
    third, fourth = make_organisation(), make_organisation()
    for ends in (
        (survivor, loser, "partner_of"),
        (survivor, third, "member_of"),
        (loser, third, "member_of"),
        (survivor, third, "subsidiary_of"),
        (loser, fourth, "subsidiary_of"),
    ):
        db.session.add(Relation(from_organisation=ends[0], to_organisation=ends[1], kind=ends[2]))
    saved(survivor)
    merged(survivor, loser, actor)
    kept = db.session.execute(
        select(Relation.from_id, Relation.to_id, Relation.kind, Relation.ended_on)
    ).all()
    assert sorted(kept, key=str) == sorted(
        [
            (survivor.id, third.id, "member_of", None),
            (survivor.id, third.id, "subsidiary_of", None),
            (survivor.id, fourth.id, "subsidiary_of", today()),
        ],
        key=str,
    )


def test_no_circle_of_parents_is_closed(survivor, loser, actor):
    middle = make_organisation()
    for child, parent in ((survivor, middle), (middle, loser)):
        db.session.add(Relation(from_organisation=child, to_organisation=parent, kind="subsidiary_of"))
    saved(survivor)
    merged(survivor, loser, actor)
    lasting = select(Relation.from_id, Relation.to_id).where(Relation.ended_on.is_(None))
    assert db.session.execute(lasting).all() == [(survivor.id, middle.id)]


def test_refusals(survivor, loser, actor):
    with pytest.raises(Invalid):
        merge(ORGANISATIONS, survivor, survivor, actor=actor, chosen=())
    with pytest.raises(Stale):
        merge(ORGANISATIONS, survivor, loser, actor=actor, chosen=(), versions=(survivor.version, 99))
    db.session.rollback()
    merged(survivor, loser, actor)
    with pytest.raises(Invalid):
        merge(ORGANISATIONS, survivor, loser, actor=actor, chosen=())


def test_contacts_merge_as_well(survivor, loser, actor):
    one = make_contact("Kari", "Berg", at=survivor, email="kari@berg.example")
    other = make_contact("Kari", "Berg-Lie", at=survivor, phone="+4791000000", primary=True)
    other.affiliations.append(Affiliation(organisation=loser))
    saved(other)
    met = make_interaction(organisations=[survivor], contacts=[one, other])
    merged(one, other, actor, chosen=["phone", "family_name"], kind=CONTACTS)
    assert (one.name, one.phone, one.email) == ("Kari Berg-Lie", "+4791000000", "kari@berg.example")
    assert [person.contact_id for person in met.contact_participations] == [one.id]
    assert {(a.organisation_id, a.primary) for a in one.affiliations} == {
        (survivor.id, True),
        (loser.id, False),
    }
    undone(other, actor, CONTACTS)
    assert (one.name, one.phone) == ("Kari Berg", None)
    assert {person.contact_id for person in met.contact_participations} == {one.id, other.id}
    assert len(other.affiliations) == 2


def test_what_was_removed_since_stops_the_undoing(survivor, loser, actor):
    met = make_interaction(organisations=[loser])
    merged(survivor, loser, actor)
    met.organisations = [make_organisation()]
    saved(met)
    with pytest.raises(Invalid, match="er fjernet siden"):
        unmerge(ORGANISATIONS, loser, actor=actor)
    db.session.rollback()
    assert loser.is_binned
    assert db.session.get(OrganisationMerge, loser.id) is not None


def test_what_was_changed_since_stays(survivor, loser, actor):
    merged(survivor, loser, actor, chosen=["phone"])
    survivor.phone, survivor.email = "+4763800001", "ny@berger.example"
    saved(survivor)
    undone(loser, actor)
    assert (survivor.phone, survivor.email) == ("+4763800001", "ny@berger.example")


def test_merges_are_undone_the_last_one_first_and_within_thirty_days(survivor, loser, actor):
    third = make_organisation("Tredje AS")
    merged(survivor, loser, actor)
    merged(survivor, third, actor)
    with pytest.raises(Invalid, match="Tredje AS"):
        unmerge(ORGANISATIONS, loser, actor=actor)
    db.session.rollback()
    undone(third, actor)
    db.session.get_one(OrganisationMerge, loser.id).merged_at = now() - timedelta(days=31)
    db.session.commit()
    with pytest.raises(Invalid, match="30 dager"):
        unmerge(ORGANISATIONS, loser, actor=actor)


def test_a_number_that_somebody_has_got_stops_the_undoing(survivor, loser, actor):
    merged(survivor, loser, actor)
    make_organisation("Ny AS", organisation_number=loser.organisation_number)
    with pytest.raises(Invalid, match="Ny AS"):
        unmerge(ORGANISATIONS, loser, actor=actor)
