"""What the form of a new enquiry offers: topics, who it is for, and what the same caller has asked already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from crm.database import folded
from crm.enquiries.deadlines import USUAL_DAYS, due_day
from crm.enquiries.models import Enquiry
from crm.enquiries.queries.listing import is_open, rows_of
from crm.enquiries.understanding import are_alike, phone_digits
from crm.extensions import db
from crm.responsibilities.models import Topic
from crm.responsibilities.queries import right_contacts, understood
from crm.responsibilities.routing import RightContact

RECENT = timedelta(days=30)
MOST_SHOWN = 5
LOOKED_AT = 50


def topics() -> Sequence[Topic]:
    """Those that are in use, in Norwegian order."""
    return db.session.scalars(
        select(Topic).where(Topic.is_retired.is_(False)).order_by(Topic.sort_key, Topic.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows from who calls and what about: topic, deadline, and who is to answer with the reason."""

    topic: Topic | None
    is_understood: bool
    due_on: date
    contact: RightContact

    @property
    def to(self) -> str:
        """As the form's list of recipients has it: `user-7`, `unit-2`, or "" for the queue."""
        if self.contact.person is not None:
            return f"user-{self.contact.person.id}"
        return f"unit-{self.contact.unit_id}" if self.contact.unit_id is not None else ""


def proposal(
    *,
    every: Sequence[Topic],
    topic: str | None,
    words: str | None,
    organisation: int | None,
    site: int | None,
    at: datetime,
    day: date,
) -> Proposal:
    """`topic` is an id, "" to be understood from the words, or "none". As many statements as `right_contacts` asks."""
    chosen = next((one for one in every if str(one.id) == topic), None)
    is_understood = chosen is None and not topic
    about = understood(words or "")
    if is_understood:
        chosen = next((one for one in every if one.id == about.topic_id), None)
    found = right_contacts(
        [organisation] if organisation is not None else [],
        topic=chosen.id if chosen is not None else None,
        site=site or about.site_id,
        day=day,
    )
    return Proposal(
        topic=chosen,
        is_understood=is_understood and chosen is not None,
        due_on=due_day(at, chosen.working_days if chosen is not None else USUAL_DAYS),
        contact=found.get(organisation) or found[None],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What is known of somebody who calls, and what they call about, as it was typed."""

    organisation: int | None
    contact: int | None
    phone: str | None
    email: str | None
    name: str | None
    subject: str | None

    def is_same(self, row: Any) -> bool:
        """Who is known only by a name is the same only where it is about something alike."""
        digits = phone_digits(self.phone)
        return (
            (self.organisation is not None and row.organisation_id == self.organisation)
            or (self.contact is not None and row.contact_id == self.contact)
            or bool(digits and digits in (row.caller_phone or ""))
            or bool(self.email and row.caller_email == self.email.strip().lower())
            or are_alike(row.subject, self.subject)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """Any of which makes an enquiry perhaps theirs."""
        e = Enquiry
        same: list[ColumnElement[bool]] = []
        if self.organisation is not None:
            same.append(e.organisation_id == self.organisation)
        if self.contact is not None:
            same.append(e.contact_id == self.contact)
        if digits := phone_digits(self.phone):
            same.append(e.caller_phone.contains(digits, autoescape=True))
        if self.email and "@" in self.email:
            same.append(e.caller_email == self.email.strip().lower())
        if names := folded(self.name or "").split():
            said = (e.search_text.contains(word, autoescape=True) for word in names)
            same.append(and_(e.caller_name.is_not(None), *said))
        return same


def duplicates(caller: Caller, *, at: datetime) -> list[Any]:
    """Open enquiries, and those of the last thirty days, of the same caller, those about the same first: who is the same
    organisation, contact, telephone number or e-mail address, or says the same name about something alike. One statement;
    none where nothing is known of the caller.
    """
    same = caller.conditions()
    if not same:
        return []
    recent = or_(is_open(), Enquiry.received_at >= at - RECENT)
    rows = db.session.execute(
        rows_of([Enquiry.deleted_at.is_(None), recent, or_(*same)])
        .order_by(Enquiry.received_at.desc(), Enquiry.id.desc())
        .limit(LOOKED_AT)
    ).all()
    found = [row for row in rows if caller.is_same(row)]
    return sorted(found, key=lambda row: not are_alike(row.subject, caller.subject))[:MOST_SHOWN]
