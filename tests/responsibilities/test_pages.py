"""Who answers for what: seen by everybody, said by managers; topics by administrators."""

from datetime import timedelta

import pytest

from crm.extensions import db
from crm.responsibilities.models import Responsibility, Topic
from crm.web.clock import today
from tests.support.factories import (
    make_absence,
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    saved,
)


@pytest.fixture
def reader(app):
    return make_user("reader", language="en")


@pytest.fixture
def boss(app):
    return make_user("manager", name="Mona Leder", language="en")


@pytest.fixture
def administrator(app):
    return make_user("administrator", language="en")


def test_a_manager_says_who_answers(pages, boss, reader, premises, berger, kari, ola):
    form = pages.get("/responsibilities/new", user=boss)
    refused = form.submit(note="Ring helst")
    assert refused.status == 422
    assert "Say what they answer for" in refused.text
    assert "Choose either a user or a unit" in refused.text
    assert refused.fields()["note"] == ["Ring helst"], "nothing typed is lost"
    page = refused.submit(
        topic_id=str(premises.id),
        site_id=str(berger.id),
        industry_prefix="62.0",
        user_id=str(kari.id),
        deputy_id=str(ola.id),
        phone_hours="Hverdager 9–15",
    ).follow()
    assert "The responsibility has been added." in page.text
    page = pages.get("/responsibilities/", user=reader)
    assert "Premises and plots at Berger næringspark, industry 62.0" in page.text
    assert "22 22 55 55" in page.text
    assert "Hverdager 9–15" in page.text
    assert "/responsibilities/new" not in [a.get("href") for a in page.all("a")]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unit": True, "user": True}, "either a user or a unit"),
        ({"unit": True, "deputy": True}, "A unit has no deputy"),
        ({"user": True, "industry_prefix": "IT"}, "beginning of an industry code"),
        ({"user": True, "organisation_kind": "circus"}, "Choose one from the list"),
        ({"user": True, "same": True}, "somebody else"),
        ({"user": True, "site_id": "4711"}, "Choose one from the list"),
        ({"user": True, "phone_hours": "9" * 200}, "Shorten this"),
    ],
)
def test_what_is_refused(changes, message, pages, boss, premises, kari, ola, unit):
    sent = {"topic_id": str(premises.id)}
    sent |= {"user_id": str(kari.id)} if changes.pop("user", None) else {}
    sent |= {"unit_id": str(unit.id)} if changes.pop("unit", None) else {}
    sent |= {"deputy_id": str(ola.id)} if changes.pop("deputy", None) else {}
    sent |= {"deputy_id": str(kari.id)} if changes.pop("same", None) else {}
    page = pages.get("/responsibilities/new", user=boss).submit(**sent, **changes)
    assert page.status == 422
    assert message in page.text
    assert db.session.query(Responsibility).count() == 0


def test_two_who_edit_see_both_versions(pages, boss, administrator, premises, kari, answers):
    one = answers(topic_id=premises.id, user_id=kari.id)
    address = f"/responsibilities/{one.id}/edit"
    mine = pages.get(address, user=boss)
    pages.get(address, user=administrator).submit(note="Deres ord")
    page = mine.submit(note="Mine ord")
    assert page.status == 422
    assert "Deres ord" in page.text
    assert page.submit().status == 302
    assert db.session.query(Responsibility).one().note == "Mine ord"
    history = pages.get(f"/responsibilities/{one.id}/history", user=boss).text
    assert "Deres ord" in history


def test_removing_asks_first(pages, boss, premises, kari, answers):
    one = answers(topic_id=premises.id, user_id=kari.id)
    one_id = one.id
    page = pages.get(f"/responsibilities/{one_id}/remove", user=boss)
    assert "Kari Nes will no longer answer for: Premises and plots." in page.text
    assert db.session.query(Responsibility).count() == 1
    page.submit()
    assert db.session.query(Responsibility).count() == 0
    pages.get(f"/responsibilities/{one_id}/edit", user=boss, status=404)


def test_the_list_is_narrowed_and_says_who_is_away(
    pages, reader, premises, kari, ola, unit, answers, make_topic
):
    make_absence(kari, today(), today() + timedelta(3), deputy=ola)
    answers(topic_id=premises.id, user_id=kari.id)
    answers(topic_id=make_topic("Landbruk", []).id, unit_id=unit.id)
    page = pages.get("/responsibilities/", user=reader)
    assert "Ola Lund deputy of Kari Nes" in page.text
    assert "Plan og bygg" in page.text
    text = pages.get(f"/responsibilities/?who=e{unit.id}", user=reader).text
    assert "deputy of Kari Nes" not in text
    text = pages.get(f"/responsibilities/?topic={premises.id}", user=reader).text
    assert "deputy of Kari Nes" in text
    assert pages.get("/responsibilities/?topic=x&who=nobody", user=reader).status == 200


def test_gaps_and_overlaps_are_shown(pages, boss, premises, berger, kari, ola, answers, make_topic):
    make_plan()
    assert "Topics without anybody" in pages.get("/responsibilities/gaps", user=boss).text
    answers(topic_id=premises.id, user_id=kari.id)
    answers(topic_id=premises.id, user_id=ola.id)
    landbruk = make_topic("Landbruk", [])
    narrow = make_topic("Reiseliv", [])
    answers(topic_id=narrow.id, site_id=berger.id, user_id=kari.id)
    make_absence(kari, today(), today() + timedelta(3))
    gone = make_user(name="Gro Gått")
    answers(organisation_kind="school", user_id=gone.id)
    make_organisation(account_manager=gone)
    gone.deactivated_at = gone.created_at
    saved(gone)
    page = pages.get("/responsibilities/gaps", user=boss)
    sections = {
        s.get("id") or h: s for s, h in zip(page.all("section"), page.texts("section h2"), strict=True)
    }
    told = {head.rsplit(" ", 1)[0]: " ".join(s.itertext()) for head, s in sections.items()}
    assert "Landbruk" in told["Topics without anybody"]
    assert "Premises" not in told["Topics without anybody"]
    assert "only in part" in told["Topics without anybody"], "Reiseliv is answered for at Berger only"
    assert "Ola Lund" in told["Several who are just as responsible"]
    assert "Kari Nes" in told["Away without a deputy"]
    assert "Gro Gått" in told["Has left"]
    assert "1 organisation" in told["Account managers who have left"]
    assert "School" not in told["Kinds of organisations without anybody"]
    assert "1 Område 1" in " ".join(told["Focus areas without anybody"].split()) or "Område 1" in told["Focus areas without anybody"]  # fmt: skip
    link = f"/responsibilities/new?topic_id={landbruk.id}"
    assert pages.get(link, user=boss).fields()["topic_id"] == [str(landbruk.id)]


def test_the_page_of_an_organisation_says_whom_to_speak_to(
    pages, reader, company, kari, ola, premises, answers
):
    empty = pages.get(f"/organisations/{company.id}", user=reader)
    assert "Nobody is responsible for this" in empty.text
    make_interaction(author=ola, organisations=[company])
    address = f"/responsibilities/right-contact?organisation={company.id}"
    assert "Met them last" in pages.get(address, user=reader).text
    company.account_manager = kari
    saved(company)
    make_contact("Per", "Aas", at=company, primary=True, phone="+4791234567")
    make_absence(kari, today(), today() + timedelta(3), deputy=ola)
    page = pages.get(f"/organisations/{company.id}", user=reader)
    card = " ".join("".join(page.one("#right-contact").itertext()).split())
    assert "Ola Lund" in card
    assert "Kari Nes is away until" in card
    assert "Per Aas" in card
    assert "91 23 45 67" in card
    answers(topic_id=premises.id, user_id=ola.id)
    text = pages.get(f"{address}&topic={premises.id}", user=reader).text
    assert "Answers for premises and plots" in text
    partial = pages.request(
        "GET", f"{address}&topic={premises.id}", user=reader, headers={"HX-Request": "true"}
    )
    assert "Ola Lund" in partial.response.get_data(as_text=True)
    assert "<html" not in partial.response.get_data(as_text=True)
    assert (
        pages.get("/responsibilities/right-contact?organisation=99999&topic=x&site=9", user=reader).status
        == 200
    )


def test_topics_are_the_administrators(pages, boss, administrator, premises):
    pages.get("/responsibilities/topics/", user=boss, status=403)
    page = pages.get("/responsibilities/topics/new", user=administrator)
    refused = page.submit(name_nb="Lokaler og tomter", words_no="bod, Bod, hytte", working_days="90")
    assert "Another topic has this name" in refused.text
    assert "from 0 to 60" in refused.text
    made = refused.submit(name_nb="Torghandel", working_days="2").follow()
    assert "Torghandel" in made.text
    topic = db.session.query(Topic).filter_by(name_nb="Torghandel").one()
    assert (topic.words_no, topic.working_days) == (["bod", "hytte"], 2)
    form = pages.get(f"/responsibilities/topics/{premises.id}/edit", user=administrator)
    form.submit(is_retired="y").follow()
    assert db.session.get(Topic, premises.id).is_retired
    assert "Lokaler og tomter" not in pages.get("/responsibilities/new", user=boss).text


def test_a_page_of_many_costs_as_much_as_one_of_few(pages, boss, premises, kari, answers):
    answers(topic_id=premises.id, user_id=kari.id)
    few = {
        url: len(pages.get(url, user=boss).statements)
        for url in ("/responsibilities/", "/responsibilities/gaps")
    }
    for n in range(40):
        answers(topic_id=premises.id, industry_prefix=f"{n + 10}", user_id=kari.id)
    for url, number in few.items():
        assert len(pages.get(url, user=boss).statements) == number


def test_the_page_of_a_user_says_what_they_answer_for(pages, administrator, premises, kari, answers):
    assert "Answers for" not in pages.get(f"/users/{kari.id}", user=administrator).text
    answers(topic_id=premises.id, user_id=kari.id)
    page = pages.get(f"/users/{kari.id}", user=administrator)
    assert "Premises and plots" in page.text
    assert f"/responsibilities/?who=u{kari.id}" in [a.get("href") for a in page.all("a")]
