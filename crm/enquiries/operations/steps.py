"""One writer of an enquiry at a time, and the steps that are kept of it."""

from datetime import datetime

from sqlalchemy import select

from crm.accounts.models import User
from crm.database import now
from crm.enquiries.models import Enquiry, EnquiryStep, StepKind
from crm.extensions import db
from crm.web.validation import check_version


def lock_enquiry(enquiry: Enquiry, version: int | None = None) -> None:
    """From here on nobody else changes it before this transaction ends, and it is what they left. Raises Stale where that is
    not the version that was read; None takes any.
    """
    current = db.session.scalar(select(Enquiry.version).where(Enquiry.id == enquiry.id).with_for_update())
    if current != enquiry.version:
        db.session.refresh(enquiry)
    check_version(enquiry, version)


def add_step(
    enquiry: Enquiry,
    kind: StepKind,
    *,
    actor: User | None,
    words: str | None = None,
    to_user: User | None = None,
    to_unit_id: int | None = None,
    at: datetime | None = None,
) -> EnquiryStep:
    """The step, not yet flushed."""
    step = EnquiryStep(
        enquiry=enquiry,
        kind=kind,
        actor=actor,
        words=words,
        to_user=to_user,
        to_unit_id=to_unit_id,
        at=at or now(),
    )
    db.session.add(step)
    return step
