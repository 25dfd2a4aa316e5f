"""One real, migrated database for the session; each test in a savepoint on it, so that code under test may commit."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from config import Config
from crm import create_app
from crm.audit.models import AuditEvent
from crm.extensions import db
from tests.support.pages import Pages
from tests.support.telling import check_it_has_words

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption("--pictures", help="keep the pictures of the guide in this folder")


@contextlib.contextmanager
def throw_away_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / secrets.token_hex(4)}.sqlite3"
        return
    name = f"crm_test_{secrets.token_hex(6)}"
    server = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """sqlite or postgresql: what this run is on."""
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def make_app(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Applications on throw-away databases of their own, migrated unless told otherwise."""
    with contextlib.ExitStack() as stack:

        def make(*, migrated: bool = True, **settings: str) -> Flask:
            folder = tmp_path_factory.mktemp("instance")
            app = create_app(
                Config(
                    _env_file=None,
                    secret_key=secrets.token_hex(32),
                    database_url=stack.enter_context(throw_away_database(database, folder)),
                    mail_url=f"file:{folder / 'outbox'}",
                    attachments_url=f"file:{folder / 'attachments'}",
                    testing=True,
                    **settings,
                )
            )
            stack.callback(_dispose, app)
            if migrated:
                with app.app_context():
                    upgrade()
            return app

        yield make


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def app(make_app) -> Flask:
    app = make_app()
    sa.event.listen(AuditEvent, "after_insert", check_it_has_words)
    return app


@pytest.fixture(autouse=True)
def isolation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test commits is gone after it. Tests that bring their own application opt out with `own_app`."""
    if "own_app" in request.keywords or (
        "app" not in request.fixturenames and "pages" not in request.fixturenames
    ):
        yield
        return
    app: Flask = request.getfixturevalue("app")
    with app.app_context():
        engine = db.engines[None]
        with engine.connect() as connection:
            transaction = connection.begin()
            db.engines[None] = connection
            yield
            db.session.remove()
            db.engines[None] = engine
            transaction.rollback()


@pytest.fixture
def pages(app: Flask) -> Pages:
    return Pages(app)


@pytest.fixture
def outbox(app: Flask) -> Path:
    """The folder where mail lands; empty at the beginning of each test."""
    folder = Path(app.config["CRM"].mail_url.removeprefix("file:"))
    for message in folder.glob("*.eml") if folder.exists() else []:
        message.unlink()
    return folder
