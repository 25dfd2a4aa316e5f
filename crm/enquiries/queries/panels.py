"""What other features' pages show of enquiries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from crm.accounts.models import User
from crm.enquiries.models import Enquiry, EnquiryStatus
from crm.enquiries.queries.listing import EnquiryFilter, is_open, rows_of
from crm.extensions import db

MOST_SHOWN = 5


def latest_of_organisation(identity: int) -> Sequence[Any]:
    return _latest(Enquiry.organisation_id == identity)


def latest_of_contact(identity: int) -> Sequence[Any]:
    return _latest(Enquiry.contact_id == identity)


def _latest(condition: Any) -> Sequence[Any]:
    """At most five, open ones first, then the latest. One statement."""
    return db.session.execute(
        rows_of([Enquiry.deleted_at.is_(None), condition])
        .order_by(is_open().desc(), Enquiry.received_at.desc(), Enquiry.id.desc())
        .limit(MOST_SHOWN)
    ).all()


@dataclass(frozen=True, slots=True)
class Mine:
    """What waits for a user: the first of their open enquiries as they are due, and how many stand in the queue."""

    rows: Sequence[Any]
    total: int
    queue: int


def my_enquiries(viewer: User, today: date) -> Mine:
    """Two statements."""
    mine = EnquiryFilter(whose="mine").conditions(viewer, today)
    queued = (
        select(func.count())
        .select_from(Enquiry)
        .where(
            Enquiry.deleted_at.is_(None), Enquiry.status == EnquiryStatus.new, Enquiry.assignee_id.is_(None)
        )
    )
    counted = select(func.count()).select_from(Enquiry).where(*mine).scalar_subquery()
    total, queue = db.session.execute(select(counted, queued.scalar_subquery())).one()
    rows = db.session.execute(rows_of(mine).order_by(Enquiry.due_on, Enquiry.id).limit(10)).all()
    return Mine(rows, total, queue)


def enquiry_of_interaction(identity: int) -> Any:
    """The enquiry that became the interaction: its id and subject; None where there is none. One statement."""
    return db.session.execute(
        select(Enquiry.id, Enquiry.subject)
        .where(Enquiry.interaction_id == identity, Enquiry.deleted_at.is_(None))
        .limit(1)
    ).one_or_none()


def binned_enquiries() -> list[Any]:
    """What lies in the bin, latest first. One statement."""
    return list(
        db.session.execute(
            select(Enquiry.id, Enquiry.subject.label("name"), Enquiry.deleted_at)
            .where(Enquiry.deleted_at.is_not(None))
            .order_by(Enquiry.deleted_at.desc())
            .limit(100)
        )
    )
