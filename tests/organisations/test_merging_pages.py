"""Merging as people do it: choose the other one, see both, choose, confirm, undo."""

import pytest

from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.organisations.operations import restore_organisation
from crm.web.validation import Invalid
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_user,
    organisation_number,
)


@pytest.fixture
def advisor(app):
    return make_user("advisor", language="en")


@pytest.fixture
def two(app):
    one = make_organisation("Berger Verksted AS", email="post@berger.example")
    other = make_organisation(
        "Berger Verksted", phone="+4763800000", organisation_number=organisation_number(3)
    )
    return one, other


def test_the_whole_way_and_back(pages, advisor, two):
    one, other = two
    make_interaction(organisations=[other])
    page = pages.get(f"/organisations/{one.id}/merge", user=advisor)
    (link,) = page.all("#proposals a")
    page = pages.get(link.get("href"), user=advisor)
    assert "Interactions: 1" in page.text
    assert page.one("input[name=phone][checked]").get("value") == "taken"
    assert page.one("input[name=email][checked]").get("value") == "kept"
    shown = page.submit().follow()
    assert "The two are one now" in shown.text
    assert "63 80 00 00" in shown.text
    assert "post@berger.example" in shown.text
    assert (
        pages.get(f"/organisations/{other.id}", user=advisor, status=302).location
        == f"/organisations/{one.id}"
    )
    found = pages.get("/organisations/", user=advisor, query={"q": other.organisation_number})
    assert found.texts("tbody th a") == ["Berger Verksted AS"]
    recycled = pages.get("/bin", user=advisor)
    assert "Merged" in recycled.text
    assert not recycled.all(f'form[action="/organisations/{other.id}/restore"]')
    back = recycled.submit(form=f'form[action="/organisations/{other.id}/unmerge"]').follow()
    assert "The merge has been undone. Berger Verksted is back." in back.text
    db.session.expire_all()
    assert not other.is_binned
    assert one.phone is None


def test_what_is_chosen_wins(pages, advisor, two):
    one, other = two
    page = pages.get(f"/organisations/{one.id}/merge", user=advisor, query={"with": other.id})
    page.submit(name="taken", phone="kept", organisation_number="taken")
    merged = db.session.get_one(Organisation, one.id)
    assert (merged.name, merged.phone) == ("Berger Verksted", None)
    assert merged.organisation_number == other.organisation_number


def test_the_other_one_is_found_without_javascript(pages, advisor, two):
    one, other = two
    page = pages.get(f"/organisations/{one.id}/merge", user=advisor)
    hits = page.submit(other_id_query="berger", find="other_id")
    assert hits.all(f'input[type=radio][value="{other.id}"]')
    chosen = hits.submit(other_id=str(other.id), find=None)
    assert chosen.location == f"/organisations/{one.id}/merge?with={other.id}"
    assert "Choose another one" in page.submit(other_id=str(one.id)).text
    assert "Choose another one" in page.submit().text


def test_a_change_in_the_meantime_is_seen_first(pages, advisor, two):
    one, other = two
    page = pages.get(f"/organisations/{one.id}/merge", user=advisor, query={"with": other.id})
    answer = page.submit(other_version="99").follow()
    assert "was changed in the meantime" in answer.text
    db.session.expire_all()
    assert not other.is_binned


def test_contacts(pages, advisor):
    one, other = make_contact("Kari", "Berg", email="kari@berg.example"), make_contact("Kari", "Berg")
    page = pages.get(f"/contacts/{one.id}/merge", user=advisor)
    page = pages.get(page.one("#proposals a").get("href"), user=advisor)
    assert page.submit().location == f"/contacts/{one.id}"
    assert pages.get(f"/contacts/{other.id}", user=advisor, status=302).location == f"/contacts/{one.id}"
    pages.get("/bin", user=advisor).submit(form=f'form[action="/contacts/{other.id}/unmerge"]')
    db.session.expire_all()
    assert not db.session.get_one(Contact, other.id).is_binned


@pytest.mark.usefixtures("in_request")
def test_a_merged_one_is_not_restored_beside_the_other(pages, advisor, two):
    one, other = two
    pages.get(f"/organisations/{one.id}/merge", user=advisor, query={"with": other.id}).submit()
    with pytest.raises(Invalid):
        restore_organisation(other, actor=advisor)


def test_history_tells_both(pages, two):
    one, other = two
    manager = make_user("manager", language="en")
    pages.get(f"/organisations/{one.id}/merge", user=manager, query={"with": other.id}).submit()
    assert "Has taken over from" in pages.get(f"/organisations/{one.id}/history", user=manager).text
    assert "Is the same as" in pages.get(f"/organisations/{other.id}/history", user=manager).text


def test_readers_may_not(pages, two):
    reader = make_user("reader")
    pages.get(f"/organisations/{two[0].id}/merge", user=reader, status=403)
    assert not pages.get(f"/organisations/{two[0].id}", user=reader).all('a[href$="/merge"]')


def test_with_itself_or_nobody(pages, advisor, two):
    one = two[0]
    pages.get(f"/organisations/{one.id}/merge?with={one.id}", user=advisor, status=404)
    pages.get(f"/organisations/{one.id}/merge?with=999", user=advisor, status=404)
