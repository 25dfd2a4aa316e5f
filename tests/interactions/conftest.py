import pytest
from sqlalchemy import select

from crm.audit.models import AuditEvent
from crm.extensions import db
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
def manager(app, isolation):
    return make_user("manager", name="Marit Leder", language="en")


@pytest.fixture
def reader(app, isolation):
    return make_user("reader", name="Rolf Leser", language="en")


@pytest.fixture
def plan(app, isolation):
    return make_plan(title="Plan nå")


@pytest.fixture
def tag(plan):
    """The id of one of the plan's measures."""
    return measure(plan, "1.A.1").id


@pytest.fixture
def company(app, isolation):
    return make_organisation("Aas & Sønn AS")


@pytest.fixture
def person(company):
    return make_contact("Kari", "Aas", at=company, title="Daglig leder", primary=True)


@pytest.fixture
def events(app):
    """The audit log of a record, oldest first."""

    def found(record):
        of_it = (AuditEvent.subject_type == type(record).__name__, AuditEvent.subject_id == record.id)
        return db.session.scalars(select(AuditEvent).where(*of_it).order_by(AuditEvent.id)).all()

    return found
