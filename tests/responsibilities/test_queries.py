"""The right contact from the database, and what words speak of."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.accounts.operations import deactivate_user
from crm.extensions import db
from crm.responsibilities.queries import ours, right_contacts, understood
from crm.responsibilities.routing import RightContact
from crm.sites.models import Site
from tests.responsibilities.conftest import DAY
from tests.support.factories import (
    make_absence,
    make_contact,
    make_interaction,
    make_organisation,
    make_user,
    saved,
)
from tests.support.pages import counted_statements


def right_contact(organisation=None, **asked) -> RightContact:
    identity = organisation.id if organisation is not None else None
    return right_contacts([identity] if identity else [], day=DAY, **asked)[identity]


def test_a_stand_in_of_today_is_named_at_once(company, kari, ola):
    company.account_manager = kari
    saved(company)
    assert right_contact(company).person.name == "Kari Nes"
    assert right_contact(company).person.phone == "+4722225555"
    make_absence(kari, DAY, DAY + timedelta(3), deputy=ola)
    found = right_contact(company)
    assert (found.person.name, found.away.name) == ("Ola Lund", "Kari Nes")


def test_an_unknown_caller_gets_whoever_answers_for_the_topic(premises, berger, kari, unit, answers):
    answers(topic_id=premises.id, unit_id=unit.id)
    assert right_contact(topic=premises.id).unit == "Plan og bygg"
    answers(topic_id=premises.id, site_id=berger.id, user_id=kari.id)
    assert right_contact(topic=premises.id, site=berger.id).person.name == "Kari Nes"
    assert right_contact().rule == "nobody"


def test_an_unknown_organisation_is_an_unknown_caller(app):
    assert right_contacts([4711], day=DAY)[4711].rule == "nobody"


def test_whoever_met_them_last_is_named_unless_in_confidence(company, kari, ola):
    make_interaction(author=kari, organisations=[company], starts_on=DAY - timedelta(20))
    make_interaction(author=ola, organisations=[company], starts_on=DAY - timedelta(10), confidential=True)
    make_interaction(author=ola, organisations=[company], starts_on=DAY - timedelta(5), status="planned")
    make_interaction(
        author=ola, organisations=[company], starts_on=DAY - timedelta(4), deleted_at=kari.created_at
    )
    found = right_contact(company)
    assert (found.rule, found.person.name) == ("met_last", "Kari Nes")
    make_interaction(author=ola, organisations=[company], starts_on=DAY - timedelta(2))
    assert right_contact(company).person.name == "Ola Lund"


def test_a_user_who_is_deactivated_is_not_named(company, kari, manager):
    make_interaction(author=kari, organisations=[company], starts_on=DAY - timedelta(20))
    assert right_contact(company).person is not None
    deactivate_user(user=kari, actor=manager)
    db.session.commit()
    assert right_contact(company).rule == "nobody"


def test_their_own_person_is_one_who_is_there_now(company, premises):
    make_contact("Gamle", "Per", at=company, primary=True, ended_on=DAY - timedelta(1))
    make_contact("Nye", "Pål", at=company, primary=True, started_on=DAY + timedelta(1))
    binned = make_contact("Borte", "Bo", at=company, primary=True)
    binned.deleted_at = binned.created_at
    saved(binned)
    make_contact("Dag", "Leder", at=company, title="Daglig leder")
    assert right_contact(company).own.name == "Dag Leder"
    make_contact("Liv", "Lokal", at=company, topics=["Nye kontorlokaler"])
    assert right_contact(company).own.name == "Dag Leder"
    assert right_contact(company, topic=premises.id).own.name == "Liv Lokal"


def test_ten_cost_as_much_as_one(premises, kari, ola, answers):
    answers(topic_id=premises.id, user_id=kari.id)
    made = [make_organisation(account_manager=kari if n % 2 else None) for n in range(10)]
    organisations, topic = [one.id for one in made], premises.id
    for n in range(30):
        make_contact(f"Per{n}", at=made[n % 10])
    ours()
    numbers = []
    for some in (organisations[:2], organisations):
        with counted_statements() as statements:
            right_contacts(some, day=DAY)
        numbers.append(len(statements))
    assert numbers == [3, 3], "the edition, the organisations with their people, and who met those left over"
    with counted_statements() as statements:
        right_contacts(organisations, topic=topic, day=DAY)
    assert len(statements) == 2


@pytest.mark.parametrize(
    ("words", "topic", "site"),
    [
        ("tomt", "Lokaler og tomter", None),
        ("leter etter bedriftslokaler", "Lokaler og tomter", None),
        ("Kari Ødegård", None, None),
        ("Baker Solstrøm", None, None),
        ("kontorpl", "Lokaler og tomter", None),
        ("LOKALENE", "Lokaler og tomter", None),
        ("Berger tomt", "Lokaler og tomter", "Berger næringspark"),
        ("tomta på berger", "Lokaler og tomter", "Berger næringspark"),
        ("byggesak", "Plan og byggesak", None),
        ("Byggesaken vår", "Plan og byggesak", None),
        ("zoning", "Plan og byggesak", None),
        ("reguleringsplan", "Plan og byggesak", None),
        ("Aas Transport", None, None),
        ("og", None, None),
        ("", None, None),
        ("%_'\x00", None, None),
        ("gammelt tema", None, None),
    ],
)
def test_words_are_understood(words, topic, site, premises, berger, make_topic):
    make_topic("Plan og byggesak", ["regulering", "reguleringsplan", "dispensasjon"], words_en=["zoning"])
    make_topic("Gammelt tema", [], is_retired=True)
    make_topic("Landbruk", ["gård"])
    make_topic("Energi", ["strøm"])
    found = understood(words)
    assert (found.topic, found.site) == (topic, site)


def test_what_is_kept_is_new_as_soon_as_anything_changes(premises, berger, kari, unit):
    assert understood("berger").site == "Berger næringspark"
    db.session.execute(sa.update(Site.__table__).values(name="Heia"))
    db.session.commit()
    assert understood("berger").site is None
    premises.words_no = ["fabrikk"]
    saved(premises)
    assert understood("fabrikk").topic_id == premises.id
    kari.phone = "+4791111111"
    saved(kari)
    assert ours().colleagues[kari.id].phone == "+4791111111"
    unit.name = "Bygg"
    saved(unit)
    assert ours().units[unit.id] == "Bygg"
    newcomer = make_user(name="Ny Rådgiver")
    assert ours().colleagues[newcomer.id].is_active
