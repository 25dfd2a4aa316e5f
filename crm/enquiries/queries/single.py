"""One enquiry with all that its page shows."""

from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from crm.accounts.models import Absence, User
from crm.enquiries.models import Enquiry, EnquiryStep
from crm.extensions import db

LARGEST_ID = 2**31 - 1


def found_enquiry(identity: int) -> Enquiry | None:
    """To be changed; one in the bin as well."""
    return db.session.get(Enquiry, identity) if 0 < identity <= LARGEST_ID else None


def enquiry_page(identity: int) -> Enquiry | None:
    """With whom and what it names, and its steps. Two statements."""
    e, s = Enquiry, EnquiryStep
    people = (joinedload(s.actor), joinedload(s.to_user), joinedload(s.to_unit))
    return db.session.scalar(
        select(e)
        .where(e.id == identity)
        .options(
            *(joinedload(e.topic), joinedload(e.site), joinedload(e.organisation), joinedload(e.contact)),
            *(joinedload(e.unit), joinedload(e.author), joinedload(e.assignee)),
            selectinload(e.steps).options(*people),
        )
        .execution_options(populate_existing=True)
    )


def submitted(key: str) -> Enquiry | None:
    """What the form with the key has made already."""
    return db.session.scalar(select(Enquiry).where(Enquiry.submission_key == key)) if key else None


def absence_of(user_id: int, day: date) -> Any:
    """The last day of the user's absence on the day, and the name of who stands in (None where nobody does: see
    `crm.accounts.absences.standing_in`); None for somebody who is there. One statement.
    """
    theirs = aliased(Absence)
    is_away = (
        select(theirs.id)
        .where(theirs.user_id == User.id, theirs.starts_on <= day, theirs.ends_on >= day)
        .correlate(User)
        .exists()
    )
    stands_in = and_(User.id == Absence.deputy_id, User.deactivated_at.is_(None), ~is_away)
    return db.session.execute(
        select(Absence.ends_on, User.name.label("deputy"))
        .outerjoin(User, stands_in)
        .where(Absence.user_id == user_id, Absence.starts_on <= day, Absence.ends_on >= day)
        .order_by(Absence.starts_on)
        .limit(1)
    ).one_or_none()
