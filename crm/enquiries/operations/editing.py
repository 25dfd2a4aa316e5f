from typing import Any

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.enquiries.models import Enquiry
from crm.enquiries.operations.registering import Problems, put_in
from crm.enquiries.operations.steps import lock_enquiry
from crm.web.validation import Invalid

OWN_FIELDS = (
    *("subject", "text", "channel", "topic_id", "site_id", "organisation_id", "contact_id"),
    *("caller_name", "caller_organisation", "caller_phone", "caller_email", "due_on", "answer"),
)


def edit(enquiry: Enquiry, *, actor: User, version: int | None, **values: Any) -> Enquiry:
    """Change what is given of OWN_FIELDS, leave the rest. Raises Stale or Invalid by field."""
    if unknown := values.keys() - set(OWN_FIELDS):
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    lock_enquiry(enquiry, version)
    due_before = enquiry.due_on
    found: Problems = {}
    put_in(enquiry, values, found)
    if found:
        raise Invalid(found)
    if enquiry.due_on != due_before:
        enquiry.deputy_told_at = enquiry.manager_told_at = None
    record(enquiry, actor=actor)
    return enquiry


def bin_enquiry(enquiry: Enquiry, *, actor: User, version: int | None = None) -> None:
    """Out of every list and count. Raises Stale."""
    lock_enquiry(enquiry, version)
    if not enquiry.is_binned:
        enquiry.deleted_at = now()
        record(enquiry, actor=actor, action="binned")


def restore_enquiry(enquiry: Enquiry, *, actor: User) -> None:
    lock_enquiry(enquiry)
    if enquiry.is_binned:
        enquiry.deleted_at = None
        record(enquiry, actor=actor, action="restored")
