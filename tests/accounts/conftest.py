import re
from email import message_from_bytes, policy

import pytest

from crm.accounts import passwords
from crm.extensions import db
from tests.support.factories import make_user

PASSWORD = "hestehov i grøftekanten 🌼"


@pytest.fixture
def pages(pages):
    """Signed out, the pages are asked for in English; users have a language of their own."""
    pages.client(None).set_cookie("language", "en")
    return pages


@pytest.fixture
def make_member(app):
    """A user with a password, who reads English."""

    def make(role="advisor", **fields):
        fields.setdefault("language", "en")
        return make_user(role, password_hash=passwords.hash_of(PASSWORD), **fields)

    return make


@pytest.fixture
def sign_in(pages):
    def attempt(email, password=PASSWORD, **fields):
        return pages.get("/sign-in").submit(email=email, password=password, **fields)

    return attempt


@pytest.fixture
def mail(outbox):
    """The messages in the outbox, oldest first, as a mail program reads them."""

    def read():
        files = sorted(outbox.glob("*.eml")) if outbox.exists() else []
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    return read


@pytest.fixture
def link_in():
    """The path of the one-time link in a message."""

    def find(message):
        return re.search(r"https?://[^/\s]+(/links/\S+)", message.get_content())[1]

    return find


@pytest.fixture
def events():
    """What the audit log holds of a record: (action, changed fields)."""

    def of(record):
        rows = db.session.execute(
            db.text(
                "SELECT action, actor_id FROM audit_events WHERE subject_type = :kind AND subject_id = :id ORDER BY id"
            ),
            {"kind": type(record).__name__, "id": record.id},
        )
        return [tuple(row) for row in rows]

    return of
