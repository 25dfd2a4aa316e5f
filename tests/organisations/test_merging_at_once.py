"""An interaction that is saved while its organisation is merged does not keep the one that goes."""

import pytest
from sqlalchemy import select

from crm.extensions import db
from crm.interactions.models import interaction_organisations
from crm.interactions.operations import log_interaction
from crm.organisations.models import Organisation
from crm.organisations.operations.merging import ORGANISATIONS, merge
from crm.web.clock import today
from tests.organisations.test_at_once import at_once
from tests.support.factories import make_organisation, make_user

pytestmark = pytest.mark.own_app

ROUNDS = 5


@pytest.fixture(scope="module")
def served(make_app):
    app = make_app()
    with app.app_context():
        make_user()
        make_organisation("Blir AS")
    return app


def test_an_interaction_goes_with_the_merge_or_is_refused(served):
    for _round in range(ROUNDS):
        with served.app_context():
            going = make_organisation("Går AS").id

        def log(actor, going=going):
            values = {"kind": "company_visit", "status": "held", "title": "Møte", "starts_on": today()}
            log_interaction(actor=actor, organisation_ids=[going], advisor_ids=[actor.id], **values)

        def join(actor, going=going):
            survivor, loser = db.session.get_one(Organisation, 1), db.session.get_one(Organisation, going)
            merge(ORGANISATIONS, survivor, loser, actor=actor, chosen=())

        outcomes = at_once(served, log, log, join)
        assert outcomes.count("done") >= 1
        assert set(outcomes) <= {"done", "Invalid"}
        with served.app_context():
            of_gone = interaction_organisations.c.organisation_id == going
            if db.session.get_one(Organisation, going).is_binned:
                assert db.session.execute(select(interaction_organisations).where(of_gone)).all() == []
