from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from crm.database import sort_key
from crm.enquiries.operations import register
from crm.extensions import db
from crm.responsibilities.models import Topic
from tests.support.factories import make_contact, make_organisation, make_unit, make_user


@pytest.fixture
def in_english(app, isolation):
    """For what speaks the reader's language outside a page."""
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


@pytest.fixture
def first_line(app, isolation):
    return make_user("first_line", name="Frida Førstelinje", language="en")


@pytest.fixture
def advisor(app, isolation):
    return make_user(name="Anne Rådgiver", language="en", unit=make_unit("Næring"))


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
def company(app, isolation):
    return make_organisation("Aas & Sønn AS")


@pytest.fixture
def person(company):
    return make_contact("Kari", "Aas", at=company, title="Daglig leder", primary=True)


@pytest.fixture
def topic(app, isolation):
    """As it stands after a migration: nobody of ours has put it down."""
    now = datetime.now(UTC)
    db.session.execute(
        insert(Topic.__table__).values(
            name_nb="Skjenkebevilling",
            name_en="Liquor licence",
            words_no=["skjenking"],
            words_en=["alcohol"],
            working_days=5,
            is_retired=False,
            sort_key=sort_key("Skjenkebevilling"),
            version=1,
            created_at=now,
            updated_at=now,
        )
    )
    db.session.commit()
    return db.session.scalars(select(Topic).where(Topic.name_nb == "Skjenkebevilling")).one()


@pytest.fixture
def ring(first_line):
    """An enquiry that the first line took in; from an unknown caller unless told otherwise."""

    def rung(subject="Hvem kan hjelpe meg med lokaler?", **values):
        if not {"organisation", "contact"} & values.keys():
            values.setdefault("caller_name", "Ola Ukjent")
        enquiry = register(actor=values.pop("actor", first_line), subject=subject, **values)
        db.session.commit()
        return enquiry

    return rung
