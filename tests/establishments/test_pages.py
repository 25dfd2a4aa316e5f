"""What is seen of searches for a place, and by whom."""

from sqlalchemy import select

from crm.enquiries.models import Enquiry
from crm.enquiries.operations import register
from crm.establishments import operations
from crm.establishments.models import Establishment
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.operations import update_interaction
from crm.web.clock import today
from tests.support.factories import measure
from tests.support.pages import text_of


def html(page):
    return page.response.get_data(as_text=True)


def test_a_search_is_written_down_and_the_sites_are_told(pages, advisor, plan, make_site, seeker):
    good, small = make_site("Berger"), make_site("Heia", free_area=3_000)
    form = pages.get("/establishments/new", user=advisor)
    wrong = form.submit(area_from="mye", caller_name="Ola Nordmann", caller_phone="90 12 34 56", jobs="20")
    assert wrong.status == 422
    assert "Enter an area with its unit" in wrong.text
    assert wrong.fields()["area_from"] == ["mye"]
    page = wrong.submit(area_from="10 daa", power="", measure=str(measure(plan, "1.A.1").id)).follow()
    assert page.h1 == "Seeks a place: Ola Nordmann"
    text = page.text.replace("\u00a0", " ")
    assert "Enough free area: 50,000 m² (50 daa)" in text
    assert "Free area is short by 7,000 m² (7 daa)" in text
    assert text.index("Berger") < text.index("Cannot hold them") < text.index("Heia")
    assert 'href="tel:+4790123456"' in html(page)
    enquiry = db.session.scalars(select(Enquiry)).one()
    assert (enquiry.assignee_id, enquiry.status) == (advisor.id, "assigned")
    assert good.id != small.id


def test_nobody_is_no_caller(pages, advisor, plan):
    page = pages.get("/establishments/new", user=advisor).submit(area_from="10 daa")
    assert page.status == 422
    assert db.session.query(Enquiry).count() == 0


def test_what_the_caller_of_an_enquiry_needs_is_added(pages, advisor, plan):
    enquiry = register(actor=advisor, subject="Seeks a hall", caller_name="Ola")
    db.session.commit()
    page = (
        pages.get(f"/establishments/new?enquiry={enquiry.id}", user=advisor).submit(area_to="2 ha").follow()
    )
    assert page.h1 == "Seeks a hall"
    assert db.session.get(Establishment, enquiry.id).area_to == 20_000
    again = pages.get(f"/establishments/new?enquiry={enquiry.id}", user=advisor, status=302)
    assert again.location == f"/establishments/{enquiry.id}"
    pages.get("/establishments/new?enquiry=999999", user=advisor, status=404)


def test_from_the_proposal_to_the_company(pages, advisor, make_search, make_site, seeker, plan):
    search, site = make_search(), make_site()
    address = f"/establishments/{search.id}"
    page = pages.get(address, user=advisor)
    page = page.submit(f'form[action="{address}/propose"]', words="Nær E6").follow()
    assert "Nær E6" in page.text
    assert 'href="tel:+4791234567"' in html(page), "the developer's contact is one press away"
    proposal = db.session.get(Establishment, search.id).proposals[0]
    form = pages.get(f"{address}/proposals/{proposal.id}/introduce", user=advisor)
    assert form.fields()["measure"] == [str(measure(plan, "1.A.1").id)], "preset"
    assert 'href="mailto:kari@berger.no"' in html(form)
    assert form.submit(day="1.1.2999").status == 422
    page = form.submit(notes="Avtalte befaring").follow()
    logged = db.session.scalars(select(Interaction)).one()
    assert f'href="/interactions/{logged.id}"' in html(page)
    assert form.submit(notes="Avtalte befaring").status == 422, "sent twice, logged once"
    assert db.session.query(Interaction).count() == 1
    form = pages.get(f"{address}/establish", user=advisor)
    assert form.submit(established_on="").status == 422
    page = form.submit(site=str(site.id), jobs="40").follow()
    assert "Lageret AS" in page.text
    assert "40 jobs" in page.text
    assert "Seeks a place" in pages.get(f"/sites/{site.id}", user=advisor).text


def test_a_confidential_contact_is_not_led_to(pages, advisor, reader, make_search, make_site, in_english):
    search = make_search()
    proposal = operations.propose(search, actor=advisor, site_id=make_site().id)
    logged = operations.log_contact(
        proposal, actor=advisor, state="introduced", day=today(), measure_id=search.measure_id
    )
    update_interaction(logged, actor=advisor, version=None, confidential=True)
    db.session.commit()
    address = f"/establishments/{search.id}"
    assert f"/interactions/{logged.id}" not in html(pages.get(address, user=reader))
    assert f"/interactions/{logged.id}" in html(pages.get(address, user=advisor))


def test_two_who_edit_one_need_see_both_versions(pages, advisor, colleague, make_search):
    search = make_search()
    mine = pages.get(f"/establishments/{search.id}/edit", user=advisor)
    pages.get(f"/establishments/{search.id}/edit", user=colleague).submit(jobs="30")
    page = mine.submit(jobs="10")
    assert page.status == 422
    assert "30" in page.text
    assert page.submit().status == 302
    assert db.session.query(Establishment).one().jobs == 10


def test_the_measures_page_tells_what_came_of_it(
    pages, advisor, reader, make_search, make_site, seeker, plan
):
    make_search()
    search = make_search("Second")
    operations.establish(
        search,
        actor=advisor,
        organisation_id=seeker.id,
        site_id=None,
        established_on=today(),
        jobs=12,
    )
    db.session.commit()
    page = pages.get("/plan/measures/1.A.1", user=reader)
    figures = {one.get("href"): text_of(one).split() for one in page.all("#establishments .figure")}
    assert len(figures) == 3
    for address, words in figures.items():
        if "Jobs" in words:
            continue
        listed = pages.get(address, user=reader)
        assert len(listed.all("tbody tr")) == int(words[0]), address
    assert "12 Jobs" in page.text
    assert not pages.get("/plan/measures/1.A.2", user=reader).all("#establishments")


def test_the_number_of_each_stage_opens_its_rows(pages, reader, advisor, make_search):
    make_search("First")
    operations.give_up(make_search("Second"), actor=advisor)
    db.session.commit()
    page = pages.get("/establishments/", user=reader)
    for link in page.all(".figures a"):
        listed = pages.get(link.get("href"), user=reader)
        assert len(listed.all("tbody tr")) == int(text_of(link).split()[0])


def test_readers_change_nothing(pages, reader, make_search):
    search = make_search()
    for path in (
        "/establishments/new",
        f"/establishments/{search.id}/edit",
        f"/establishments/{search.id}/history",
    ):
        pages.get(path, user=reader, status=403)
    assert not pages.get(f"/establishments/{search.id}", user=reader).all("main form")


def test_many_cost_what_one_does(pages, reader, advisor, make_search, make_site):
    search = make_search()
    operations.propose(search, actor=advisor, site_id=make_site().id)
    db.session.commit()
    addresses = ("/establishments/", f"/establishments/{search.id}", "/plan/measures/1.A.1")
    before = [len(pages.get(one, user=reader).statements) for one in addresses]
    for number in range(12):
        make_search(f"Search {number}")
        operations.propose(search, actor=advisor, site_id=make_site(f"Site {number}").id)
    db.session.commit()
    assert [len(pages.get(one, user=reader).statements) for one in addresses] == before


def test_the_export_holds_the_rows_of_the_list(pages, manager, advisor, make_search):
    make_search("Ærlig lager")
    operations.give_up(make_search("Kontor"), actor=advisor)
    db.session.commit()
    answer = pages.get("/reports/establishments?format=csv&stage=seeking", user=manager)
    told = answer.response.get_data().decode("utf-8-sig")
    assert "Ærlig lager" in told
    assert "Kontor" not in told
    assert pages.get("/reports/establishments?format=xlsx", user=manager).response.data.startswith(b"PK")
