"""Two who continue one collaboration at the same moment, on a database of their own: one is made, the other is told."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from crm.accounts.models import User
from crm.collaborations.models import Collaboration
from crm.collaborations.operations import create_collaboration
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.web.clock import today
from tests.support.factories import make_organisation, make_plan, make_user
from tests.support.pages import Pages

pytestmark = pytest.mark.own_app
FORM = "#collaboration-form"


@pytest.fixture
def office(make_app):
    app = make_app()
    with app.test_request_context():
        users = [make_user(language="en") for _ in range(2)]
        make_plan()
        values = {"title": "Smart by", "organisation_ids": [make_organisation("UiO").id]}
        made = create_collaboration(actor=users[0], year=today().year, stage="idea", **values)
        db.session.commit()
        ids = (made.id, [user.id for user in users])
    return app, ids


def at_once(app, forms):
    """The answers to forms sent at the same moment, each (page, user's id, changes)."""
    barrier = Barrier(len(forms))

    def send(page, user_id, changes):
        fields = page.fields(FORM) | changes
        client, address = page.pages.clients[user_id], page.one(FORM).get("action")
        barrier.wait()
        return client.post(address, data=fields)

    with ThreadPoolExecutor(len(forms)) as pool:
        running = [pool.submit(contextvars.Context().run, send, *form) for form in forms]
        return [one.result() for one in running]


def opened(app, user_id, path):
    with app.app_context():
        return Pages(app).get(path, user=db.session.get_one(User, user_id))


def test_two_who_continue_it_at_once_make_one(office):
    app, (before, users) = office
    forms = [(opened(app, user, f"/collaborations/{before}/continue"), user, {}) for user in users]
    answers = at_once(app, forms)
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    made = next(answer.location for answer in answers if answer.status_code == 302)
    told = next(answer.get_data(as_text=True) for answer in answers if answer.status_code == 422)
    assert "It has been continued already" in told
    assert f'href="{made}"' in told
    with app.app_context():
        assert db.session.query(Collaboration).filter_by(continues_id=before).count() == 1
        assert db.session.query(Interaction).count() == 2


def test_one_form_sent_twice_at_once_makes_one(office):
    app, (_before, (user, _other)) = office
    pages = [opened(app, user, "/collaborations/new") for _ in range(2)]
    same = {"submission_key": ["samme-nokkel"], "title": ["En idé"]}
    answers = at_once(app, [(page, user, same) for page in pages])
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.location for answer in answers}) == 1
    with app.app_context():
        assert db.session.query(Interaction).filter_by(submission_key="samme-nokkel").count() == 1
