"""An office of its own, its real server, and a program that logs interactions there while things break."""

import contextlib
import http.client
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.serving import Server, serving
from bench.visitor import Visitor
from crm.accounts import passwords
from crm.accounts.tokens import create_token
from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.reports.models import CountedMonth, CountedParty, CountedReach
from crm.reports.operations import recount
from crm.web.clock import today
from tests.support.factories import make_contact, make_organisation, make_plan, make_user, measure

PASSWORD = "hestehov i grøftekanten"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.own_app)


@dataclass(frozen=True)
class Office:
    app: Flask
    token: str
    email: str
    organisation: int
    contact: int

    @property
    def url(self) -> str:
        return self.app.config["CRM"].database_url

    @property
    def environment(self) -> dict[str, str]:
        """Of every process that works on its database."""
        config = self.app.config["CRM"]
        return {
            "DATABASE_URL": self.url,
            "SECRET_KEY": config.secret_key,
            "MAIL_URL": config.mail_url,
            "ATTACHMENTS_URL": config.attachments_url,
        }

    @contextlib.contextmanager
    def serving(self) -> Iterator[Server]:
        """The server until the end of the block. It gets no time to end in order: it must not need any."""
        with serving("wsgi:app", "/health/ready", **self.environment) as server:
            try:
                yield server
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(server.pid, signal.SIGKILL)

    def titles(self) -> list[str]:
        """Of all interactions that are there."""
        with self.app.app_context():
            return list(db.session.scalars(sa.select(Interaction.title)))

    def check_whole(self) -> None:
        """No interaction is there by halves, each is in the audit log once, and the kept counts are right."""
        with self.app.app_context():
            for interaction in db.session.scalars(sa.select(Interaction)):
                assert [one.id for one in interaction.organisations] == [self.organisation]
                assert [one.id for one in interaction.contacts] == [self.contact]
                assert [one.code for one in interaction.measures] == ["1.A.1", "1.A.2"]
                assert len(interaction.advisors) == 1
            ids = sorted(db.session.scalars(sa.select(Interaction.id)))
            made = sa.select(AuditEvent.subject_id).filter_by(subject_type="Interaction", action="created")
            assert sorted(db.session.scalars(made)) == ids
            kept = _kept_counts()
            recount(db.session.connection())
            assert _kept_counts() == kept
            db.session.rollback()
            if db.engine.dialect.name == "sqlite":
                assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
                assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []


def _kept_counts() -> list[list[tuple[Any, ...]]]:
    return [
        sorted(tuple(row) for row in db.session.execute(sa.select(*model.__table__.c)))
        for model in (CountedMonth, CountedParty, CountedReach)
    ]


@pytest.fixture
def office(make_app) -> Office:
    app = make_app()
    with app.app_context():
        user = make_user(password_hash=passwords.hash_of(PASSWORD))
        plan, company = make_plan(), make_organisation()
        assert measure(plan, "1.A.2")
        made = create_token(
            user=user, name="Prøve", scope="write", last_day=today() + timedelta(days=1), actor=user
        )
        db.session.commit()
        return Office(app, made.raw, user.email, company.id, make_contact(at=company).id)


@contextlib.contextmanager
def browser(office: Office, server: Server) -> Iterator[Visitor]:
    """What the office's user sees, signed in."""
    visitor = Visitor(server.port)
    assert visitor.sign_in(office.email, PASSWORD)
    yield visitor
    if visitor.connection is not None:
        visitor.connection.close()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Program:
    """Asks one request at a time, each on a connection of its own. Raises OSError or HTTPException where nobody
    answers.
    """

    office: Office
    port: int

    def ask(self, method: str, path: str, body: Any = None, *, timeout: float = 10, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Authorization": f"Bearer {self.office.token}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(
                method, path, None if body is None else json.dumps(body).encode(), headers=sent
            )
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()

    def log(self, title: str) -> Answer:
        """Log a visit; the title is its key as well, so that asking again makes no second one."""
        body = {
            "kind": "company_visit",
            "status": "held",
            "title": title,
            "starts_at": today().isoformat(),
            "organisations": [self.office.organisation],
            "contacts": [self.office.contact],
            "measures": ["1.A.1", "1.A.2"],
        }
        return self.ask("POST", "/api/v1/interactions", body, Idempotency_Key=title)


UNANSWERED = (OSError, http.client.HTTPException)


def kill(*pids: int) -> None:
    """kill -9: no process can do anything about it."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def workers(server: Server) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]
