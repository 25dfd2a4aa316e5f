import pytest
from sqlalchemy import select

from crm.audit.models import AuditEvent
from crm.extensions import db
from tests.support.factories import make_user


@pytest.fixture
def actor(app):
    return make_user()


@pytest.fixture
def in_request(app, isolation):
    """For what speaks the reader's language outside a page."""
    with app.test_request_context():
        yield


@pytest.fixture
def events(app):
    """The audit log of a record, oldest first."""

    def found(record):
        of_it = (AuditEvent.subject_type == type(record).__name__, AuditEvent.subject_id == record.id)
        return db.session.scalars(select(AuditEvent).where(*of_it).order_by(AuditEvent.id)).all()

    return found
