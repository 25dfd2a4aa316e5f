"""One enquiry with all that its page shows."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.queries import WITH_DEPUTIES
from crm.enquiries.models import Enquiry, EnquiryStep
from crm.extensions import db

LARGEST_ID = 2**31 - 1


def found_enquiry(identity: int) -> Enquiry | None:
    """To be changed; one in the bin as well."""
    return db.session.get(Enquiry, identity) if 0 < identity <= LARGEST_ID else None


def enquiry_page(identity: int) -> Enquiry | None:
    """With whom and what it names, and its steps. Two statements, and those of the assignee's absences."""
    e, s = Enquiry, EnquiryStep
    people = (joinedload(s.actor), joinedload(s.to_user), joinedload(s.to_unit))
    return db.session.scalar(
        select(e)
        .where(e.id == identity)
        .options(
            *(joinedload(e.topic), joinedload(e.site), joinedload(e.organisation), joinedload(e.contact)),
            *(joinedload(e.unit), joinedload(e.author), joinedload(e.assignee).options(WITH_DEPUTIES)),
            selectinload(e.steps).options(*people),
        )
        .execution_options(populate_existing=True)
    )


def submitted(key: str) -> Enquiry | None:
    """What the form with the key has made already."""
    return db.session.scalar(select(Enquiry).where(Enquiry.submission_key == key)) if key else None
