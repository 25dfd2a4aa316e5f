import pytest

from crm.extensions import db
from crm.sites.operations import create_site
from tests.support.factories import make_contact, make_organisation, make_plan, make_user


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
    return make_plan()


@pytest.fixture
def developer(app, isolation):
    return make_organisation("Berger Næringsutvikling AS", kind="developer")


@pytest.fixture
def person(developer):
    return make_contact(
        "Kari", "Aas", at=developer, title="Salgssjef", phone="+4791234567", email="kari@berger.no"
    )


@pytest.fixture
def make_site(advisor):
    """A site of the advisor's making."""

    def make(name="Berger", **values):
        made = create_site(actor=advisor, name=name, **values)
        db.session.commit()
        return made

    return make
