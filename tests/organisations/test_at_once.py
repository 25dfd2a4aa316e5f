"""Two writers at the same moment, on connections of their own."""

import threading

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from crm.accounts.models import User
from crm.extensions import db
from crm.organisations import operations
from crm.organisations.models import Contact, Organisation, Tag
from crm.web.validation import Invalid, Stale
from tests.support.factories import make_organisation, make_user

pytestmark = pytest.mark.own_app


def at_once(app, *errands):
    """What became of each errand: "done", or the name of what stood in its way."""
    start, outcomes = threading.Barrier(len(errands)), []

    def run(errand):
        with app.test_request_context():
            actor = db.session.get_one(User, 1)
            db.session.rollback()
            start.wait()
            try:
                errand(actor)
                db.session.commit()
                outcomes.append("done")
            except (Invalid, Stale, IntegrityError, StaleDataError) as error:
                outcomes.append(type(error).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(errand,)) for errand in errands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


@pytest.fixture(scope="module")
def served(make_app):
    app = make_app()
    with app.app_context():
        make_user()
        make_organisation("Her AS")
    return app


def test_one_email_at_one_organisation(served):
    def add(actor):
        operations.create_contact(
            actor=actor,
            given_name="Kari",
            family_name="",
            email="post@her.example",
            affiliations=[{"organisation_id": 1}],
        )

    assert at_once(served, add, add, add) == ["Invalid", "Invalid", "done"]
    with served.app_context():
        assert db.session.query(Contact).filter_by(email="post@her.example").count() == 1


def test_one_organisation_number(served):
    def add(actor):
        operations.create_organisation(actor=actor, name="Samme AS", organisation_number="974760673")

    assert at_once(served, add, add).count("done") == 1


def test_one_version(served):
    def change(name):
        def errand(actor):
            organisation = db.session.get_one(Organisation, 1)
            operations.update_organisation(organisation, actor=actor, version=1, name=name)

        return errand

    assert at_once(served, change("Først AS"), change("Så AS")) == ["Stale", "done"]


def test_one_new_tag(served):
    def add(actor):
        operations.create_organisation(actor=actor, name="Merket AS", tags=["helt ny"])

    assert at_once(served, add, add, add) == ["done", "done", "done"]
    with served.app_context():
        assert db.session.query(Tag).filter_by(folded_name="helt ny").count() == 1
