from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from crm.accounts.models import Permission, Unit, User
from crm.audit.recording import record
from crm.database import now
from crm.enquiries import rules
from crm.enquiries.changes import enquiry_handed_over
from crm.enquiries.deadlines import USUAL_DAYS, due_day
from crm.enquiries.models import Enquiry, EnquiryStatus, StepKind
from crm.enquiries.operations.steps import add_step
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.responsibilities.models import Topic
from crm.sites.models import Site
from crm.web.clock import local
from crm.web.validation import Invalid

Problems = dict[str, list[Any]]


def register(
    *,
    actor: User,
    subject: str | None,
    text: str | None = None,
    channel: str = "phone",
    topic: int | None = None,
    site: int | None = None,
    organisation: int | None = None,
    contact: int | None = None,
    caller_name: str | None = None,
    caller_organisation: str | None = None,
    caller_phone: str | None = None,
    caller_email: str | None = None,
    assignee: int | None = None,
    unit: int | None = None,
    due_on: date | None = None,
    received_at: datetime | None = None,
    message_key: str | None = None,
    submission_key: str | None = None,
) -> Enquiry:
    """A new enquiry. Records are named by their ids; without an assignee it stands in the queue, the unit's where one is named.

    Without `due_on` it is due as its topic says, else in three working days. `message_key` tells the e-mail that it came
    by, `submission_key` the form it was filled in on. Raises Invalid by field (`topic_id` for `topic`, and so on).
    """
    received = received_at or now()
    enquiry = Enquiry(
        author=actor, received_at=received, message_key=message_key, submission_key=submission_key
    )
    found: Problems = {}
    put_in(
        enquiry,
        {
            "subject": subject,
            "text": text,
            "channel": channel,
            "topic_id": topic,
            "site_id": site,
            "organisation_id": organisation,
            "contact_id": contact,
            "caller_name": caller_name,
            "caller_organisation": caller_organisation,
            "caller_phone": caller_phone,
            "caller_email": caller_email,
            "due_on": due_on or due_day(received, working_days_of(topic)),
        },
        found,
    )
    person = handler(assignee, found)
    unit_id = _unit(unit, found)
    if found:
        raise Invalid(found)
    enquiry.assignee, enquiry.unit_id = person, unit_id
    enquiry.status = EnquiryStatus.assigned if person is not None else EnquiryStatus.new
    db.session.add(enquiry)
    step = add_step(
        enquiry,
        StepKind.registered,
        actor=actor,
        to_user=person,
        to_unit_id=unit_id if person is None else None,
    )
    record(enquiry, actor=actor)
    enquiry_handed_over.send(step)
    return enquiry


def put_in(enquiry: Enquiry, values: dict[str, Any], found: Problems) -> None:
    """Put the values into the enquiry where they are good; what is wrong goes to `found`."""
    typed = {name: value for name, value in values.items() if name in rules.VALUES}
    stored = {name: value for name, value in values.items() if name not in rules.VALUES}
    try:
        stored |= rules.checked_values(typed)
        rules.check_caller({name: stored.get(name, getattr(enquiry, name)) for name in rules.CALLER})
    except Invalid as invalid:
        found.update(invalid.errors)
    try:
        received = local(enquiry.received_at).date()
        if "due_on" in stored and stored["due_on"] != enquiry.due_on:
            rules.check_deadline(stored["due_on"], received)
    except Invalid as invalid:
        found.update(invalid.errors)
    for name, kind in _RECORDS.items():
        if name in stored and stored[name] != getattr(enquiry, name) and stored[name] is not None:
            chosen: Any = db.session.get(kind, stored[name])
            if chosen is None or getattr(chosen, "is_binned", False):
                found[name] = [_("What was chosen does not exist, or is in the bin. Choose another")]
    if not found:
        for name, value in stored.items():
            if getattr(enquiry, name) != value:
                setattr(enquiry, name, value)


_RECORDS: dict[str, Any] = {
    "topic_id": Topic,
    "site_id": Site,
    "organisation_id": Organisation,
    "contact_id": Contact,
}


def working_days_of(topic_id: int | None) -> int:
    """How many working days an enquiry about the topic may wait for its answer."""
    topic = db.session.get(Topic, topic_id) if topic_id is not None else None
    return topic.working_days if topic is not None else USUAL_DAYS


def handler(user_id: int | None, found: Problems) -> User | None:
    """Somebody who handles enquiries; others are refused at `assignee_id`."""
    if user_id is None:
        return None
    user = db.session.get(User, user_id)
    if user is None or user.is_service or not user.may(Permission.HANDLE_ENQUIRIES):
        found["assignee_id"] = [_("Choose somebody who handles enquiries")]
        return None
    return user


def _unit(unit_id: int | None, found: Problems) -> int | None:
    if unit_id is not None and db.session.get(Unit, unit_id) is None:
        found["unit_id"] = [_("Choose one from the list")]
    return unit_id
