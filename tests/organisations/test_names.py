"""Trade, legal and earlier names: kept, found by, told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.organisations import queries
from crm.organisations.models import Organisation, OrganisationName
from crm.organisations.operations import update_organisation
from crm.web.clock import today
from crm.web.validation import Invalid
from tests.support.factories import make_organisation, make_user

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def organisation(app):
    return make_organisation("Gamle Verksted AS")


def names(organisation):
    db.session.expire_all()
    return [(one.kind, one.name, one.until) for one in organisation.names]


def test_renaming_keeps_the_earlier_name(organisation, actor, events):
    update_organisation(organisation, actor=actor, name="Nye Verksted AS")
    db.session.commit()
    assert names(organisation) == [("earlier", "Gamle Verksted AS", today())]
    changes = events(organisation)[-1].changes
    assert changes["name"] == ["Gamle Verksted AS", "Nye Verksted AS"]
    kept = {"kind": "earlier", "name": "Gamle Verksted AS", "until": today().isoformat()}
    assert changes["names"] == [[], [kept]]


@pytest.mark.parametrize("name", ["Gamle  verksted AS", "GAMLE VERKSTED as"])
def test_the_same_words_are_no_new_name(organisation, actor, name):
    update_organisation(organisation, actor=actor, name=name)
    db.session.commit()
    assert names(organisation) == []


def test_a_slip_mended_the_same_day_is_no_earlier_name(organisation, actor):
    update_organisation(organisation, actor=actor, name="Nye Versted AS")
    update_organisation(organisation, actor=actor, name="Nye Verksted AS")
    db.session.commit()
    assert names(organisation) == [("earlier", "Gamle Verksted AS", today())]
    update_organisation(organisation, actor=make_user(), name="Helt Andre AS")
    db.session.commit()
    assert ("earlier", "Nye Verksted AS", today()) in names(organisation)


def test_a_name_that_is_taken_up_again_is_no_earlier_one(organisation, actor):
    update_organisation(organisation, actor=make_user(), name="Nye Verksted AS")
    update_organisation(organisation, actor=actor, name="Gamle Verksted AS")
    db.session.commit()
    assert names(organisation) == [("earlier", "Nye Verksted AS", today())]


def test_names_given_replace_those_that_were(organisation, actor, events):
    update_organisation(
        organisation,
        actor=actor,
        other_names=[
            {"kind": "trade", "name": "Mekken"},
            {"kind": "trade", "name": "MEKKEN "},
            {"kind": "earlier", "name": "Smia", "until": date(2020, 5, 1)},
        ],
    )
    update_organisation(organisation, actor=actor, other_names=[{"kind": "earlier", "name": "Smia"}])
    db.session.commit()
    assert names(organisation) == [("earlier", "Smia", None)]
    gone, come = events(organisation)[-1].changes["names"]
    assert [one["until"] for one in come] == [None]
    assert {one["name"] for one in gone} == {"Mekken", "Smia"}


def test_saving_the_same_names_changes_nothing(organisation, actor, events):
    wanted = [{"kind": "trade", "name": "Mekken"}]
    update_organisation(organisation, actor=actor, other_names=wanted)
    db.session.commit()
    before, version = len(events(organisation)), organisation.version
    update_organisation(organisation, actor=actor, other_names=wanted)
    db.session.commit()
    assert (len(events(organisation)), organisation.version) == (before, version)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nickname", "name": "Mekken"},
        {"kind": "trade", "name": " – "},
        {"kind": "trade", "name": "x" * 201},
        {"kind": "trade", "name": "Mekken", "until": date(2020, 1, 1)},
        {"kind": "earlier", "name": "Smia", "until": today() + timedelta(days=1)},
    ],
)
def test_what_is_no_name_is_refused(organisation, actor, wrong):
    with pytest.raises(Invalid) as refused:
        update_organisation(organisation, actor=actor, other_names=[wrong])
    assert list(refused.value.errors) == ["other_names"]


def test_it_is_found_by_every_name_for_as_long_as_it_has_it(organisation, actor, pages):
    reader = make_user("reader")

    def hits(query):
        page = pages.get("/organisations/", user=reader, query={"q": query})
        return page.texts("tbody th a")

    update_organisation(
        organisation, actor=actor, name="Nye Hus AS", other_names=[{"kind": "trade", "name": "Ærlig Møbel"}]
    )
    db.session.commit()
    for query in ("gamle verk", "aerlig", "møbel ærl", "nye hus"):
        assert hits(query) == ["Nye Hus AS"], query
    update_organisation(organisation, actor=actor, other_names=[])
    db.session.commit()
    assert hits("gamle verk") == hits("aerlig") == []
    assert hits("nye hus") == ["Nye Hus AS"]


def test_a_name_that_another_bears_is_told_while_typing(organisation, actor):
    update_organisation(
        organisation, actor=actor, other_names=[{"kind": "trade", "name": "Kaffebrenneriet Nord"}]
    )
    db.session.commit()
    (hit,) = queries.similar_organisations("Kaffebreneriet Nord AS")
    assert (hit.id, hit.other_name) == (organisation.id, "Kaffebrenneriet Nord")


def test_form_takes_one_name_a_line(pages, organisation):
    advisor = make_user("advisor", language="en")
    page = pages.get(f"/organisations/{organisation.id}/edit", user=advisor)
    shown = page.submit(
        name="Nye Verksted AS",
        trade_names="Mekken\n\n Verkstedet på hjørnet ",
        earlier_names="Smia; 1.5.2020\nGarasjen; 2015",
    ).follow()
    assert "Also called Mekken" in shown.text
    assert "Also called Verkstedet på hjørnet" in shown.text
    assert "Until 1 May 2020: Smia" in shown.text
    assert ("earlier", "Gamle Verksted AS", today()) in names(organisation)
    assert ("earlier", "Garasjen", date(2015, 12, 31)) in names(organisation)
    again = pages.get(f"/organisations/{organisation.id}/edit", user=advisor)
    assert again.one("#earlier_names").text.strip().splitlines()[1] == "Smia; 01.05.2020"
    again.submit()
    assert db.session.scalar(select(func.count()).select_from(OrganisationName)) == 5


def test_form_says_what_is_wrong_with_a_line(pages, organisation):
    advisor = make_user("advisor", language="en")
    page = pages.get(f"/organisations/{organisation.id}/edit", user=advisor)
    refused = page.submit(earlier_names="Smia; i fjor")
    assert "Enter a date" in refused.text
    assert "Smia; i fjor" in refused.one("#earlier_names").text


def test_history_tells_names_in_words(pages, organisation, actor):
    update_organisation(organisation, actor=actor, name="Nye Verksted AS")
    db.session.commit()
    page = pages.get(
        f"/organisations/{organisation.id}/history", user=make_user("administrator", language="en")
    )
    assert "Gamle Verksted AS (Earlier name), until" in page.text


def test_creating_with_names_is_one_event(actor, app):
    organisation = make_organisation("Fra Start AS", names=[OrganisationName(kind="trade", name="Starten")])
    stored = db.session.get_one(Organisation, organisation.id)
    assert stored.search_text == "fra start as starten"
    subject = (AuditEvent.subject_type == "Organisation", AuditEvent.subject_id == organisation.id)
    assert db.session.scalar(select(func.count()).select_from(AuditEvent).where(*subject)) == 1
