from datetime import date

import pytest

from crm.enquiries.operations import register
from crm.establishments.operations import begin_search
from crm.extensions import db
from crm.sites.operations import create_site
from crm.web.clock import today
from tests.support.factories import make_contact, make_organisation, make_plan, make_user, measure


@pytest.fixture
def in_english(app, isolation):
    """For what speaks the reader's language outside a page."""
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


@pytest.fixture
def advisor(app, isolation):
    return make_user(name="Anne Rådgiver", language="en")


@pytest.fixture
def colleague(app, isolation):
    return make_user(name="Bjørn Kollega", language="en")


@pytest.fixture
def reader(app, isolation):
    return make_user("reader", name="Rolf Leser", language="en")


@pytest.fixture
def manager(app, isolation):
    return make_user("manager", name="Marit Leder", language="en")


@pytest.fixture
def plan(app, isolation):
    return make_plan(date(today().year - 3, 1, 1), date(today().year + 3, 12, 31), title="Plan nå")


@pytest.fixture
def developer(app, isolation):
    return make_organisation("Berger Næringsutvikling AS", kind="developer")


@pytest.fixture
def person(developer):
    return make_contact("Kari", "Aas", at=developer, phone="+4791234567", email="kari@berger.no")


@pytest.fixture
def seeker(app, isolation):
    return make_organisation("Lageret AS")


@pytest.fixture
def make_site(advisor, developer, person):
    """A site with all that somebody may ask for."""

    def make(name="Berger", **values):
        given = {
            "developer_id": developer.id,
            "contact_id": person.id,
            "free_area": 50_000,
            "regulation": "ready",
            "premises": ["plot"],
        }
        made = create_site(actor=advisor, name=name, **given | values)
        db.session.commit()
        return made

    return make


@pytest.fixture
def make_search(advisor, plan, seeker):
    """A search of the seeker's for 10 to 20 decares, under 1.A.1."""

    def make(subject="Seeks a place", received_at=None, **need):
        enquiry = register(
            actor=advisor,
            subject=subject,
            organisation=seeker.id,
            assignee=advisor.id,
            received_at=received_at,
        )
        given = {"area_from": 10_000, "area_to": 20_000, "measure_id": measure(plan, "1.A.1").id}
        made = begin_search(enquiry, actor=advisor, **given | need)
        db.session.commit()
        return made

    return make
