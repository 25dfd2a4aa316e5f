import pytest

from crm.extensions import db
from crm.organisations.models import Organisation
from tests.support.factories import make_contact, make_organisation, make_tag, make_user

NUMBER = "974760673"
LONG = "x" * 200_000


@pytest.fixture
def advisor(app):
    return make_user("advisor", language="en")


@pytest.fixture
def reader(app):
    return make_user("reader", language="en")


def saved():
    db.session.expire_all()
    return db.session.query(Organisation).order_by(Organisation.id.desc()).first()


def test_empty_list_shows_the_way_on(pages, advisor, reader):
    page = pages.get("/organisations/", user=advisor)
    assert "No organisations yet" in page.text
    assert page.all('main a[href="/organisations/new"]')
    assert not page.all("main form")
    assert not pages.get("/organisations/", user=reader).all('main a[href="/organisations/new"]')


def test_list_shows_finds_filters_and_sorts(pages, advisor):
    make_organisation(
        "Ås Bakeri AS", organisation_number=NUMBER, city="Lillestrøm", account_manager_id=advisor.id
    )
    make_organisation("Zeta Skole", "school", status="dissolving", tags=[make_tag("Mat")])
    page = pages.get("/organisations/", user=advisor)
    assert page.texts("tbody th a") == ["Zeta Skole", "Ås Bakeri AS"]
    assert "974 760 673" in page.text
    assert "Being dissolved" in page.text
    found = page.submit(form="form.filter-bar", q="974 760")
    assert found.texts("tbody th a") == ["Ås Bakeri AS"]
    assert found.one("#filter-q").get("value") == "974 760"
    found = page.submit(form="form.filter-bar", kind="school", tag="mat")
    assert found.texts("tbody th a") == ["Zeta Skole"]
    back = found.one(".filter-actions a")
    assert pages.get(back.get("href"), user=advisor).texts("tbody th a") == ["Zeta Skole", "Ås Bakeri AS"]
    turned = pages.get(page.all(".sort-header a")[0].get("href"), user=advisor)
    assert turned.texts("tbody th a") == ["Ås Bakeri AS", "Zeta Skole"]
    assert turned.one("th[aria-sort]").get("aria-sort") == "descending"


def test_no_hits_offers_to_add_what_was_typed(pages, advisor):
    make_organisation("Zeta AS")
    page = pages.get("/organisations/", user=advisor, query={"q": "Berger & Sønn"})
    (link,) = page.all(".empty a")
    assert pages.get(link.get("href"), user=advisor).one("#name").get("value") == "Berger & Sønn"
    page = pages.get("/organisations/", user=advisor, query={"q": "Berger", "kind": "school"})
    assert page.one(".empty a").get("href") == "/organisations/"


@pytest.mark.parametrize("query", ["cursor=x", "cursor=WyJ6Il0", "cursor=" + "A" * 5000])
def test_cursor_that_is_not_ours_is_a_bad_request(pages, advisor, query):
    pages.get(f"/organisations/?{query}", user=advisor, status=400)


@pytest.mark.parametrize(
    "query",
    [
        "sort=;drop",
        "kind=x&status=y&account_manager=²&municipality_number=%00&tag=%00&q=%00",
        "q=" + "ø" * 3000,
    ],
)
def test_list_bears_any_address(pages, advisor, query):
    make_organisation()
    pages.get(f"/organisations/?{query}", user=advisor)


def test_pages_follow_one_another(pages, advisor):
    for n in range(60):
        make_organisation(f"Berg {n:02}")
    first = pages.get("/organisations/", user=advisor, query={"q": "berg"})
    second = pages.get(first.one("a[rel=next]").get("href"), user=advisor)
    assert first.texts("tbody th a") + second.texts("tbody th a") == [f"Berg {n:02}" for n in range(60)]
    assert "Showing 50 of 60" in first.text
    again = pages.get(second.one("a[rel=prev]").get("href"), user=advisor)
    assert again.texts("tbody th a") == first.texts("tbody th a")


def test_new_organisation(pages, advisor):
    page = pages.get("/organisations/new", user=advisor)
    sent = page.submit(
        name="Berger Eiendom AS",
        kind="developer",
        organisation_number="974 760 673",
        tags="tomter, utvikling",
        phone="63 80 00 00",
        website="berger.example",
        email="Post@berger.example",
        postcode="2000",
        city="Lillestrøm",
        municipality_number="3205",
        employees="1 200",
        industry_code="68100",
        account_manager_id=str(advisor.id),
    )
    made = saved()
    assert sent.location == f"/organisations/{made.id}"
    page = sent.follow()
    assert page.h1 == "Berger Eiendom AS"
    for shown in (
        "has been added",
        "974 760 673",
        "63 80 00 00",
        "Lillestrøm",
        "1,200",
        "68.100",
        "tomter",
        advisor.name,
    ):
        assert shown in page.text
    assert page.one('a[href="tel:+4763800000"]') is not None
    assert page.all(f'a[href="/interactions/new?organisation={made.id}"]')


def test_every_error_stands_by_its_field_and_what_was_typed_is_kept(pages, advisor):
    typed = {
        "name": "\u200b",
        "organisation_number": "974 760 674",
        "email": "kari",
        "phone": "ring meg",
        "website": "javascript:alert(1)",
        "employees": "mange",
        "postcode": "200",
        "municipality_number": "32",
        "industry_code": "IT",
        "tags": "🎉, mat",
        "city": "Lillestrøm",
    }
    page = pages.get("/organisations/new", user=advisor).submit(**typed)
    assert page.status == 422
    wrong = set(typed) - {"city"}
    assert {e.get("id").removesuffix("-error") for e in page.all(".ds-validation-message")} == wrong
    assert {a.get("href") for a in page.all(".error-summary a")} == {f"#{field}" for field in wrong}
    kept = page.fields("main form")
    assert {field: kept[field][0] for field in typed if field != "name"} == {
        k: v for k, v in typed.items() if k != "name"
    }
    assert saved() is None


@pytest.mark.parametrize(
    "field", ["name", "about", "city", "website", "tags", "street", "email", "organisation_number"]
)
def test_far_too_long_text_is_told_and_kept(pages, advisor, field):
    page = pages.get("/organisations/new", user=advisor).submit(**({"name": "Berg AS"} | {field: LONG}))
    assert page.status == 422
    assert page.one(f"#{field}-error") is not None
    assert page.fields("main form")[field] == [LONG]


def test_html_emoji_and_direction_marks_in_a_name(pages, advisor):
    name = "<script>alert(1)</script> & Sønn 🎉 \u202eאבג"
    page = pages.get("/organisations/new", user=advisor).submit(name=name).follow()
    assert page.h1 == "<script>alert(1)</script> & Sønn 🎉 אבג"
    assert not page.all("h1 script")


def test_taken_number_leads_to_the_one_that_has_it(pages, advisor):
    there = make_organisation("Berg <b> AS", organisation_number=NUMBER)
    page = pages.get("/organisations/new", user=advisor).submit(
        name="Noe annet", organisation_number="974760673"
    )
    assert page.status == 422
    (link,) = page.all("#organisation_number-error a")
    assert (link.get("href"), link.text) == (f"/organisations/{there.id}", "Berg <b> AS")
    assert page.fields("main form")["organisation_number"] == ["974 760 673"]


def test_number_of_one_in_the_bin_offers_to_restore_it(pages, advisor):
    there = make_organisation("Berg AS", organisation_number=NUMBER)
    pages.get(f"/organisations/{there.id}", user=advisor).submit(form='form[action$="/bin"]')
    page = pages.get("/organisations/new", user=advisor).submit(name="Noe annet", organisation_number=NUMBER)
    assert page.status == 422
    assert "In the bin" in page.text
    assert page.all(f'main a[href="/organisations/{there.id}"]')
    assert page.submit(name="Noe annet").status == 302
    assert saved().name == "Noe annet"
    page = (
        pages.get(f"/organisations/{there.id}", user=advisor).submit(form='form[action$="/restore"]').follow()
    )
    assert page.all(f'.messages a[href="/organisations/{saved().id}"]')
    assert "is in the bin" in page.text


def test_similar_name_only_warns(pages, advisor):
    there = make_organisation("Berger Eiendom AS")
    page = pages.get("/organisations/new", user=advisor).submit(name="Berger Eiendom", kind="developer")
    assert page.status == 422
    assert page.all(f'main a[href="/organisations/{there.id}"]')
    assert page.fields("main form")["name"] == ["Berger Eiendom"]
    assert page.submit().status == 302
    assert saved().kind == "developer"


def test_who_was_warned_while_typing_is_not_asked_again(pages, advisor):
    there = make_organisation("Berger Eiendom AS")
    partial = pages.get(
        "/organisations/similar",
        user=advisor,
        query={"name": "berger eiendom"},
        headers={"HX-Request": "true"},
    )
    assert partial.one("a").get("href") == f"/organisations/{there.id}"
    seen = partial.one("input[name=seen]").get("value")
    page = pages.get("/organisations/new", user=advisor)
    assert page.submit(name="Berger Eiendom", seen=seen).status == 302
    query = {"name": "Berger Eiendom", "besides": saved().id}
    others = pages.get("/organisations/similar", user=advisor, query=query, headers={"HX-Request": "true"})
    assert [a.get("href") for a in others.all("a")] == [f"/organisations/{there.id}"]


def test_edit_shows_and_saves_what_is_there(pages, advisor):
    organisation = make_organisation(
        "Berg AS",
        organisation_number=NUMBER,
        phone="+4763800000",
        employees=12,
        tags=[make_tag("Mat")],
        about="Om",
    )
    page = pages.get(f"/organisations/{organisation.id}/edit", user=advisor)
    shown = page.fields("main form")
    assert (shown["organisation_number"], shown["phone"]) == (["974 760 673"], ["63 80 00 00"])
    assert (shown["employees"], shown["tags"]) == (["12"], ["Mat"])
    unchanged = page.submit()
    assert unchanged.status == 302
    db.session.expire_all()
    assert saved().version == 1
    page.submit(city="Lillestrøm", employees="")
    db.session.expire_all()
    assert (saved().city, saved().employees, saved().version) == ("Lillestrøm", None, 2)


def test_two_advisors_one_record_nothing_lost(pages, advisor):
    other = make_user("advisor", language="en")
    organisation = make_organisation("Berg AS")
    url = f"/organisations/{organisation.id}/edit"
    mine, theirs = pages.get(url, user=advisor), pages.get(url, user=other)
    assert theirs.submit(city="Sørumsand", account_manager_id=str(other.id)).status == 302
    page = mine.submit(city="Lillestrøm", about="Mine ord")
    assert page.status == 422
    rows = {
        row[0]: row[1:] for row in (page.texts(f".conflict tbody tr:nth-child({n}) > *") for n in (1, 2, 3))
    }
    assert rows["Town"] == ["Sørumsand", "Lillestrøm"]
    assert rows["About"] == ["(empty)", "Mine ord"]
    assert rows["Account manager"] == [other.name, "Nobody yet"]
    assert page.fields("main form")["city"] == ["Lillestrøm"]
    assert saved().city == "Sørumsand"
    assert page.submit(account_manager_id=str(other.id)).status == 302
    assert (saved().city, saved().about, saved().account_manager_id) == ("Lillestrøm", "Mine ord", other.id)


def test_bin_and_restore(pages, advisor):
    organisation = make_organisation("Berg AS")
    url = f"/organisations/{organisation.id}"
    page = pages.get(url, user=advisor).submit(form='form[action$="/bin"]').follow()
    assert "This organisation is in the bin" in page.text
    assert not page.all(f'a[href="{url}/edit"]')
    assert "Berg AS" not in pages.get("/organisations/", user=advisor).text
    assert "Berg AS" in pages.get("/bin", user=advisor).text
    assert pages.get(f"{url}/edit", user=advisor, status=302).location == url
    page = pages.get("/bin", user=advisor).submit(form=f'form[action="{url}/restore"]').follow()
    assert "has been restored" in page.text
    assert "The bin is empty" in pages.get("/bin", user=advisor).text


@pytest.mark.parametrize(
    "path", ["", "/edit", "/people/new", "/relations/new", "/relations/1/end", "/history"]
)
@pytest.mark.parametrize("identity", [99, 10**40])
def test_what_is_not_there(pages, path, identity):
    manager = make_user("manager")
    pages.get(f"/organisations/{identity}{path}", user=manager, status=404)


def test_the_page_costs_the_same_for_one_and_for_a_hundred_people(pages, advisor):
    organisation = make_organisation(account_manager_id=advisor.id)
    make_contact(at=organisation, primary=True)
    few = pages.get(f"/organisations/{organisation.id}", user=advisor)
    for _ in range(99):
        make_contact(at=organisation, topics=["tomter"], phone="+4790012345")
    many = pages.get(f"/organisations/{organisation.id}", user=advisor)
    assert len(many.all(".person")) == 100
    assert len(few.statements) == len(many.statements)


def test_employees_that_the_register_withholds_are_not_none(pages, advisor):
    known = make_organisation(organisation_number=NUMBER)
    unknown, empty = make_organisation(), make_organisation(employees=0)
    assert "figures under five" in pages.get(f"/organisations/{known.id}", user=advisor).text
    assert "Employees" not in pages.get(f"/organisations/{unknown.id}", user=advisor).text
    assert "Employees0" in pages.get(f"/organisations/{empty.id}", user=advisor).text


def test_relations_from_the_page(pages, advisor):
    one, other = make_organisation("Berg AS"), make_organisation("Heia AS")
    page = pages.get(f"/organisations/{one.id}/relations/new", user=advisor)
    assert page.submit(kind="subsidiary_of", to_id="").status == 422
    hits = page.submit(find="to_id", to_id_query="hei")
    assert hits.status == 200
    assert hits.submit(kind="back:subsidiary_of", to_id=str(other.id)).status == 302
    page = pages.get(f"/organisations/{one.id}", user=advisor)
    assert "Has as subsidiary" in page.text
    page = pages.get(f"/organisations/{other.id}", user=advisor)
    assert "Subsidiary of" in page.text
    page = pages.get(f"/organisations/{other.id}/relations/new", user=advisor)
    assert page.submit(kind="back:subsidiary_of", to_id=str(one.id)).status == 422
    page = pages.get(f"/organisations/{one.id}", user=advisor)
    ending = pages.get(page.one('#relations a[href$="/end"]').get("href"), user=advisor)
    late = ending.submit(ended_on="1.1.2231")
    assert (late.status, late.one("#ended_on").get("value")) == (422, "1.1.2231")
    assert "1 that has ended" in ending.submit().follow().text
    ending = pages.get(page.one('#relations a[href$="/end"]').get("href"), user=advisor)
    page = ending.submit(form='form[action$="/remove"]').follow()
    assert "No relations" in page.text


def test_history_tells_managers_what_changed(pages, advisor):
    manager = make_user("manager", language="en")
    organisation = make_organisation("Berg AS")
    page = pages.get(f"/organisations/{organisation.id}/edit", user=advisor)
    page.submit(
        city="Lillestrøm", kind="school", account_manager_id=str(manager.id), tags="mat", phone="63 80 00 00"
    )
    assert not pages.get(f"/organisations/{organisation.id}", user=advisor).all('a[href$="/history"]')
    page = pages.get(f"/organisations/{organisation.id}", user=manager)
    history = pages.get(page.one('a[href$="/history"]').get("href"), user=manager)
    for shown in (
        "Created",
        "Changed",
        advisor.name,
        "Lillestrøm",
        "School",
        manager.name,
        "mat",
        "63 80 00 00",
    ):
        assert shown in history.text


def test_a_reader_reads_only(pages, reader):
    organisation = make_organisation("Berg AS")
    page = pages.get(f"/organisations/{organisation.id}", user=reader)
    assert not page.all("main form")
    assert not page.all('main a[href$="/edit"], main a[href$="/new"]')


def test_options_answer_with_what_the_combobox_reads(pages, reader):
    organisation = make_organisation("Berger AS", city="Lillestrøm", organisation_number=NUMBER)
    page = pages.get("/organisations/options?q=berg", user=reader)
    assert page.response.json == [
        {"id": organisation.id, "label": "Berger AS", "hint": "Company · Lillestrøm · 974 760 673"}
    ]
    assert len(page.statements) == 2
    assert pages.get("/organisations/options", user=reader).response.json == []
