"""Two requests at once, on a database of their own: what one browser, or two advisors, can do at the same moment."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from crm.accounts.models import User
from crm.extensions import db
from crm.interactions.models import Interaction
from tests.support.factories import make_interaction, make_organisation, make_plan, make_user, measure
from tests.support.pages import Pages

pytestmark = pytest.mark.own_app
FORM = "#log-form"


@pytest.fixture
def office(make_app):
    app = make_app()
    with app.app_context():
        user, other = make_user(), make_user()
        plan, company = make_plan(), make_organisation()
        tag = measure(plan, "1.A.1")
        interaction = make_interaction(
            advisors=[user, other], organisations=[company], measures=[tag], title="Tur"
        )
        ids = (user.id, other.id, company.id, tag.id, interaction.id)
    return app, ids


def opened(app, user_id, path):
    with app.app_context():
        return Pages(app).get(path, user=db.session.get_one(User, user_id))


def at_once(app, *sendings):
    """The answers to forms sent at the same moment."""
    barrier = Barrier(len(sendings))

    def send(page, values):
        fields = page.fields(FORM) | {name: [value] for name, value in values.items()}
        client, address = page.pages.clients[page.user_id], page.one(FORM).get("action")
        barrier.wait()
        return client.post(address, data=fields)

    with ThreadPoolExecutor(len(sendings)) as pool:
        running = [pool.submit(contextvars.Context().run, send, *sending) for sending in sendings]
        return [one.result() for one in running]


def signed_in_page(app, user_id, path):
    page = opened(app, user_id, path)
    page.user_id = user_id
    return page


def test_one_form_sent_twice_at_once_makes_one_interaction(office):
    app, (user, _other, company, tag, _interaction) = office
    path = f"/interactions/new?organisation={company}"
    pages = [signed_in_page(app, user, path) for _ in range(2)]
    values = {"submission_key": "samme-nokkel", "measure": str(tag), "status": "held", "notes": "En gang"}
    answers = at_once(app, *[(page, values) for page in pages])
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.location for answer in answers}) == 1
    with app.app_context():
        assert db.session.query(Interaction).filter_by(submission_key="samme-nokkel").count() == 1


def test_two_who_save_one_record_at_once_lose_nothing(office):
    app, (user, other, _company, _tag, interaction) = office
    path = f"/interactions/{interaction}/edit"
    pages = [signed_in_page(app, one, path) for one in (user, other)]
    answers = at_once(
        app,
        (pages[0], {"status": "held", "notes": "Den ene"}),
        (pages[1], {"status": "held", "notes": "Den andre"}),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    text = refused.get_data(as_text=True)
    assert "Den ene" in text
    assert "Den andre" in text


def test_a_meeting_that_is_joined_by_several_at_once_gets_each_once(office):
    app, (_user, _other, company, _tag, interaction) = office
    with app.app_context():
        joining = [make_user().id, make_user().id]
    pages = [signed_in_page(app, one, f"/interactions/new?organisation={company}") for one in joining]
    for page in pages:
        page.one(FORM).set("action", f"/interactions/{interaction}/join")
    answers = at_once(app, *((page, {}) for page in [*pages, *pages]))
    assert {answer.status_code for answer in answers} == {302}
    with app.app_context():
        found = db.session.get_one(Interaction, interaction)
        assert len(found.advisors) == 4
        assert found.version == 3
