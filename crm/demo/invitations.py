"""Meetings that came from calendars, taken in as real ones are, and one message that waits for an administrator."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from crm.accounts.models import Role, User
from crm.demo.staff import sign_ins
from crm.extensions import db
from crm.invitations import operations
from crm.invitations.models import Proof, Via
from crm.invitations.reasons import Reason
from crm.organisations.models import Affiliation, Contact, Organisation

_CALENDAR = """BEGIN:VCALENDAR
PRODID:-//Naeringskontakt//Demo//NO
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:demo-{number}@demo.example
DTSTAMP:20260101T080000Z
DTSTART;TZID=W. Europe Standard Time:{starts:%Y%m%dT%H%M%S}
DTEND;TZID=W. Europe Standard Time:{ends:%Y%m%dT%H%M%S}
ORGANIZER;CN={advisor.name}:mailto:{advisor.email}
ATTENDEE;CN={name}:mailto:{email}
SUMMARY:{title}
LOCATION:{place}
DESCRIPTION:{text}
{rule}SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""
_MESSAGE = """From: Ida Moen <ida.moen@arkitektene.example>
To: avtaler@demo.example
Subject: =?utf-8?q?Omvisning_p=C3=A5_byggeplassen?=
Message-ID: <demo-{number}@arkitektene.example>
MIME-Version: 1.0
Content-Type: text/calendar; charset="utf-8"; method=REQUEST
Content-Transfer-Encoding: 8bit

"""


def invite(today: date) -> None:
    """Take the meetings in; the caller commits. `today` is the local day that they lie after."""
    advisor = db.session.scalars(select(User).where(User.email == _first(Role.advisor))).one_or_none()
    contact = db.session.scalars(_KNOWN.order_by(Contact.id).limit(1)).first()
    place = db.session.scalars(
        select(Organisation)
        .where(Organisation.website.is_not(None))
        .order_by(Organisation.id.desc())
        .limit(1)
    ).first()
    if advisor is None or contact is None or place is None:
        return
    domain = (place.website or "").rpartition("www.")[2]
    known, day = (contact.name, str(contact.email)), today + timedelta(days=6)
    _take(_calendar(1, advisor, day, guest=known, title="Planer for neste år"), advisor)
    stranger, day = ("Nora Lie", f"nora.lie@{domain}"), today + timedelta(days=8)
    weekly = "RRULE:FREQ=WEEKLY;COUNT=4\n"
    _take(_calendar(2, advisor, day, guest=stranger, title="Fast avtale om lokaler", rule=weekly), advisor)
    unknown, day = ("Ida Moen", "ida.moen@arkitektene.example"), today + timedelta(days=12)
    waits = _calendar(3, advisor, day, guest=unknown, title="Omvisning")
    message = operations.receive((_MESSAGE.format(number=3) + waits).encode(), via=Via.mailbox, actor=None)
    operations.let_wait(message, reason=Reason.unknown_sender, sender=None)


_KNOWN = (
    select(Contact)
    .join(Affiliation, Affiliation.contact_id == Contact.id)
    .where(Contact.email.is_not(None), Contact.deleted_at.is_(None), Affiliation.ended_on.is_(None))
)


def _first(role: Role) -> str:
    return next(one.email for one in sign_ins() if one.role is role)


def _calendar(
    number: int, advisor: User, day: date, *, guest: tuple[str, str], title: str, rule: str = ""
) -> str:
    starts = datetime.combine(day, time(9 + number))
    return _CALENDAR.format(
        number=number,
        advisor=advisor,
        starts=starts,
        ends=starts + timedelta(hours=1),
        name=guest[0],
        email=guest[1],
        title=title,
        place="Rådhuset\\, møterom Glomma",
        text="Vi ser på planene\\, og på hva kommunen kan bidra med.",
        rule=rule,
    )


def _take(calendar: str, advisor: User) -> None:
    message = operations.receive(calendar.encode(), via=Via.upload, actor=advisor, filename="avtale.ics")
    operations.take_in(message, proof=Proof.sign_in, sender=advisor)
