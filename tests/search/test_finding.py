"""What people type finds what they mean."""

import pytest
from sqlalchemy import insert, text

from crm.extensions import db
from crm.organisations.models import Affiliation, NameKind, OrganisationName
from crm.search.queries import Kind
from tests.support.factories import make_contact, make_organisation, make_plan, make_user


@pytest.fixture
def sorumsand(app):
    return make_organisation(
        "Sørumsand Mekaniske Verksted AS",
        organisation_number="974760673",
        phone="+4763912345",
        email="post@smv.example",
        website="https://www.sorumsand-mek.example/kontakt",
        municipality_number="3205",
    )


@pytest.mark.parametrize(
    "query",
    [
        "Sørumsand Mekaniske Verksted AS",
        "sørumsand mek",
        "soerumsand",
        "Sorumsand",
        "verksted",
        "mekaniske sørumsand",
        "sørumsnad",
        "sørumsannd mekansike",
        "soerumsadn verksteed",
        "974760673",
        "974 760 673",
        "760673",
        "760 673",
        "org.nr. 974 760 673",
        "+47 63 91 23 45",
        "0047 63912345",
        "63 91 23 45",
        "2345",
        "post@smv.example",
        "POST@smv",
        "smv.example",
        "sorumsand-mek.example",
        "https://www.sorumsand-mek.example/om-oss",
        "www.sorumsand-mek.example",
    ],
)
def test_an_organisation_is_found(sorumsand, titles, query):
    make_organisation("Helt Annet AS", organisation_number="811111112")
    assert titles(query) == [sorumsand.name]


@pytest.mark.parametrize(
    "query", ["Åsmund Aas", "aasmund aas", "As Asmund", "asmnd aas", "912 34 567", "aasmund@", "aas åsm"]
)
def test_a_contact_is_found(titles, query):
    make_contact("Åsmund", "Aas", email="aasmund@firma.example", phone="+4791234567")
    make_contact("Kari", "Nordmann", email="kari@firma.example", phone="+4799887766")
    assert titles(query) == ["Åsmund Aas"]


def test_other_names_find_the_organisation_and_are_told(app, searched):
    bakery = make_organisation("Lillestrøm Bakeri AS")
    for kind, name in ((NameKind.trade, "Gullbollen"), (NameKind.earlier, "Solheim Konditori")):
        db.session.execute(
            insert(OrganisationName.__table__).values(organisation_id=bakery.id, kind=kind, name=name)
        )
        db.session.commit()
    for query, name in (("gullbollen", "Gullbollen"), ("solheim kond", "Solheim Konditori")):
        (hit,) = searched(query).hits
        assert (hit.title, hit.matched, hit.organisation_id) == (bakery.name, name, bakery.id)
    (hit,) = searched("gulbolen").hits
    assert hit.id == bakery.id


def test_measures_are_found_by_code_and_label(app, titles):
    make_plan()
    assert titles("1.B.2")[0] == "1.B.2 Merkelapp 1B2"
    assert titles("1b2")[0] == "1.B.2 Merkelapp 1B2"
    assert "1.B.2 Merkelapp 1B2" in titles("merkelapp 1b2", kinds={Kind.measure})
    assert titles("ordlyden", kinds={Kind.measure})


def test_users_are_found_while_they_are_active(app, titles):
    user = make_user(name="Ingeborg Ødegård", phone="+4790807060", email="ingeborg@kommune.example")
    for query in ("odegard", "ingeborg ødegaard", "90 80 70 60", "ingeborg@kommune.example", "ingebrg"):
        assert titles(query) == [user.name], query
    db.session.execute(text("UPDATE users SET deactivated_at = '2026-01-01' WHERE id = :id"), {"id": user.id})
    assert titles("odegard") == []


def test_only_the_kinds_that_are_asked_for(sorumsand, titles):
    make_contact("Sørumsand", "Olsen")
    assert len(titles("sørumsand")) == 2
    assert titles("sørumsand", kinds={Kind.contact}) == ["Sørumsand Olsen"]


@pytest.mark.parametrize(
    "query", ["", " ", "-", "'", '"', "*", "a'b\"c", "OR AND", "x" * 500, "(", "%", "12", "\x00", "ꙮ"]
)
def test_nothing_that_is_typed_is_an_error(sorumsand, titles, query):
    titles(query)


def test_somebody_in_two_places_is_shown_at_their_primary_one(app, searched):
    person = make_contact("Kari", "Nes", at=make_organisation("Første AS"), primary=False)
    here = make_organisation("Hovedplassen AS")
    for place, primary in ((here, True), (make_organisation("Siste AS"), False)):
        values = {"contact_id": person.id, "organisation_id": place.id, "primary": primary, "topics": []}
        db.session.execute(insert(Affiliation.__table__).values(values))
    (hit,) = searched("kari nes").hits
    assert (hit.organisation_id, hit.subtitle) == (here.id, "Hovedplassen AS")
