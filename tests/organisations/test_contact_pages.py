import pytest

from crm.extensions import db
from crm.organisations.models import Contact
from crm.web.clock import today
from tests.support.factories import make_contact, make_organisation, make_user


@pytest.fixture
def advisor(app):
    return make_user("advisor", language="en")


def saved():
    db.session.expire_all()
    return db.session.query(Contact).order_by(Contact.id.desc()).first()


def test_empty_list_and_no_hits(pages, advisor):
    page = pages.get("/contacts/", user=advisor)
    assert "No contacts yet" in page.text
    make_contact()
    page = pages.get("/contacts/", user=advisor, query={"q": "Ola Normann Hansen"})
    form = pages.get(page.one(".empty a").get("href"), user=advisor).fields("main form")
    assert (form["given_name"], form["family_name"]) == (["Ola Normann"], ["Hansen"])


def test_list_tells_where_people_work(pages, advisor):
    here, there = make_organisation("Berg AS"), make_organisation("Heia AS")
    make_contact("Kari", "Åsen", at=here, title="Daglig leder", phone="+4790012345")
    make_contact("Ola", "Zeiner", at=there, ended_on=today())
    page = pages.get("/contacts/", user=advisor)
    assert page.texts("tbody th a") == ["Zeiner, Ola", "Åsen, Kari"]
    assert "Daglig leder, Berg AS" in page.text
    assert "90 01 23 45" in page.text
    assert page.submit(form=".filter-bar", q="900 12").texts("tbody th a") == ["Åsen, Kari"]
    former = page.submit(form=".filter-bar", affiliated="former")
    assert former.texts("tbody th a") == ["Zeiner, Ola"]
    at = pages.get("/contacts/", user=advisor, query={"organisation": here.id})
    assert at.texts("tbody th a") == ["Åsen, Kari"]
    assert "Only at Berg AS" in at.text


def test_the_list_costs_the_same_for_one_and_for_fifty(pages, advisor):
    here = make_organisation()
    make_contact(at=here)
    few = pages.get("/contacts/", user=advisor)
    for _ in range(49):
        make_contact(at=here)
    assert len(pages.get("/contacts/", user=advisor).statements) == len(few.statements)


def test_new_contact_from_an_organisation_goes_back_there(pages, advisor):
    organisation = make_organisation("Berg AS")
    page = pages.get(f"/contacts/new?organisation={organisation.id}", user=advisor)
    sent = page.submit(
        given_name="Kari",
        family_name="Åsen",
        phone="900 12 345",
        email="Kari@Berg.example",
        title="Daglig leder",
        topics="tomter, mat",
        primary="y",
    )
    assert sent.location == f"/organisations/{organisation.id}"
    page = sent.follow()
    for shown in ("Kari Åsen", "First contact", "Daglig leder", "tomter", "90 01 23 45", "kari@berg.example"):
        assert shown in page.text
    contact = saved()
    page = pages.get(f"/contacts/{contact.id}", user=advisor)
    assert page.h1 == "Kari Åsen"
    assert "Berg AS" in page.text


def test_new_contact_finds_the_organisation_without_javascript(pages, advisor):
    organisation = make_organisation("Berg AS")
    page = pages.get("/contacts/new", user=advisor).submit(
        given_name="Kari", find="organisation_id", organisation_id_query="ber"
    )
    assert page.status == 200
    assert page.fields("main form")["given_name"] == ["Kari"]
    assert page.submit(organisation_id=str(organisation.id), title="Selger").status == 302
    assert saved().affiliations[0].title == "Selger"


def test_errors_by_their_fields_and_typed_text_kept(pages, advisor):
    organisation = make_organisation("Berg AS")
    there = make_contact("Kari", "Berg", at=organisation, email="post@berg.example")
    new = pages.get(f"/contacts/new?organisation={organisation.id}", user=advisor)
    page = new.submit(given_name="", family_name="\u200b", phone="123", email="x", about="a" * 200_000)
    assert {e.get("id") for e in page.all(".ds-validation-message")} == {
        f"{field}-error" for field in ("given_name", "phone", "email", "about")
    }
    assert (page.fields("main form")["phone"], page.fields("main form")["email"]) == (["123"], ["x"])
    page = new.submit(given_name="Ola", email="POST@berg.example")
    assert page.status == 422
    assert page.one("#email-error a").get("href") == f"/contacts/{there.id}"
    page = pages.get("/contacts/new", user=advisor).submit(given_name="Ola", title="Selger")
    assert page.one("#organisation_id-error") is not None
    assert saved().id == there.id


def test_edit_and_conflict(pages, advisor):
    contact = make_contact("Kari", "Berg", phone="+4790012345")
    other = make_user("advisor")
    url = f"/contacts/{contact.id}/edit"
    mine, theirs = pages.get(url, user=advisor), pages.get(url, user=other)
    assert mine.fields("main form")["phone"] == ["90 01 23 45"]
    assert theirs.submit(family_name="Berge").status == 302
    page = mine.submit(family_name="Bergersen", language="nn")
    assert page.status == 422
    assert page.texts(".conflict tbody tr:nth-child(1) > *")[1:] == ["Berge", "Bergersen"]
    assert page.submit().status == 302
    assert (saved().family_name, saved().language) == ("Bergersen", "nn")


def test_affiliations_added_changed_and_ended(pages, advisor):
    contact, organisation = make_contact("Kari", "Berg"), make_organisation("Heia AS")
    url = f"/contacts/{contact.id}"
    page = pages.get(f"{url}/affiliations/new", user=advisor)
    assert page.submit(organisation_id="").status == 422
    assert page.submit(organisation_id=str(organisation.id), title="Selger").status == 302
    assert page.submit(organisation_id=str(organisation.id), title="Selger").status == 422
    page = pages.get(url, user=advisor)
    edit = pages.get(page.one('main a[href*="/affiliations/"][href$="/edit"]').get("href"), user=advisor)
    assert edit.submit(title="Salgssjef", started_on="2020-01-01").status == 302
    end = pages.get(page.one('main a[href$="/end"]').get("href"), user=advisor)
    assert end.submit(ended_on="31.12.2019").status == 422
    assert end.submit(ended_on="").status == 422
    page = end.submit(ended_on="31.12.2020").follow()
    assert "1 earlier organisation" in page.text
    assert "Salgssjef" in page.text
    assert "Nobody is registered here" in pages.get(f"/organisations/{organisation.id}", user=advisor).text


def test_somebody_registered_already_is_put_at_an_organisation(pages, advisor):
    contact, organisation = make_contact("Kari", "Berg"), make_organisation("Heia AS")
    page = pages.get(f"/organisations/{organisation.id}/people/new", user=advisor)
    assert page.submit().status == 422
    hits = page.submit(find="contact_id", contact_id_query="kari")
    assert "Kari Berg" in hits.text
    page = hits.submit(contact_id=str(contact.id), title="Styreleder").follow()
    assert "Styreleder" in page.text


def test_bin_and_restore(pages, advisor):
    contact = make_contact("Kari", "Berg", at=make_organisation())
    url = f"/contacts/{contact.id}"
    page = pages.get(url, user=advisor).submit(form='form[action$="/bin"]').follow()
    assert "This contact is in the bin" in page.text
    assert (
        "Kari"
        not in pages.get(f"/organisations/{contact.affiliations[0].organisation_id}", user=advisor).text
    )
    assert "Kari Berg" in pages.get("/bin", user=advisor).text
    assert pages.get(f"{url}/edit", user=advisor, status=302).location == url
    assert "has been restored" in page.submit(form='form[action$="/restore"]').follow().text


@pytest.mark.parametrize(
    "path", ["", "/edit", "/history", "/affiliations/new", "/affiliations/1/edit", "/affiliations/1/end"]
)
def test_what_is_not_there(pages, path):
    pages.get(f"/contacts/99{path}", user=make_user("manager"), status=404)


def test_affiliation_of_somebody_else_is_not_there(pages, advisor):
    one, other = make_contact(at=make_organisation()), make_contact()
    pages.get(f"/contacts/{other.id}/affiliations/{one.affiliations[0].id}/edit", user=advisor, status=404)


def test_history_in_words(pages, advisor):
    manager = make_user("manager", language="en")
    contact, organisation = make_contact("Kari", "Berg"), make_organisation("Heia AS")
    add = pages.get(f"/contacts/{contact.id}/affiliations/new", user=advisor)
    add.submit(organisation_id=str(organisation.id), title="Selger", topics="mat", primary="y")
    page = pages.get(f"/contacts/{contact.id}/history", user=manager)
    assert "Selger · Heia AS · mat · our first contact" in page.text
    pages.get(f"/contacts/{contact.id}/history", user=advisor, status=403)


def test_options_put_the_organisations_people_first(pages, advisor):
    here = make_organisation("Heia AS")
    make_contact("Kari", "Aas")
    make_contact("Kari", "Åsen", at=here, title="Selger")
    page = pages.get(f"/contacts/options?q=kari&organisation={here.id}&organisation=x", user=advisor)
    assert [one["label"] for one in page.response.json] == ["Kari Åsen", "Kari Aas"]
    assert page.response.json[0]["hint"] == "Selger, Heia AS"
    assert len(page.statements) == 2
