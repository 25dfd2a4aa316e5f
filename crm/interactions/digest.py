"""The morning's e-mail to those who want it: once a user and working day, also when the run was late."""

from datetime import date, datetime, time
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import gettext as _

from crm.accounts.models import User
from crm.database import now
from crm.extensions import db
from crm.interactions.queries.digest import Digest, digest_of, digest_recipients
from crm.jobs import JobFailed, claim, finish, taken
from crm.mail import send
from crm.web.clock import local
from crm.web.formatting import long_day
from crm.web.working_days import is_working_day

JOB: Final = "digest"
NOT_BEFORE: Final = time(6, 30)


def send_digests(at: datetime) -> str:
    """Send those of the local day that are not sent yet: from half past six on working days.

    Each is claimed, sent and then marked. Whoever dies in between leaves a claim that a later run takes over, so that
    nobody goes without (docs/decisions/0011). Who has nothing to be told in the morning is told nothing later that day.
    Raises JobFailed when some could not be handed over; they are tried again.
    """
    today = local(at).date()
    if local(at).time() < NOT_BEFORE or not is_working_day(today):
        return ""
    recipients = digest_recipients(today)
    done_before = taken(JOB, day=today, at=at)
    sent = failed = 0
    for user_id in recipients:
        about = f"user:{user_id}"
        if about in done_before or not claim(JOB, day=today, about=about, at=max(at, now())):
            continue
        user = db.session.get_one(User, user_id)
        digest = digest_of(user, today, at)
        db.session.expunge(user)
        db.session.rollback()  # the database is not held while a mail server answers
        if not digest.is_empty:
            if not _sent(digest, today, user):
                failed += 1
                continue
            sent += 1
        finish(JOB, day=today, about=about)
        db.session.commit()
    if failed:
        raise JobFailed(f"{sent} sent, {failed} could not be handed over and will be tried again")
    return f"{sent} sent" if sent else ""


def _sent(digest: Digest, today: date, user: User) -> bool:
    return send(
        user.email,
        _subject(today),
        "digest",
        language=user.language,
        name=user.name,
        key=f"digest-{today}-{user.id}",
        digest=digest,
    )


def _subject(today: date) -> Any:
    return LazyString(lambda: _("What waits for you: %(day)s", day=long_day(today)))
