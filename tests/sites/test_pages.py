"""What is seen of sites, and by whom."""

from crm.extensions import db
from crm.sites.models import Site
from tests.support.factories import make_contact, make_organisation


def test_a_site_is_added_as_people_write(pages, advisor, plan, developer, person):
    form = pages.get("/sites/new", user=advisor)
    wrong = form.submit(
        name="", total_area="mye", free_area="25 daa", power="2 MW", attracts="Grønn industri"
    )
    assert wrong.status == 422
    assert "Enter an area with its unit, such as 25 daa" in wrong.text
    assert wrong.fields()["total_area"] == ["mye"], "what was typed stays"
    assert wrong.fields()["attracts"] == ["Grønn industri"]
    page = wrong.submit(
        name="Berger",
        total_area="2,5 ha",
        developer=str(developer.id),
        contact=str(person.id),
        regulation="ready",
        premises=["plot", "warehouse"],
        focus_areas=["1"],
    ).follow()
    assert page.h1 == "Berger"
    assert "25,000 m² (25 daa)" in page.text.replace("\u00a0", " ")
    assert "2 MW" in page.text.replace("\u00a0", " ")
    assert "Grønn industri" in page.text
    assert "Not among the developer's people" not in page.text
    made = db.session.query(Site).one()
    assert (made.total_area, made.free_area, made.power) == (25_000, 25_000, 2_000)


def test_the_developers_contact_is_one_press_away(pages, reader, make_site, developer, person):
    site = make_site(developer_id=developer.id, contact_id=person.id)
    page = pages.get(f"/sites/{site.id}", user=reader)
    html = page.response.get_data(as_text=True)
    assert 'href="tel:+4791234567"' in html
    assert 'href="mailto:kari@berger.no"' in html
    assert f'href="/organisations/{developer.id}"' in html
    assert "Salgssjef" in page.text


def test_opened_and_saved_nothing_changes(pages, advisor, make_site, plan):
    site = make_site(total_area=1_250_500, free_area=999, power=2_500, focus_areas=[1], premises=["plot"])
    version = site.version
    pages.get(f"/sites/{site.id}/edit", user=advisor).submit().follow()
    db.session.expire_all()
    kept = db.session.query(Site).one()
    assert (kept.version, kept.total_area, kept.free_area, kept.power) == (version, 1_250_500, 999, 2_500)


def test_two_who_edit_one_site_see_both_versions(pages, advisor, colleague, make_site):
    site = make_site()
    mine = pages.get(f"/sites/{site.id}/edit", user=advisor)
    pages.get(f"/sites/{site.id}/edit", user=colleague).submit(place="Deres sted")
    page = mine.submit(place="Mitt sted")
    assert page.status == 422
    assert "Deres sted" in page.text
    assert page.submit().status == 302
    assert db.session.query(Site).one().place == "Mitt sted"


def test_a_name_that_is_taken_leads_to_its_site(pages, advisor, make_site):
    site = make_site("Berger")
    page = pages.get("/sites/new", user=advisor).submit(name="berger")
    assert page.status == 422
    assert f'href="/sites/{site.id}"' in page.response.get_data(as_text=True)


def test_a_contact_from_elsewhere_is_kept_with_a_warning(pages, advisor, developer):
    stranger = make_contact("Per", "Heia", at=make_organisation("Heia AS"))
    page = pages.get("/sites/new", user=advisor).submit(
        name="Berger", developer=str(developer.id), contact=str(stranger.id)
    )
    shown = page.follow()
    assert "not among the developer's people" in shown.text
    assert db.session.query(Site).one().contact_id == stranger.id


def test_without_javascript_the_developer_is_found(pages, advisor, developer):
    page = pages.get("/sites/new", user=advisor).submit(find="developer", developer_query="berger", name="X")
    assert page.status == 200
    assert "Berger Næringsutvikling AS" in page.text
    assert db.session.query(Site).count() == 0


def test_a_site_goes_into_the_bin_and_back(pages, manager, reader, make_site):
    site = make_site("Tunga")
    page = (
        pages.get(f"/sites/{site.id}", user=manager).submit(f'form[action="/sites/{site.id}/bin"]').follow()
    )
    assert "This site is in the bin" in page.text
    assert "Tunga" not in pages.get("/sites/", user=reader).text
    pages.get(f"/sites/{site.id}", user=reader, status=404)
    assert "Tunga" in pages.get("/bin", user=manager).text
    page.submit(f'form[action="/sites/{site.id}/restore"]')
    assert "Tunga" in pages.get("/sites/", user=reader).text


def test_readers_change_nothing(pages, reader, make_site):
    site = make_site()
    for path in ("/sites/new", f"/sites/{site.id}/edit", f"/sites/{site.id}/history"):
        pages.get(path, user=reader, status=403)
    assert not pages.get(f"/sites/{site.id}", user=reader).all("main form")


def test_the_list_keeps_what_was_typed_wrong(pages, reader, make_site):
    make_site("Heia")
    page = pages.get("/sites/?free=mye&q=heia", user=reader, status=400)
    assert "Enter an area with its unit" in page.text
    assert page.fields(form=".filter-bar")["free"] == ["mye"]
    assert "Heia" in page.text


def test_the_developers_page_lists_its_sites(pages, reader, make_site, developer):
    make_site("Heia", developer_id=developer.id, free_area=25_000)
    page = pages.get(f"/organisations/{developer.id}", user=reader)
    assert "Heia" in page.text
    assert "25 daa" in page.text.replace("\u00a0", " ")


def test_a_hundred_sites_cost_what_one_does(pages, reader, make_site, developer):
    first = make_site("Berger", developer_id=developer.id)
    addresses = ("/sites/", f"/sites/{first.id}", f"/organisations/{developer.id}")
    before = [len(pages.get(one, user=reader).statements) for one in addresses]
    for number in range(30):
        make_site(f"Heia {number}", developer_id=developer.id)
    assert [len(pages.get(one, user=reader).statements) for one in addresses] == before
