from datetime import timedelta

import pytest

from crm.extensions import db
from crm.interactions.models import FollowUp
from crm.web.clock import today
from tests.support.factories import (
    make_contact,
    make_follow_up,
    make_interaction,
    make_organisation,
    make_unit,
    make_user,
    measure,
)


@pytest.fixture
def visit(advisor, company, person, plan):
    return make_interaction(
        title="På besøk",
        advisors=[advisor],
        organisations=[company],
        contacts=[person],
        measures=[measure(plan, "1.A.1")],
        notes="## Om dem\n\nDe vokser.",
    )


def test_a_page_shows_all_there_is(pages, visit, reader, company, person):
    page = pages.get(f"/interactions/{visit.id}", user=reader)
    assert page.h1 == "På besøk"
    for words in (
        "Aas & Sønn AS",
        "Kari Aas",
        "Daglig leder",
        "1.A.1",
        "Merkelapp 1A1",
        "Anne Rådgiver",
        "De vokser.",
        "Held",
    ):
        assert words in page.text
    assert not page.all("main form")
    assert f"/organisations/{company.id}" in [a.get("href") for a in page.all("main a")]


def test_a_page_that_is_not_there(pages, reader):
    pages.get("/interactions/987654", user=reader, status=404)
    pages.get("/interactions/99999999999999", user=reader, status=404)


def test_a_page_costs_the_same_however_much_there_is(pages, visit, advisor, plan, company):
    before = len(pages.get(f"/interactions/{visit.id}", user=advisor).statements)
    full = make_interaction(
        advisors=[make_user(unit_id=make_unit().id) for _ in range(5)],
        organisations=[make_organisation() for _ in range(5)],
        contacts=[make_contact(at=company) for _ in range(5)],
        measures=[measure(plan, code) for code in ("1.A.1", "1.A.2", "1.B.1", "1.B.2")],
    )
    for _ in range(3):
        make_follow_up(owner=advisor, interaction=full)
    assert len(pages.get(f"/interactions/{full.id}", user=advisor).statements) <= before


def test_planned_is_held_with_one_button_when_it_has_what_it_needs(pages, advisor, company, plan):
    planned = make_interaction(
        status="planned",
        starts_on=today(),
        advisors=[advisor],
        organisations=[company],
        measures=[measure(plan, "1.A.1")],
    )
    page = pages.get(f"/interactions/{planned.id}", user=advisor)
    assert "Did it take place?" in page.text
    forms = [f for f in page.all("main form") if f.get("action", "").endswith("/status")]
    assert len(forms) == 3
    answer = pages.post(
        f"/interactions/{planned.id}/status", csrf(page) | {"status": "held", "version": "1"}, user=advisor
    )
    assert answer.status == 302
    assert planned.status == "held"


def csrf(page):
    return {"csrf_token": page.all("input[name=csrf_token]")[0].get("value")}


def test_held_without_a_measure_leads_to_the_form_that_says_so(pages, advisor, company, plan):
    planned = make_interaction(
        status="planned", starts_on=today(), advisors=[advisor], organisations=[company], notes="Står"
    )
    page = pages.get(f"/interactions/{planned.id}", user=advisor)
    answer = pages.post(
        f"/interactions/{planned.id}/status", csrf(page) | {"status": "held", "version": "1"}, user=advisor
    )
    assert answer.status == 422
    assert "at least one measure" in answer.text
    saved = answer.submit("#log-form", status="held", measure=[str(measure(plan, "1.A.1").id)])
    assert saved.status == 302
    assert (planned.status, planned.notes) == ("held", "Står")


def test_cancelled_and_planned_again(pages, advisor, company):
    planned = make_interaction(status="planned", advisors=[advisor], organisations=[company])
    address = f"/interactions/{planned.id}"
    page = pages.get(address, user=advisor)
    pages.post(f"{address}/status", csrf(page) | {"status": "cancelled", "version": "1"}, user=advisor)
    assert planned.status == "cancelled"
    stale = pages.post(f"{address}/status", csrf(page) | {"status": "held", "version": "1"}, user=advisor)
    assert "Somebody else has changed it" in stale.follow().text
    pages.post(f"{address}/status", csrf(page) | {"status": "planned", "version": "2"}, user=advisor)
    assert planned.status == "planned"
    assert pages.post(f"{address}/status", csrf(page) | {"status": "draft"}, user=advisor).status == 400


def test_bin_and_restore(pages, visit, advisor, reader, colleague):
    address = f"/interactions/{visit.id}"
    page = pages.get(address, user=advisor)
    pages.post(f"{address}/bin", csrf(page), user=advisor)
    assert visit.is_binned
    pages.get(address, user=reader, status=404)
    binned = pages.get(address, user=advisor)
    assert "in the bin" in binned.text
    assert "På besøk" in pages.get("/bin", user=advisor).text
    assert "På besøk" not in pages.get("/interactions/", user=advisor).text
    assert pages.get(f"{address}/edit", user=advisor, status=302).location == address
    assert pages.post(f"{address}/restore", csrf(pages.get("/", user=colleague)), user=colleague).status in {
        403,
        404,
    }
    pages.post(f"{address}/restore", csrf(binned), user=advisor)
    assert not visit.is_binned


def test_history_for_those_who_may(pages, visit, advisor, manager):
    page = pages.get(f"/interactions/{visit.id}/edit", user=advisor)
    page.submit("#log-form", status="held", title="Nytt navn", follow_up_text="Ringe Kari")
    pages.get(f"/interactions/{visit.id}/history", user=advisor, status=403)
    text = pages.get(f"/interactions/{visit.id}/history", user=manager).text
    for words in ("Anne Rådgiver", "På besøk", "Nytt navn", "Ringe Kari", "Created", "Aas & Sønn AS"):
        assert words in text


# --- The list ----------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_its_address(pages, visit, reader, company):
    make_interaction(title="Et møte", kind="meeting")
    assert len(pages.get("/interactions/", user=reader).all("tbody tr")) == 2
    page = pages.get(f"/interactions/?organisation={company.id}&status=held&q=besøk", user=reader)
    assert page.texts("tbody th") == ["På besøk"]
    assert "Organisation: Aas & Sønn AS" in page.text
    again = page.submit(".filter-bar", kind="meeting")
    assert again.response.request.args.to_dict()["organisation"] == str(company.id)
    assert "No interaction matches" in again.text


def test_the_report_s_link_finds_what_it_counts(pages, visit, reader, plan):
    page = pages.get(
        f"/interactions/?status=held&measure=1.A.1&plan={plan.id}&from={today().year}-01-01&to={today()}",
        user=reader,
    )
    assert page.texts("tbody th") == ["På besøk"]
    assert page.one("select[name=measure] option[selected]").get("value") == "1.A.1"


def test_a_wrong_address_is_told(pages, reader, visit):
    page = pages.get("/interactions/?kind=seance&from=31.02.2026", user=reader, status=400)
    assert "could not be understood" in page.text
    pages.get("/interactions/?cursor=tull", user=reader, status=400)


def test_the_list_costs_the_same_for_one_and_for_many(pages, visit, reader, company, plan):
    before = len(pages.get(f"/interactions/?organisation={company.id}", user=reader).statements)
    for _ in range(12):
        make_interaction(organisations=[company], measures=[measure(plan, "1.A.2")])
    page = pages.get(f"/interactions/?organisation={company.id}", user=reader)
    assert len(page.statements) == before <= 8
    assert len(page.all("tbody tr")) == 13


def test_an_empty_list_offers_the_next_step(pages, advisor, reader):
    assert "Log the first visit" in pages.get("/interactions/", user=advisor).text
    assert "Log the first visit" not in pages.get("/interactions/", user=reader).text


# --- Panels ------------------------------------------------------------------------------------------------------------


def test_the_organisation_s_page_has_its_timeline_and_open_follow_ups(pages, visit, advisor, company, person):
    make_interaction(title="Kommer", status="planned", organisations=[company], advisors=[advisor])
    make_interaction(title="Avlyst sak", status="cancelled", organisations=[company], advisors=[advisor])
    make_follow_up("Sende kart", owner=advisor, interaction=visit, organisation=company)
    page = pages.get(f"/organisations/{company.id}", user=advisor)
    assert page.texts(".timeline-title") == ["Kommer", "På besøk"]
    assert "Sende kart" in page.text
    contact = pages.get(f"/contacts/{person.id}", user=advisor)
    assert contact.texts(".timeline-title") == ["På besøk"]


def test_a_long_timeline_leads_to_all(pages, advisor, company):
    for _ in range(22):
        make_interaction(organisations=[company], advisors=[advisor])
    page = pages.get(f"/organisations/{company.id}", user=advisor)
    assert len(page.all(".timeline-entry")) == 20
    assert "Show all 22" in page.text


# --- Follow-ups ----------------------------------------------------------------------------------------------------------


def test_follow_ups_are_done_and_opened_again(pages, advisor, colleague, visit):
    one = make_follow_up("Ringe Kari", owner=advisor, interaction=visit, due_on=today() - timedelta(days=1))
    page = pages.get("/follow-ups/", user=advisor)
    assert "Overdue" in page.text
    assert page.submit("main form.post-button").location.startswith("/follow-ups/")
    assert one.done_at is not None
    assert "Nothing to follow up" in pages.get("/follow-ups/", user=advisor).text
    done = pages.get("/follow-ups/?state=done", user=advisor)
    done.submit("main form.post-button")
    assert one.done_at is None
    assert "Ringe Kari" not in pages.get("/follow-ups/", user=colleague).text
    everybody = pages.get("/follow-ups/?owner=all", user=colleague)
    assert "Ringe Kari" in everybody.text
    assert not everybody.all("main form.post-button")
    assert pages.post(f"/follow-ups/{one.id}/done", csrf(everybody), user=colleague).status == 403


def test_a_follow_up_is_handed_on(pages, advisor, colleague):
    one = make_follow_up("Ringe", owner=advisor)
    page = pages.get(f"/follow-ups/{one.id}/edit", user=advisor)
    refused = page.submit(text="", due_on="1.1.2020")
    assert refused.status == 422
    assert refused.texts(".error-summary li") == [
        "Enter what was promised",
        "1 Jan 2020 has passed. Choose today or a later date",
    ]
    saved = refused.submit(text="Ringe i dag", due_on=today().isoformat(), owner=str(colleague.id))
    assert saved.status == 302
    assert (one.text, one.owner_id) == ("Ringe i dag", colleague.id)
    assert page.submit(text="Noe annet").status == 403


def test_two_who_change_one_follow_up_see_both_versions(pages, advisor, manager):
    one = make_follow_up("Ringe", owner=advisor)
    hers, his = (pages.get(f"/follow-ups/{one.id}/edit", user=user) for user in (advisor, manager))
    assert hers.submit(text="Ringe i dag").status == 302
    late = his.submit(text="Ringe i morgen")
    assert late.status == 422
    assert late.texts(".conflict td") == ["Ringe i dag", "Ringe i morgen"]
    assert late.submit().status == 302
    assert one.text == "Ringe i morgen"


def test_a_follow_up_is_added_on_the_page(pages, visit, advisor):
    page = pages.get(f"/interactions/{visit.id}", user=advisor)
    form = f"form[action='/interactions/{visit.id}/follow-ups']"
    assert page.submit(form, text="").status == 422
    answer = page.submit(form, text="Sende tegninger")
    assert answer.location == f"/interactions/{visit.id}#follow-ups"
    assert db.session.query(FollowUp).one().organisation_id == visit.organisations[0].id


def test_follow_ups_cost_the_same_for_one_and_for_many(pages, advisor, visit):
    make_follow_up(owner=advisor, interaction=visit)
    before = len(pages.get("/follow-ups/", user=advisor).statements)
    for _ in range(12):
        make_follow_up(
            owner=advisor, interaction=make_interaction(advisors=[advisor]), organisation=make_organisation()
        )
    assert len(pages.get("/follow-ups/", user=advisor).statements) == before <= 8


# --- My day --------------------------------------------------------------------------------------------------------------


def test_my_day_holds_what_waits(pages, advisor, visit):
    make_interaction(title="I dag", status="planned", starts_on=today(), advisors=[advisor])
    make_interaction(
        title="Snart", status="planned", starts_on=today() + timedelta(days=3), advisors=[advisor]
    )
    make_interaction(
        title="Passert", status="planned", starts_on=today() - timedelta(days=3), advisors=[advisor]
    )
    make_interaction(
        title="Langt fram", status="planned", starts_on=today() + timedelta(days=60), advisors=[advisor]
    )
    make_interaction(title="Annens", status="planned", starts_on=today())
    make_interaction(title="Uferdig", status="draft", author=advisor)
    make_follow_up("Nå", owner=advisor, due_on=today())
    make_follow_up("Senere", owner=advisor, due_on=today() + timedelta(days=30))
    page = pages.get("/", user=advisor)

    def part(name):
        return page.texts(f"#{name} .entry-title")

    assert part("today") == ["I dag"]
    assert part("coming") == ["Snart"]
    assert part("passed") == ["Passert"]
    assert part("drafts") == ["Uferdig"]
    assert part("mine") == ["På besøk"]
    assert part("follow-ups") == ["Nå"]
    assert page.all("a[href='/interactions/new']")
    assert "Annens" not in page.text
    assert "Langt fram" not in page.text


def test_an_empty_day_is_friendly(pages, advisor):
    page = pages.get("/", user=advisor)
    assert "Nothing is planned today" in page.text
    assert "Nothing has been logged yet" in page.text


def test_managers_see_the_year_s_number(pages, manager, visit):
    page = pages.get("/", user=manager)
    assert "1 interaction held this year" in page.text
    link = next(a.get("href") for a in page.all("main a") if "status=held" in a.get("href"))
    assert pages.get(link, user=manager).texts("tbody th") == ["På besøk"]


def test_readers_see_the_office_s_latest(pages, reader, visit):
    page = pages.get("/", user=reader)
    assert "På besøk" in page.text
    assert not page.all("a[href='/interactions/new']")


def test_my_day_costs_the_same_for_little_and_for_much(pages, advisor, visit, company):
    make_interaction(status="planned", starts_on=today(), advisors=[advisor])
    make_follow_up(owner=advisor, interaction=visit)
    before = len(pages.get("/", user=advisor).statements)
    for n in range(8):
        make_interaction(
            status="planned",
            starts_on=today() + timedelta(days=n),
            advisors=[advisor],
            organisations=[company],
        )
        make_follow_up(owner=advisor, interaction=make_interaction(advisors=[advisor]))
    assert len(pages.get("/", user=advisor).statements) == before <= 8
