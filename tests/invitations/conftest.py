from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.extensions import db
from crm.interactions.models import Interaction
from crm.invitations import operations
from crm.invitations.models import Proof, Via
from tests.support.factories import make_contact, make_organisation, make_user

MESSAGES = Path(__file__).parent / "messages"
TODAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def raw(name: str) -> bytes:
    return (MESSAGES / name).read_bytes()


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """The messages are from a day in November 2026."""
    monkeypatch.setattr("crm.web.clock.now", lambda: TODAY)


@pytest.fixture
def anne(app, isolation):
    return make_user(name="Anne Rådgiver", email="anne@kommune.example.no", language="en")


@pytest.fixture
def bjorn(app, isolation):
    return make_user(name="Bjørn Kollega", email="bjorn@kommune.example.no", language="en")


@pytest.fixture
def administrator(app, isolation):
    return make_user("administrator", name="Arne Styrer", email="arne@kommune.example.no", language="en")


@pytest.fixture
def company(app, isolation):
    return make_organisation("Firma AS", website="https://www.firma.example.org/om-oss")


@pytest.fixture
def person(company):
    return make_contact("Per", "Aas", at=company, email="per.aas@firma.example.org")


@pytest.fixture
def take(app, isolation):
    """Take a raw message or calendar file in as the operator's, or as a user's. What became of it."""

    def taken(name, *, sender=None, content=None):
        message = operations.receive(content or raw(name), via=Via.command, actor=sender, filename=name)
        operations.take_in(message, proof=Proof.operator, sender=sender)
        db.session.commit()
        db.session.expire_all()
        return message

    return taken


@pytest.fixture
def rows(app, isolation):
    """All interactions there are, in the order of their days."""
    return lambda: db.session.scalars(
        select(Interaction).order_by(Interaction.starts_on, Interaction.starts_at, Interaction.id)
    ).all()
