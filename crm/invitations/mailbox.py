"""The mailbox that invitations are sent to. Thin over imap-tools: fetch, keep, and only then move away."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from flask import current_app
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from config import Mailbox
from crm.extensions import db
from crm.invitations import operations
from crm.invitations.models import Via
from crm.invitations.reading import MOST_BYTES
from crm.invitations.sorting import sort_received

MOST_AT_ONCE = 50
SECONDS_TO_ANSWER = 30
log = structlog.get_logger("crm")


class MailboxFailed(Exception):
    """The mailbox could not be read; what had been fetched is kept."""


def poll(at: datetime) -> int:
    """Fetch what has come, and take in what is proved to come from users; `at` is an instant. Returns how many messages were
    fetched; 0 where no mailbox is set. Commits after each step. Raises MailboxFailed.

    A message is kept, and that committed, before it leaves the mailbox: after a crash in between it comes again, and is
    known by its bytes.
    """
    settings = current_app.config["CRM"].mailbox
    fetched = 0
    try:
        if settings is not None:
            fetched = _fetch(settings)
    finally:
        sort_received(at)
    return fetched


def _fetch(settings: Mailbox) -> int:
    fetched = 0
    try:
        with _opened(settings) as box:
            for uid, raw in _messages(box, every=settings.move_to is not None):
                operations.receive(raw, via=Via.mailbox, actor=None)
                db.session.commit()
                _put_away(box, uid, settings)
                fetched += 1
    except (OSError, ImapToolsError, imaplib.IMAP4.error, ValueError) as error:
        db.session.rollback()
        log.warning("mailbox not read", error=type(error).__name__)
        raise MailboxFailed(
            f"The mailbox could not be read ({type(error).__name__}): look at CALENDAR_MAILBOX_URL"
        ) from error
    return fetched


@contextmanager
def _opened(settings: Mailbox) -> Iterator[BaseMailBox]:
    secure = ssl.create_default_context()
    box: BaseMailBox
    if settings.plain:
        box = MailBoxUnencrypted(settings.host, settings.port, timeout=SECONDS_TO_ANSWER)
    elif settings.starttls:
        box = MailBoxStartTls(settings.host, settings.port, timeout=SECONDS_TO_ANSWER, ssl_context=secure)
    else:
        box = MailBox(settings.host, settings.port, timeout=SECONDS_TO_ANSWER, ssl_context=secure)
    try:
        box.login(settings.user, settings.password, initial_folder=settings.folder)
        if settings.move_to and not box.folder.exists(settings.move_to):
            box.folder.create(settings.move_to)
        yield box
        box.logout()
    except Exception:
        box.client.shutdown()
        raise


def _messages(box: BaseMailBox, *, every: bool) -> Iterator[tuple[str, bytes]]:
    """What has not been fetched yet, oldest first, and never more than 10 MB and a byte of one. `every`: what has been is
    moved away, so that all there is is new, read by somebody or not.
    """
    for uid in box.uids("ALL" if every else "UNSEEN")[:MOST_AT_ONCE]:
        _status, answer = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
        raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
        if raw:
            yield uid, raw


def _put_away(box: BaseMailBox, uid: str, settings: Mailbox) -> None:
    if settings.move_to:
        box.move(uid, settings.move_to)
    else:
        box.flag(uid, "\\Seen", True)
