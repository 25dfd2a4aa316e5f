"""Invitations go out by mail (iMIP, RFC 6047) when what they tell of is committed.

What somebody must be told follows from the database alone (`rules.method_due`), so that a mail that a stopped server or a
dead mail server kept back is sent at the next try, and nobody is written to without a reason. Each is claimed before it is
sent: two processes do not send the same. A claim that nobody finished is taken over after ten minutes; what was handed over
just before its process was killed may then be sent again, with the same UID and SEQUENCE, which a calendar takes once.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, flash
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import or_, update

from crm.calendars.writing import Answer, Attendee, CalendarEntry, Method, Person, Status, calendar_file, uid
from crm.database import now
from crm.extensions import db
from crm.interactions.changes import interaction_changed
from crm.interactions.models import Interaction, InteractionStatus
from crm.jobs import JobFailed
from crm.mail import lands_in_files, send
from crm.mail.sending import CalendarPart
from crm.scheduling.models import CANCELLED, Guest
from crm.scheduling.queries import guest_with_everything, guests_of, possibly_due
from crm.scheduling.rules import Meeting, method_due

CLAIM_LASTS = timedelta(minutes=10)
DUE = "invitations_due"
FOUND = 302
_background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="invitations")


@dataclass(slots=True)
class Sent:
    """How many were told, and how many could not be."""

    told: int = 0
    failed: int = 0


def register_sending(app: Flask) -> None:
    """After a request that has changed interactions, whoever was invited to them is told."""
    interaction_changed.connect(_note)
    app.after_request(_send_what_is_due)


def _note(interaction: Interaction) -> None:
    """What is held or a draft gives nobody anything to hear: logging a visit asks nothing more for it."""
    if interaction.status in {InteractionStatus.planned, InteractionStatus.cancelled}:
        db.session.info.setdefault(DUE, set()).add(interaction.id)


def _send_what_is_due(response: Any) -> Any:
    ids = db.session.info.pop(DUE, None)
    if not ids:
        return response
    due = [identity for identity in possibly_due(ids, now()) if _is_due(identity)]
    db.session.rollback()
    if not due:
        return response
    if response.status_code == FOUND:  # seen on the page that follows
        told = ngettext("One guest is told by e-mail.", "%(num)s guests are told by e-mail.", len(due))
        flash(told, "info")
    if lands_in_files():
        send_due(due)
    else:  # a mail server may take its time: the page does not wait for it
        _background.submit(_in_background, current_app._get_current_object(), due)  # type: ignore[attr-defined]  # noqa: SLF001  Flask's own way to hand the application to a thread
    return response


def _is_due(identity: int) -> bool:
    guest = guest_with_everything(identity)
    return guest is not None and _method(guest) is not None


def _in_background(app: Flask, due: list[int]) -> None:
    with app.app_context():
        send_due(due)


def send_due(guest_ids: Collection[int] | None = None) -> Sent:
    """Tell those of the guests (all, where none are named) who do not know yet. Commits, one by one."""
    sent = Sent()
    for identity in possibly_due(None, now()) if guest_ids is None else guest_ids:
        guest = guest_with_everything(identity)
        if guest is None or _method(guest) is None or not _claim(identity):
            db.session.rollback()
            continue
        guest = guest_with_everything(identity)
        method = _method(guest) if guest else None
        told = _tell(guest, method) if guest is not None and method is not None else None
        _finish(identity, told)
        if told is not None:
            sent.told += told.is_sent
            sent.failed += not told.is_sent
    return sent


def send_what_was_kept_back(_at: datetime) -> str:
    """The job that tells those who could not be told at once. Raises JobFailed where some still cannot be."""
    sent = send_due()
    if sent.failed:
        raise JobFailed(f"{sent.failed} could not be told, {sent.told} told")
    return f"{sent.told} told" if sent.told else ""


def meeting_of(interaction: Interaction) -> Meeting:
    return Meeting(
        status=interaction.status,
        is_binned=interaction.is_binned,
        title=interaction.title,
        place=interaction.place,
        starts_on=interaction.starts_on,
        starts_at=interaction.starts_at,
        ends_at=interaction.ends_at,
    )


def _method(guest: Guest) -> Method | None:
    interaction = guest.interaction
    present = {("contact", one.contact_id) for one in interaction.contact_participations} | {
        ("user", one.user_id) for one in interaction.advisor_participations
    }
    key = ("contact", guest.contact_id) if guest.contact_id else ("user", guest.user_id)
    return method_due(
        meeting_of(interaction),
        told=guest.told,
        answer=guest.answer,
        takes_part=key in present,
        is_withdrawn=guest.withdrawn_at is not None,
        at=now(),
    )


def _claim(identity: int) -> bool:
    """Whether it is ours to tell them."""
    at = now()
    claimed = db.session.execute(
        update(Guest)
        .where(Guest.id == identity)
        .where(or_(Guest.claimed_at.is_(None), Guest.claimed_at < at - CLAIM_LASTS))
        .values(claimed_at=at)
        .execution_options(unaudited=True, synchronize_session=False)
    )
    db.session.commit()
    return bool(claimed.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Told:
    is_sent: bool
    told: str
    sequence: int
    email: str
    at: datetime


def _finish(identity: int, told: _Told | None) -> None:
    values: dict[str, Any] = {"claimed_at": None}
    if told is not None and told.is_sent:
        values |= {"told": told.told, "told_sequence": told.sequence, "told_at": told.at, "email": told.email}
        values["failed_at"] = None
    elif told is not None:
        values["failed_at"] = told.at
    db.session.execute(
        update(Guest)
        .where(Guest.id == identity)
        .values(**values)
        .execution_options(unaudited=True, synchronize_session=False)
    )
    db.session.commit()


def _tell(guest: Guest, method: Method) -> _Told:
    interaction, person = guest.interaction, guest.person
    # A cancellation goes where the invitation went, also where the address has been changed or taken away since.
    email = (guest.email if method is Method.cancel else person.email) or guest.email or ""
    sequence = max(interaction.version - 1, guest.told_sequence or 0)
    meeting = meeting_of(interaction)
    is_change = method is Method.request and guest.told not in {None, CANCELLED}
    subject = (
        _l("Cancelled: %(title)s", title=meeting.title)
        if method is Method.cancel
        else _l("Changed: %(title)s", title=meeting.title)
        if is_change
        else _l("Invitation: %(title)s", title=meeting.title)
    )
    is_sent = bool(email) and send(
        email,
        subject,
        "meeting",
        language=person.language,
        name=person.name,
        key=f"invitation-{guest.id}-{method.value}-{sequence}-{int(guest.told_at.timestamp()) if guest.told_at else 0}",
        reply_to=(guest.invited_by.name, guest.invited_by.email),
        calendar=CalendarPart(method.value, _file(guest, method, sequence, email)),
        meeting=meeting,
        organizer=guest.invited_by,
        is_cancelled=method is Method.cancel,
        is_taken_off=method is Method.cancel and meeting.stands,
        is_change=is_change,
        message=guest.message if method is Method.request and not is_change else None,
    )
    told = CANCELLED if method is Method.cancel else meeting.fingerprint
    return _Told(is_sent=is_sent, told=told, sequence=sequence, email=email, at=now())


def _file(guest: Guest, method: Method, sequence: int, email: str) -> bytes:
    """The invitation for one person; notes are never in it. Answers come to the product's own address."""
    settings = current_app.config["CRM"]
    interaction = guest.interaction
    others = [one for one in guests_of(interaction.id) if one.withdrawn_at is None and one.id != guest.id]
    asked = [
        Attendee(email=email, name=guest.name, answer=Answer(guest.answer), rsvp=method is Method.request)
    ]
    if method is Method.request:
        asked += [
            Attendee(email=address, name=one.name, answer=Answer(one.answer), rsvp=True)
            for one in others
            if (address := one.person.email or one.email)
        ]
    assert interaction.starts_on is not None  # whoever was invited, was to something planned
    entry = CalendarEntry(
        uid=uid("interaction", interaction.id, settings.public_url),
        sequence=sequence,
        summary=interaction.title,
        starts=interaction.starts_at or interaction.starts_on,
        ends=interaction.ends_at if interaction.starts_at else None,
        last_modified=now(),
        status=Status.cancelled if method is Method.cancel else Status.confirmed,
        place=interaction.place or "",
        organizer=Person(email=settings.mail_from, name=guest.invited_by.name),
        attendees=tuple(asked),
    )
    return calendar_file([entry], method=method)
