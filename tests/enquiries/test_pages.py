"""Enquiries through the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit.recording import record
from crm.database import now
from crm.enquiries import operations
from crm.enquiries.models import Enquiry
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.web.clock import today
from tests.support.factories import make_organisation, make_unit

FORM = "#enquiry-form"


def latest():
    return db.session.scalars(select(Enquiry).order_by(Enquiry.id.desc())).first()


def test_who_is_known_is_not_asked_for_twice(pages, first_line, company):
    """A telephone number that found them is theirs already; of somebody unknown it is all there is."""
    page = pages.get(f"/enquiries/new?organisation={company.id}&q=90360337", user=first_line)
    assert page.one("[name=caller_phone]").get("value") in {None, ""}
    page = pages.get("/enquiries/new?q=90360337", user=first_line)
    assert page.one("[name=caller_phone]").get("value") == "90360337"


def test_from_a_search_hit_it_takes_one_line_and_one_press(pages, first_line, advisor, company):
    company.account_manager = advisor
    recorded(company)
    page = pages.get(f"/enquiries/new?organisation={company.id}", user=first_line)
    assert "Aas & Sønn AS" in page.text
    assert "Proposed: Anne Rådgiver. Account manager" in page.text
    shown = page.submit(FORM, subject="Vi trenger større lokaler").follow()
    assert shown.h1 == "Vi trenger større lokaler"
    made = latest()
    assert (made.organisation, made.assignee, made.status, made.channel) == (
        company,
        advisor,
        "assigned",
        "phone",
    )
    assert "Anne Rådgiver answers" in shown.text


def recorded(thing):
    record(thing, actor=None)
    db.session.commit()


def test_an_unknown_caller_goes_to_the_queue_and_becomes_nobody(pages, first_line):
    page = pages.get("/enquiries/new?q=638 00 000", user=first_line)
    assert page.fields(FORM)["caller_phone"] == ["638 00 000"]
    assert "It goes to the queue." in page.text
    shown = page.submit(
        FORM, caller_name="Ola Nordmann", caller_organisation="Olas bod", subject="Torghandel"
    ).follow()
    made = latest()
    assert (made.status, made.assignee, made.caller_phone) == ("new", None, "+4763800000")
    assert "In the queue: nobody has taken it" in shown.text
    assert shown.one('.list a[href="tel:+4763800000"]') is not None
    assert db.session.scalar(select(func.count(Organisation.id))) == 0
    assert db.session.scalar(select(func.count(Contact.id))) == 0


def test_the_topic_is_understood_from_the_words_and_sets_the_deadline(pages, first_line, topic):
    page = pages.get("/enquiries/new", user=first_line)
    page.submit(FORM, caller_name="Ola", subject="Spørsmål om skjenking i sommer").follow()
    assert latest().topic == topic
    page.submit(
        FORM, caller_name="Per", subject="Om skjenking", topic="none", submission_key="another"
    ).follow()
    assert latest().topic is None


def test_another_one_may_be_chosen_than_the_one_proposed(pages, first_line, advisor, colleague, company):
    company.account_manager = advisor
    recorded(company)
    unit = make_unit("Plan og bygg")
    page = pages.get(f"/enquiries/new?organisation={company.id}", user=first_line)
    page.submit(FORM, subject="Et", to=f"user-{colleague.id}").follow()
    assert latest().assignee == colleague
    page.submit(FORM, subject="To", to=f"unit-{unit.id}", submission_key="b").follow()
    assert (latest().assignee, latest().unit) == (None, unit)
    refused = page.submit(FORM, subject="Tre", to="user-99999", submission_key="c")
    assert refused.status == 422
    assert "Choose somebody who handles enquiries" in refused.text


def test_what_is_missing_is_told_and_what_was_written_stays(pages, first_line):
    page = pages.get("/enquiries/new", user=first_line)
    refused = page.submit(FORM, subject="", caller_phone="12", caller_name="Åse")
    assert refused.status == 422
    assert refused.fields(FORM)["caller_name"] == ["Åse"]
    assert refused.fields(FORM)["caller_phone"] == ["12"]
    refused = page.submit(FORM, subject="Hei")
    assert "Choose who it is" in refused.text


def test_pressed_twice_it_is_made_once(pages, first_line):
    page = pages.get("/enquiries/new", user=first_line)
    first = page.submit(FORM, subject="Hei", caller_name="Ola")
    second = page.submit(FORM, subject="Hei", caller_name="Ola")
    assert first.location == second.location
    assert db.session.scalar(select(func.count(Enquiry.id))) == 1


def test_without_javascript_find_gives_the_form_back_with_hits(pages, first_line, company):
    page = pages.get("/enquiries/new", user=first_line)
    found = page.submit(FORM, subject="Lokaler", organisation_query="Aas", find="organisation")
    assert found.status == 200
    assert found.fields(FORM)["subject"] == ["Lokaler"]
    assert found.one(f'input[name=organisation][value="{company.id}"]') is not None


@pytest.mark.parametrize(
    "same",
    [
        {"caller_phone": "63800000"},
        {"caller_email": "ola@eksempel.no"},
        {"caller_name": "Ola Ukjent", "subject": "Mer om lokaler"},
    ],
)
def test_the_same_callers_enquiries_are_shown_while_typing(pages, first_line, ring, same):
    earlier = ring(caller_phone="63800000", caller_email="ola@eksempel.no", subject="Leter etter lokaler")
    page = pages.get("/enquiries/suggestions", user=first_line, query=same, headers={"HX-Request": "true"})
    assert page.texts("[name=add_to]") == ["Add to this one: Leter etter lokaler"]
    assert page.one("[name=add_to]").get("value") == str(earlier.id)


def test_others_and_old_ones_are_no_duplicates(pages, first_line, ring, company):
    ring(caller_phone="63800001", subject="Noe helt annet")
    old = ring(caller_phone="63800000", received_at=now() - timedelta(days=31))
    operations.close(old, actor=first_line, version=None, words="Ferdig")
    ring(organisation=make_organisation("En annen AS").id)
    db.session.commit()
    asked = {"caller_phone": "63800000", "organisation": company.id, "caller_name": "Ola Ukjent"}
    page = pages.get("/enquiries/suggestions", user=first_line, query=asked, headers={"HX-Request": "true"})
    assert not page.all("[name=add_to]")


def test_what_was_typed_is_added_to_the_one_that_there_is(pages, first_line, ring, company):
    earlier = ring(organisation=company.id)
    page = pages.get(f"/enquiries/new?organisation={company.id}", user=first_line)
    shown = page.submit(FORM, subject="Ringer igjen om lokaler", add_to=str(earlier.id)).follow()
    assert "Ringer igjen om lokaler" in shown.texts(".step-words")
    assert db.session.scalar(select(func.count(Enquiry.id))) == 1


def test_the_way_to_the_answer(pages, ring, advisor, colleague):
    enquiry = ring()
    page = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    page.submit(f'form[action="/enquiries/{enquiry.id}/take"]').follow()
    page = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    page = page.submit(f'form[action="/enquiries/{enquiry.id}/wait"]', words="Tegninger").follow()
    assert "Waiting for them" in page.text
    page = page.submit(f'form[action="/enquiries/{enquiry.id}/resume"]').follow()
    page = page.submit(
        f'form[action="/enquiries/{enquiry.id}/assign"]', to=f"user-{colleague.id}", words="Din"
    ).follow()
    assert "Handed to Bjørn Kollega" in page.text
    page = page.submit(f'form[action="/enquiries/{enquiry.id}/answer"]', answer="**Heia** har plass").follow()
    assert page.texts("#answer strong") == ["Heia"]
    page = page.submit(f'form[action="/enquiries/{enquiry.id}/close"]').follow()
    page = page.submit(f'form[action="/enquiries/{enquiry.id}/reopen"]', words="Galt").follow()
    assert "Opened again" in page.text


def test_a_refused_step_keeps_what_was_written_and_opens_its_form(pages, ring, advisor):
    enquiry = ring()
    page = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    refused = page.submit(f'form[action="/enquiries/{enquiry.id}/answer"]', answer=" ")
    assert refused.status == 422
    assert refused.one(f'details[open] form[action="/enquiries/{enquiry.id}/answer"]') is not None
    assert "Write in a few words what was answered" in refused.text


def test_of_two_who_take_it_the_second_is_told(pages, ring, advisor, colleague):
    enquiry = ring()
    take = f'form[action="/enquiries/{enquiry.id}/take"]'
    first = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    second = pages.get(f"/enquiries/{enquiry.id}", user=colleague)
    first.submit(take).follow()
    told = second.submit(take)
    assert told.status == 422
    assert "Somebody else has changed it meanwhile" in told.text
    assert db.session.get(Enquiry, enquiry.id).assignee == advisor


def test_two_who_edit_see_both_versions(pages, ring, advisor, colleague):
    enquiry = ring()
    first = pages.get(f"/enquiries/{enquiry.id}/edit", user=advisor)
    second = pages.get(f"/enquiries/{enquiry.id}/edit", user=colleague)
    first.submit(subject="Annes emne").follow()
    told = second.submit(subject="Bjørns emne")
    assert told.status == 422
    assert "Annes emne" in told.text
    told.submit().follow()
    assert db.session.get(Enquiry, enquiry.id).subject == "Bjørns emne"


def test_the_list_is_narrowed(pages, ring, advisor, first_line, topic):
    ring("Min", assignee=advisor.id)
    ring("I køen", channel="email")
    ring("Sen", assignee=first_line.id, received_at=now() - timedelta(days=20), topic=topic.id)
    ring("Enhetens", unit=advisor.unit_id)

    def listed(**query):
        return pages.get("/enquiries/", user=advisor, query=query).texts("tbody th a")

    assert listed() == ["Min"]
    assert set(listed(whose="unit")) == {"Min", "Enhetens"}
    assert set(listed(whose="queue")) == {"I køen", "Enhetens"}
    assert listed(whose="all", overdue="yes") == ["Sen"]
    assert listed(whose="all", channel="email") == ["I køen"]
    assert listed(whose="all", topic=topic.id) == ["Sen"]
    assert listed(whose="all")[0] == "Sen"  # the most urgent first
    assert listed(q="køen") == ["I køen"]
    assert listed(whose="all", status="closed") == []


def test_the_clock_is_told_in_words(pages, ring, advisor):
    late = ring("Sen", received_at=now() - timedelta(days=20))
    page = pages.get(f"/enquiries/{late.id}", user=advisor)
    assert "working days late" in page.texts(".enquiry-clock")[0]


def test_pages_of_others_show_theirs(pages, ring, advisor, company, person):
    ring("Deres", organisation=company.id, contact=person.id, assignee=advisor.id)
    part = {"HX-Request": "true"}
    for url in (
        f"/enquiries/of?organisation={company.id}",
        f"/enquiries/of?contact={person.id}",
        "/enquiries/mine",
    ):
        assert pages.get(url, user=advisor, headers=part).texts("a.entry-title") == ["Deres"]
        assert pages.get(url, user=advisor, status=302).location.startswith("/enquiries/")
    assert pages.get(f"/organisations/{company.id}", user=advisor).all('[hx-get^="/enquiries/of"]')
    assert pages.get(f"/contacts/{person.id}", user=advisor).all('[hx-get^="/enquiries/of"]')
    assert pages.get("/", user=advisor).all('[hx-get="/enquiries/mine"]')


def test_it_becomes_an_interaction_and_both_lead_to_each_other(pages, ring, advisor, company, person):
    enquiry = ring("Vil utvide", organisation=company.id, contact=person.id, text="Trenger 500 m²")
    page = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    form = page.submit(f'form[action="/enquiries/{enquiry.id}/interaction"]').follow()
    assert form.fields()["title"] == ["Vil utvide"]
    enquiry = db.session.get(Enquiry, enquiry.id)
    assert enquiry.interaction.contacts == [person]
    assert enquiry.status == "answered"
    shown = pages.get(f"/interactions/{enquiry.interaction_id}", user=advisor)
    assert shown.one(f'#enquiry a[href="/enquiries/{enquiry.id}"]') is not None
    back = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    assert back.one(f'a[href="/interactions/{enquiry.interaction_id}"]') is not None


def test_the_bin_and_back(pages, ring, advisor, reader):
    enquiry = ring("Feil nummer")
    page = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    page.submit(f'form[action="/enquiries/{enquiry.id}/bin"]').follow()
    pages.get(f"/enquiries/{enquiry.id}", user=reader, status=404)
    assert "Feil nummer" in pages.get("/bin", user=advisor).text
    pages.get(f"/enquiries/{enquiry.id}", user=advisor).submit(
        f'form[action="/enquiries/{enquiry.id}/restore"]'
    ).follow()
    assert not db.session.get(Enquiry, enquiry.id).is_binned


def test_readers_read_and_do_nothing(pages, ring, reader):
    enquiry = ring()
    page = pages.get(f"/enquiries/{enquiry.id}", user=reader)
    assert not page.all("main form")
    pages.get("/enquiries/new", user=reader, status=403)
    assert pages.get("/enquiries/", user=reader).texts("tbody th a") == [enquiry.subject]


def test_a_history_in_words(pages, ring, manager):
    enquiry = ring(due_on=today() + timedelta(days=3))
    operations.take(enquiry, actor=manager, version=None)
    db.session.commit()
    assert "Handed over" in pages.get(f"/enquiries/{enquiry.id}/history", user=manager).text


def test_the_export_holds_what_the_list_holds(pages, ring, advisor):
    ring("Min", assignee=advisor.id)
    ring("En annens")
    page = pages.get("/enquiries/", user=advisor)
    csv = page.one('a[href*="format=csv"]').get("href")
    lines = pages.get(csv, user=advisor).response.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert "Min" in lines[1]
    everything = pages.get(csv.replace("whose=mine", "whose=all"), user=advisor)
    assert len(everything.response.get_data(as_text=True).splitlines()) == 3
