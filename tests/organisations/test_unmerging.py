"""Whatever two records were tied to: merged and taken apart again, nothing is left of it."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from crm.arenas.models import Arena, ArenaMember
from crm.database import Base
from crm.extensions import db
from crm.interactions.models import InteractionStatus
from crm.organisations.models import Affiliation, NameKind, OrganisationName, Relation, RelationKind
from crm.organisations.operations.merging import CONTACTS, ORGANISATIONS, merge, unmerge
from crm.scheduling.models import Guest
from crm.sites.models import Site
from crm.web.clock import today
from tests.support.factories import (
    make_contact,
    make_follow_up,
    make_interaction,
    make_organisation,
    make_plan,
    make_tag,
    make_user,
    measure,
    organisation_number,
    saved,
)

pytestmark = pytest.mark.usefixtures("in_request")

LEFT_OUT = {"version", "updated_at"}
"""They only ever move on."""


def in_order(column, value):
    """The words that a record is found by are a set: the database puts them together in any order."""
    return sorted(value.split()) if column == "search_text" and value else value


def everything():
    """All rows of all tables but the audit log, what is kept by the database itself included."""
    db.session.expire_all()
    return {
        table.name: sorted(
            str({name: in_order(name, value) for name, value in row.items() if name not in LEFT_OUT})
            for row in db.session.execute(select(table)).mappings()
        )
        for table in Base.metadata.sorted_tables
        if table.name not in {"audit_events", "editions"}
    }


@pytest.fixture(params=range(6))
def dice(request):
    return random.Random(request.param)


@pytest.fixture
def world(app, dice):
    """Five organisations and six people, tied to each other and to everything else by chance."""
    tags, plan, user = [make_tag(word) for word in ("mat", "eksport", "vekst")], make_plan(), make_user()
    organisations = [
        make_organisation(
            dice.choice(("Berger Verksted AS", "Berger Mek", "Berger verksted as", "Smia")),
            tags=dice.sample(tags, dice.randint(0, 3)),
            organisation_number=dice.choice((None, organisation_number(n + 1))),
            phone=dice.choice((None, "+4763800000")),
            names=[
                OrganisationName(kind=kind, name=dice.choice(("Mekken", "Smia", "Berger Mek")))
                for kind in dice.sample(list(NameKind), dice.randint(0, 3))
            ],
        )
        for n in range(5)
    ]
    people = [
        make_contact("Kari", at=dice.choice(organisations), primary=dice.random() < 0.4) for _ in range(6)
    ]
    for person in people:
        for organisation in dice.sample(organisations, 2):
            ended = dice.choice((None, today() - timedelta(days=dice.randint(1, 9))))
            person.affiliations.append(
                Affiliation(organisation=organisation, ended_on=ended, topics=dice.sample(["mat", "salg"], 1))
            )
        saved(person)
    _relate(dice, organisations)
    for _ in range(8):
        met = make_interaction(
            organisations=dice.sample(organisations, dice.randint(1, 4)),
            contacts=dice.sample(people, dice.randint(0, 4)),
            measures=dice.choice(([], [measure(plan, "1.A.1")])),
            status=dice.choice((InteractionStatus.held, InteractionStatus.planned)),
        )
        for person in met.contact_participations:
            person.affiliation = dice.choice((None, *person.contact.affiliations))
        saved(met)
        for person in dice.sample(people, 2):
            saved(Guest(interaction_id=met.id, contact_id=person.id, invited_by=user))
        make_follow_up(owner=user, organisation=dice.choice(organisations))
    for name in ("Frokost", "Lunsj"):
        members = [
            ArenaMember(organisation=dice.choice((None, *organisations)), contact=person)
            for person in dice.sample(people, 4)
        ]
        saved(Arena(name=name, host=dice.choice(organisations), members=members))
        ends = {"developer_id": dice.choice(organisations).id, "contact_id": dice.choice(people).id}
        db.session.execute(insert(Site.__table__).values(name=name, sort_key=name, search_text=name, **ends))
    db.session.commit()
    return organisations, people


def _relate(dice, organisations):
    for kind in RelationKind:
        ends = [dice.sample(organisations, 2) for _ in range(3)]
        for source, target in {(one.id, other.id) for one, other in ends}:
            day = dice.choice((None, today() - timedelta(days=100)))
            ended = None if kind != RelationKind.subsidiary_of else today()
            db.session.add(Relation(from_id=source, to_id=target, kind=kind, started_on=day, ended_on=ended))
    saved(organisations[0])


@pytest.mark.parametrize("kind", [ORGANISATIONS, CONTACTS], ids=["organisations", "contacts"])
def test_nothing_is_left_of_a_merge_that_is_undone(world, actor, dice, kind):
    survivor, loser, *_rest = dice.sample(world[kind is CONTACTS], 3)
    before = everything()
    chosen = dice.sample(kind.fields, dice.randint(0, len(kind.fields)))
    merge(kind, survivor, loser, actor=actor, chosen=chosen)
    db.session.commit()
    assert everything() != before
    unmerge(kind, loser, actor=actor)
    db.session.commit()
    assert everything() == before


def test_merges_on_top_of_each_other_are_undone_in_turn(world, actor, dice):
    first, second, third, *_rest = dice.sample(world[0], 4)
    states = [everything()]
    for survivor, loser in ((first, second), (first, third)):
        merge(ORGANISATIONS, survivor, loser, actor=actor, chosen=["name", "phone"])
        db.session.commit()
        states.append(everything())
    for loser in (third, second):
        states.pop()
        unmerge(ORGANISATIONS, loser, actor=actor)
        db.session.commit()
        assert everything() == states[-1]
