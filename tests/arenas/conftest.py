from datetime import date, time, timedelta

import pytest

from crm.arenas.operations import add_member, create_arena, plan_session, save_session
from crm.extensions import db
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
def manager(app, isolation):
    return make_user("manager", name="Marit Leder", language="en")


@pytest.fixture
def reader(app, isolation):
    return make_user("reader", name="Rolf Leser", language="en")


@pytest.fixture
def plan(app, isolation):
    return make_plan(date(today().year - 3, 1, 1), date(today().year + 3, 12, 31), title="Plan nå")


@pytest.fixture
def company(app, isolation):
    return make_organisation("Aas & Sønn AS")


@pytest.fixture
def other(app, isolation):
    return make_organisation("Berger AS")


@pytest.fixture
def person(company):
    return make_contact("Kari", "Aas", at=company, title="Daglig leder", primary=True)


@pytest.fixture
def make_arena(advisor, plan):
    """An arena of the advisor's with one measure; each Thursday at 08:30 unless told otherwise."""

    def make(**values):
        given = {
            "name": "Næringslivsfrokost",
            "rhythm": "FREQ=WEEKLY;BYDAY=TH",
            "starts_on": today() - timedelta(days=400),
            "begins_at": time(8, 30),
            "minutes": 60,
            "measure_ids": [measure(plan, "1.A.1").id],
        }
        made = create_arena(actor=advisor, **given | values)
        db.session.commit()
        return made

    return make


@pytest.fixture
def join(advisor):
    def joined(arena, **who):
        member = add_member(arena, actor=advisor, started_on=today() - timedelta(days=900), **who)
        db.session.commit()
        return member

    return joined


@pytest.fixture
def hold(advisor):
    """A session that was held so many days ago with these members, by the advisor."""

    def held(arena, days_ago, members=(), **more):
        session = plan_session(arena, actor=advisor, day=today() - timedelta(days=days_ago))
        given = {
            "organisation_ids": [],
            "contact_ids": [],
            "measure_ids": [one.id for one in session.interaction.measures],
            "agenda": None,
            "decisions": None,
            "notes": None,
        }
        confidential = more.pop("confidential", False)
        session.interaction.confidential = confidential
        save_session(
            session,
            actor=advisor,
            version=None,
            status="held",
            member_ids=[one.id for one in members],
            **given | more,
        )
        db.session.commit()
        return session

    return held
