from datetime import date

import pytest

from crm.extensions import db
from crm.responsibilities.models import Responsibility, Topic
from crm.sites.models import Site
from tests.support.factories import make_organisation, make_unit, make_user, saved

DAY = date(2026, 11, 24)


@pytest.fixture
def make_topic(app):
    def make(name="Lokaler og tomter", words=("tomt", "lokale", "kontorplass"), **fields):
        return saved(Topic(name_nb=name, words_no=list(words), words_en=fields.pop("words_en", []), **fields))

    return make


@pytest.fixture
def make_site(app):
    def make(name="Berger næringspark", **fields):
        row = {
            "name": name,
            "premises": [],
            "focus_areas": [],
            "sort_key": name,
            "search_text": name,
            "version": 1,
            **fields,
        }
        made = db.session.execute(Site.__table__.insert().values(**row).returning(Site.__table__.c.id))
        identity = made.scalar_one()
        db.session.commit()
        return db.session.get_one(Site, identity)

    return make


@pytest.fixture
def answers(app):
    """Makes a responsibility; whatever is given becomes its columns."""

    def make(**fields):
        return saved(Responsibility(**fields))

    return make


@pytest.fixture
def premises(make_topic):
    return make_topic(name_en="Premises and plots", words_en=["office"])


@pytest.fixture
def berger(make_site):
    return make_site()


@pytest.fixture
def kari(app):
    return make_user(name="Kari Nes", phone="+4722225555")


@pytest.fixture
def ola(app):
    return make_user(name="Ola Lund")


@pytest.fixture
def manager(app):
    return make_user("manager", name="Mona Leder")


@pytest.fixture
def company(app):
    return make_organisation("Aas Transport AS", industry_code="49.410")


@pytest.fixture
def unit(app):
    return make_unit("Plan og bygg")
