"""What was taken in, mended later."""

from sqlalchemy import func, select, update

from crm.enquiries.models import Enquiry
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.responsibilities.models import Topic


def test_a_topic_that_is_no_longer_used_stays(pages, ring, advisor, topic):
    enquiry = ring(topic=topic.id)
    db.session.execute(update(Topic.__table__).values(is_retired=True))
    db.session.commit()
    page = pages.get(f"/enquiries/{enquiry.id}/edit", user=advisor)
    page.submit(subject="Nytt emne").follow()
    assert db.session.get(Enquiry, enquiry.id).topic == topic


def test_an_unknown_caller_is_put_on_the_organisation_that_it_was(pages, ring, advisor, company, person):
    enquiry = ring(caller_name="Kari")
    page = pages.get(f"/enquiries/{enquiry.id}/edit", user=advisor)
    found = page.submit(organisation_query="Aas", find="organisation")
    shown = found.submit(organisation=str(company.id), contact=str(person.id)).follow()
    assert shown.one(f'#caller a[href="/organisations/{company.id}"]') is not None
    assert shown.one(f'#caller a[href="/contacts/{person.id}"]') is not None


def test_pressed_twice_one_interaction_is_made(pages, ring, advisor):
    enquiry = ring(assignee=advisor.id)
    page = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    form = f'form[action="/enquiries/{enquiry.id}/interaction"]'
    first, second = page.submit(form), page.submit(form)
    assert first.location.removesuffix("/edit") == second.location
    assert db.session.scalar(select(func.count(Interaction.id))) == 1


def test_the_page_of_what_is_planned_fetches_its_enquiry_afterwards(pages, ring, advisor):
    enquiry = ring(assignee=advisor.id)
    pages.get(f"/enquiries/{enquiry.id}", user=advisor).submit(
        f'form[action="/enquiries/{enquiry.id}/interaction"]'
    )
    interaction = db.session.get(Enquiry, enquiry.id).interaction_id
    part = pages.get(f"/enquiries/of?interaction={interaction}", user=advisor, headers={"HX-Request": "true"})
    assert part.texts("#enquiry a") == [enquiry.subject]
