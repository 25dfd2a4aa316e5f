from flask_babel import gettext as _

from crm.accounts.models import Unit, User
from crm.audit.recording import record
from crm.database import now
from crm.enquiries import rules
from crm.enquiries.changes import enquiry_handed_over
from crm.enquiries.deadlines import working_days_after, working_days_between
from crm.enquiries.models import Enquiry, EnquiryStatus, StepKind
from crm.enquiries.operations.registering import Problems, handler
from crm.enquiries.operations.steps import add_step, lock_enquiry
from crm.extensions import db
from crm.web.clock import local
from crm.web.validation import Invalid


def take(enquiry: Enquiry, *, actor: User, version: int | None) -> None:
    """The actor answers it from now on. Raises Stale where somebody else was first, Invalid where it is over."""
    hand_over(enquiry, actor=actor, version=version, assignee_id=actor.id, unit_id=enquiry.unit_id)


def hand_over(
    enquiry: Enquiry,
    *,
    actor: User,
    version: int | None,
    assignee_id: int | None,
    unit_id: int | None,
    words: str | None = None,
) -> None:
    """To a person, or to the queue of a unit, or to everybody's; with a word. Raises Stale or Invalid.

    What it was escalated by is forgotten: whoever gets it is given their time.
    """
    lock_enquiry(enquiry, version)
    rules.check_step(StepKind.assigned, enquiry.status)
    found: Problems = {}
    person = handler(assignee_id, found)
    if unit_id is not None and db.session.get(Unit, unit_id) is None:
        found["unit_id"] = [_("Choose one from the list")]
    told = rules.checked_words(words)
    if found:
        raise Invalid(found)
    if enquiry.assignee_id == assignee_id and enquiry.unit_id == unit_id:
        return
    to_person = enquiry.assignee_id != assignee_id
    move_deadline(enquiry)
    enquiry.assignee, enquiry.assignee_id, enquiry.unit_id = person, assignee_id, unit_id
    enquiry.status = EnquiryStatus.assigned if person is not None else EnquiryStatus.new
    enquiry.deputy_told_at = enquiry.manager_told_at = None
    step = add_step(
        enquiry,
        StepKind.assigned,
        actor=actor,
        words=told,
        to_user=person if to_person else None,
        to_unit_id=unit_id if person is None or not to_person else None,
    )
    record(enquiry, actor=actor, action="assigned")
    enquiry_handed_over.send(step)


def move_deadline(enquiry: Enquiry) -> None:
    """The working days that it waited for them are given to us: the deadline moves by as many."""
    if enquiry.status != EnquiryStatus.waiting:
        return
    since = next((step.at for step in reversed(enquiry.steps) if step.kind == StepKind.waiting), None)
    waited = working_days_between(local(since).date(), local(now()).date()) if since is not None else 0
    if waited:
        enquiry.due_on = working_days_after(enquiry.due_on, waited)
