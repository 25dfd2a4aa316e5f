"""The pages: list, form, the next year, activities; and what other pages show."""

from datetime import date

import pytest

from crm.collaborations.models import Collaboration
from crm.collaborations.operations import add_activities
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.web.clock import today
from tests.collaborations.conftest import THIS_YEAR
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    measure,
)

FORM = "#collaboration-form"


@pytest.fixture
def reader(app):
    return make_user("reader", language="en")


@pytest.fixture
def advisor(app):
    return make_user(name="Kari Nes", language="en")


def number_of(model):
    return db.session.query(model).count()


def test_a_new_one_is_written_down(pages, advisor, oslomet, plan):
    page = pages.get(f"/collaborations/new?organisation={oslomet.id}", user=advisor)
    saved = page.submit(
        FORM,
        year="2025",
        stage="ongoing",
        date="3.2.2025",
        aim="Bedre byer",
        measure=measure(plan, "1.A.1").id,
    )
    shown = saved.follow()
    assert shown.h1 == "University collaboration: OsloMet 2025"
    assert "Initiated 3 Feb 2025. It counts once, in 2025." in shown.text
    assert "Bedre byer" in shown.text
    assert (
        pages.get("/interactions/", user=advisor).one("tbody tr a").get("href").startswith("/interactions/")
    )


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(pages, advisor, oslomet):
    page = pages.get("/collaborations/new", user=advisor)
    refused = page.submit(FORM, year="2025", stage="ongoing", aim="Bedre byer", organisation=str(oslomet.id))
    assert refused.status == 422
    assert refused.all(".error-summary a[href='#date']") or refused.all(".error-summary a[href='#starts_on']")
    fields = refused.fields(FORM)
    assert (fields["aim"], fields["organisation"], fields["stage"]) == (
        ["Bedre byer"],
        [str(oslomet.id)],
        ["ongoing"],
    )
    assert number_of(Interaction) == 0


def test_one_form_sent_twice_makes_one_and_a_change_in_between_is_asked_about(pages, advisor, oslomet):
    page = pages.get(f"/collaborations/new?organisation={oslomet.id}", user=advisor)
    first, again = (page.submit(FORM, aim="Bedre byer") for _ in range(2))
    assert first.location == again.location
    assert number_of(Collaboration) == 1
    changed = page.submit(FORM, aim="Enda bedre byer")
    assert changed.status == 422
    assert "Bedre byer" in changed.one(".conflict").xpath("string()")
    assert "Enda bedre byer" in changed.submit(FORM).follow().text
    assert number_of(Collaboration) == 1


def test_the_second_to_save_sees_both_versions(pages, advisor, make):
    made = make()
    page = pages.get(f"/collaborations/{made.id}/edit", user=advisor)
    other = pages.get(f"/collaborations/{made.id}/edit", user=make_user("manager", language="en"))
    assert other.submit(FORM, result="Den ene").status == 302
    refused = page.submit(FORM, result="Den andre", stage="completed")
    assert refused.status == 422
    assert "Den ene" in refused.one(".conflict").xpath("string()")
    assert refused.fields(FORM)["result"] == ["Den andre"]
    assert "Den andre" in refused.submit(FORM).follow().text


def test_next_year_is_filled_in_from_this_year(pages, advisor, make, plan):
    lead = make_user(name="Ola Vik")
    before = make(THIS_YEAR, lead_id=lead.id, title=f"Smart by {THIS_YEAR}", result="Ti studenter")
    page = pages.get(f"/collaborations/{before.id}", user=advisor)
    assert f"Continue in {THIS_YEAR + 1}" in page.text
    form = pages.get(f"/collaborations/{before.id}/continue", user=advisor)
    assert form.h1 == f"Continue in {THIS_YEAR + 1}"
    sent = form.fields(FORM)
    assert sent["year"] == [str(THIS_YEAR + 1)]
    assert sent["stage"] == ["idea"]
    assert sent["lead"] == [str(lead.id)]
    assert sent["measure"] == [str(measure(plan, "1.A.1").id)]
    assert (sent["aim"], sent["result"]) == (["Studenter i bedrifter"], [""])
    assert number_of(Collaboration) == 1, "nothing is made before it is saved"
    after = form.submit(FORM, aim="Flere studenter").follow()
    assert after.h1 == f"Smart by {THIS_YEAR + 1}"
    assert [f"/collaborations/{before.id}"] == [a.get("href") for a in after.all("#years a")]
    assert "Continue in" not in pages.get(f"/collaborations/{before.id}", user=advisor).text


def test_who_comes_second_is_led_to_what_the_first_made(pages, advisor, make):
    before = make()
    colleague = make_user(language="en")
    forms = [pages.get(f"/collaborations/{before.id}/continue", user=user) for user in (advisor, colleague)]
    made = forms[0].submit(FORM)
    refused = forms[1].submit(FORM, aim="Mitt eget")
    assert refused.status == 422
    assert made.location in [a.get("href") for a in refused.all(".error-summary a")]
    assert refused.fields(FORM)["aim"] == ["Mitt eget"]
    led = pages.get(f"/collaborations/{before.id}/continue", user=colleague, status=302)
    assert led.location == made.location
    assert number_of(Collaboration) == 2


def test_measures_of_the_next_plan_continue_those_of_the_last(pages, advisor, make, plan):
    later = make_plan(date(THIS_YEAR + 2, 1, 1), date(THIS_YEAR + 5, 12, 31))
    follower = measure(later, "1.A.2")
    follower.continues_id = measure(plan, "1.A.1").id
    from tests.support.factories import saved

    saved(follower)
    before = make(THIS_YEAR + 1, "idea")
    form = pages.get(f"/collaborations/{before.id}/continue", user=advisor)
    assert form.fields(FORM)["measure"] == [str(follower.id)]


def test_a_measure_that_nothing_continues_is_told(pages, advisor, make):
    make_plan(date(THIS_YEAR + 2, 1, 1), date(THIS_YEAR + 5, 12, 31))
    before = make(THIS_YEAR + 1, "idea")
    form = pages.get(f"/collaborations/{before.id}/continue", user=advisor)
    assert "measure" not in form.fields(FORM) or not form.fields(FORM)["measure"]
    assert "1.A.1 is of another plan" in form.text


def test_the_whole_chain_is_shown_and_what_is_secret_only_counted(pages, advisor, reader, make):
    first = make(THIS_YEAR - 1, "completed")
    middle = make(THIS_YEAR, "ongoing", continues_id=first.id, confidential=True, title="Hemmelig")
    last = make(THIS_YEAR + 1, "idea", continues_id=middle.id)
    for one in (first, last):
        page = pages.get(f"/collaborations/{one.id}", user=advisor)
        assert len(page.all("#years li .entry-title")) == 3
    page = pages.get(f"/collaborations/{last.id}", user=reader)
    assert len(page.all("#years li .entry-title")) == 3
    assert "1 confidential interaction" in page.text
    assert "Hemmelig" not in page.text
    pages.get(f"/collaborations/{middle.id}", user=reader, status=403)
    pages.get(f"/collaborations/{middle.id}", user=advisor).submit("form[action$='/bin']")
    page = pages.get(f"/collaborations/{last.id}", user=advisor)
    assert [a.get("href") for a in page.all("#years a")] == [f"/collaborations/{first.id}"]


def test_the_bin_and_back(pages, advisor, make):
    made = make()
    page = pages.get(f"/collaborations/{made.id}", user=advisor)
    gone = pages.get(
        page.submit("form[action$='/bin']").location.replace("interactions", "collaborations"), user=advisor
    )
    assert "is in the bin" in gone.text
    assert "OsloMet" not in pages.get("/collaborations/", user=advisor).one("main").xpath("string()")
    assert pages.get(f"/collaborations/{made.id}/edit", user=advisor, status=302)
    gone.submit("form[action$='/restore']")
    back = pages.get(f"/collaborations/{made.id}", user=advisor)
    assert not back.all("form[action$='/restore']")


def test_its_own_address_as_interaction_leads_to_its_page(pages, advisor, make):
    made = make()
    for path in (f"/interactions/{made.id}", f"/interactions/{made.id}/edit"):
        assert pages.get(path, user=advisor, status=302).location == f"/collaborations/{made.id}"
    pages.get(f"/collaborations/{make_interaction().id}", user=advisor, status=404)
    pages.get("/collaborations/2000000", user=advisor, status=404)


def test_something_is_promised_on_its_page(pages, advisor, make):
    made = make()
    page = pages.get(f"/collaborations/{made.id}", user=advisor)
    kept = page.submit(f"form[action='/interactions/{made.id}/follow-ups']", text="Sende avtalen")
    assert kept.location == f"/interactions/{made.id}#follow-ups"
    assert "Sende avtalen" in pages.get(f"/collaborations/{made.id}", user=advisor).one("#follow-ups").xpath(
        "string()"
    )


def test_an_idea_is_no_draft_to_finish(pages, advisor, make):
    make(stage="idea", title="En ide")
    assert "En ide" not in pages.get("/", user=advisor).text


def test_the_list_is_narrowed_by_year_stage_words_and_partner(pages, advisor, make, oslomet):
    uio = make_organisation("UiO", kind="university")
    make(title="Smart by i fjor", stage="completed")
    make(THIS_YEAR, title="Helse", organisation_ids=[uio.id])
    make(THIS_YEAR + 1, "idea", title="Smart by neste år")

    def titles(query=""):
        return pages.get(f"/collaborations/{query}", user=advisor).texts("tbody th a")

    assert titles() == ["Smart by neste år", "Helse", "Smart by i fjor"]
    assert titles(f"?year={THIS_YEAR}") == ["Helse"]
    assert titles("?stage=completed") == ["Smart by i fjor"]
    assert titles("?q=smart") == ["Smart by neste år", "Smart by i fjor"]
    assert titles(f"?organisation={uio.id}") == ["Helse"]
    assert titles(f"?q=smart&year={THIS_YEAR}") == []
    page = pages.get("/collaborations/?year=0&stage=ferdig&organisation=x", user=advisor, status=400)
    assert "could not be understood" in page.text


def test_confidential_ones_are_counted_in_the_list_but_not_shown(pages, reader, make, oslomet):
    make()
    make(THIS_YEAR, confidential=True, title="Hemmelig")
    latest = f"/collaborations/latest?organisation={oslomet.id}"
    for path, headers in (("/collaborations/", {}), (latest, {"HX-Request": "true"})):
        page = pages.get(path, user=reader, headers=headers)
        assert "1 confidential interaction" in page.text
        assert "Hemmelig" not in page.text
    assert "confidential" not in pages.get("/collaborations/?q=hemmelig", user=reader).one("main").xpath(
        "string()"
    )


def test_activities_are_chosen_among_the_partners_interactions_of_the_year(pages, advisor, make, oslomet):
    made = make(THIS_YEAR)
    day = {"starts_on": date(THIS_YEAR, 1, 5)}
    mine = make_interaction(title="Møte om studenter", organisations=[oslomet], **day)
    make_interaction(title="Et annet år", organisations=[oslomet], starts_on=date(THIS_YEAR - 1, 6, 1))
    make_interaction(title="En annen bedrift", **day)
    secret = make_interaction(title="Hemmelig", organisations=[oslomet], confidential=True, **day)
    page = pages.get(f"/collaborations/{made.id}/activities", user=advisor)
    assert page.texts("main label b") == ["Møte om studenter"]
    shown = page.submit(activity=str(mine.id)).follow()
    assert shown.texts("#activities .entry-title a") == ["Møte om studenter"]
    assert "Nothing to add" in pages.get(f"/collaborations/{made.id}/activities", user=advisor).text
    add_activities(made, actor=make_user("manager"), interaction_ids=[secret.id])
    db.session.commit()
    shown = pages.get(f"/collaborations/{made.id}", user=advisor)
    assert "1 confidential interaction" in shown.text
    assert "Hemmelig" not in shown.text
    remove = f"form[action='/collaborations/{made.id}/activities/remove']"
    assert "does not belong" in shown.submit(remove, activity=str(secret.id)).follow().text
    gone = shown.submit(remove).follow()
    assert not gone.all("#activities .entry-title a")


def test_who_takes_no_part_reads_but_does_not_change(pages, make, reader):
    made = make()
    page = pages.get(f"/collaborations/{made.id}", user=reader)
    assert not page.all("main form")
    assert "Continue in" not in page.text
    stranger = make_user(language="en")
    pages.get(f"/collaborations/{made.id}/edit", user=stranger, status=403)
    pages.get(f"/collaborations/{made.id}/activities", user=stranger, status=403)
    page = pages.get(f"/collaborations/{made.id}", user=stranger)
    token = page.all("input[name=csrf_token]")[0].get("value")
    path = f"/collaborations/{made.id}/activities/remove"
    assert pages.post(path, {"activity": 1, "csrf_token": token}, user=stranger).status == 403


def test_without_javascript_a_partner_is_found_and_the_form_kept(pages, advisor, oslomet, plan):
    contact = make_contact("Per", "Aas", at=oslomet)
    page = pages.get("/collaborations/new", user=advisor)
    found = page.submit(FORM, organisation_query="oslom", find="organisation", aim="Bedre byer")
    assert "OsloMet University or college" in found.texts(".combobox label")
    found = found.submit(FORM, organisation=str(oslomet.id), contact_query="per", find="contact")
    assert found.all(f"input[name=contact][value='{contact.id}']")
    assert found.fields(FORM)["aim"] == ["Bedre byer"]


def test_its_history_tells_of_it_and_of_its_interaction(pages, make, advisor, oslomet):
    made = make(THIS_YEAR)
    add_activities(
        made, actor=advisor, interaction_ids=[make_interaction(title="Møtet", organisations=[oslomet]).id]
    )
    db.session.commit()
    page = pages.get(f"/collaborations/{made.id}/history", user=make_user("manager", language="en"))
    for words in ("Studenter i bedrifter", "Ongoing", "Møtet", "University collaboration"):
        assert words in page.text


def test_a_university_page_leads_to_its_collaborations(pages, make, advisor, oslomet):
    make(THIS_YEAR)
    page = pages.get(f"/organisations/{oslomet.id}", user=advisor)
    listed = f"/collaborations/?organisation={oslomet.id}"
    assert page.one("#collaborations .section-link").get("href") == listed
    latest = page.one("#collaborations [hx-get]").get("hx-get")
    part = pages.get(latest, user=advisor, headers={"HX-Request": "true"})
    assert part.texts("li a") == [f"OsloMet {THIS_YEAR}"]
    assert pages.get(latest, user=advisor, status=302).location == listed
    company = make_organisation()
    assert not pages.get(f"/organisations/{company.id}", user=advisor).all("#collaborations")


def test_many_rows_cost_as_many_statements_as_one(pages, make, advisor):
    made = [make(THIS_YEAR)]
    visits = [make_interaction(organisations=made[0].interaction.organisations) for _ in range(12)]
    paths = ["/collaborations/", f"/collaborations/{made[0].id}", f"/collaborations/{made[0].id}/activities"]
    few = [len(pages.get(path, user=advisor).statements) for path in paths]
    made += [make(THIS_YEAR, title=f"Nr {n}") for n in range(8)]
    add_activities(made[0], actor=advisor, interaction_ids=[visit.id for visit in visits[:6]])
    db.session.commit()
    many = [len(pages.get(path, user=advisor).statements) for path in paths]
    assert max(many) <= 8
    assert [n - m for n, m in zip(many, few, strict=True)] in ([0, 0, 0], [0, 1, 0])
    assert today().year == THIS_YEAR
