from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.attachments.models import Attachment
from crm.extensions import db
from crm.files.models import LooseFile
from tests.attachments.made import PDF
from tests.support.factories import make_interaction, make_plan, make_user, measure


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
def visit(advisor):
    of_plan = [measure(make_plan(), "1.A.1")]
    return make_interaction(title="Om tomten", advisors=[advisor], place="Berger", measures=of_plan)


@pytest.fixture
def folder(app):
    """Where files lie; empty at the beginning of each test."""
    path = Path(app.config["CRM"].attachments_url.removeprefix("file:"))
    for file in path.rglob("*") if path.exists() else ():
        if file.is_file():
            file.unlink()
    return path


@pytest.fixture
def lying(folder):
    """The files that lie there, by key."""
    return lambda: {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def fetch(pages):
    """The answer to who asks for a file, with all of it read."""

    def ask(address, user):
        response = pages.get(address, user=user).response
        assert response.data
        response.close()
        return response

    return ask


@pytest.fixture
def upload(pages, folder, advisor):
    """Send files to an interaction as its page does; pairs of name and content."""

    def send(interaction, *files, user=advisor):
        page = pages.get(f"/interactions/{interaction.id}", user=user)
        chosen = [(BytesIO(content), name) for name, content in files]
        return page.submit('form[action$="/attachments/add"]', files=chosen)

    return send


@pytest.fixture
def minutes(upload, visit):
    """One file that is kept."""
    assert upload(visit, ("Møtereferat.pdf", PDF)).status == 302
    return kept()[-1]


def kept():
    """What is recorded and not removed, oldest first."""
    statement = select(Attachment).where(Attachment.removed_at.is_(None)).order_by(Attachment.id)
    return list(db.session.scalars(statement))


def loose():
    return list(db.session.scalars(select(LooseFile.key)))
