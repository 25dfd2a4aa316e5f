"""What is done with invitations while nobody is looking."""

from datetime import datetime
from importlib import import_module

from crm.invitations import operations
from crm.jobs import JobFailed
from crm.web.clock import local


def fetch(at: datetime) -> str:
    """From the mailbox that CALENDAR_MAILBOX_URL names, if any. Raises JobFailed where it does not answer."""
    mailbox = import_module(
        "crm.invitations.mailbox"
    )  # what it needs is loaded by jobs, and not by each worker
    try:
        fetched = mailbox.poll(at)
    except mailbox.MailboxFailed as failure:
        raise JobFailed(str(failure)) from failure
    return f"{fetched} fetched" if fetched else ""


def tidy(at: datetime) -> str:
    """Plan what of recurring meetings has come within a year, and forget messages that are 30 days old."""
    planned, emptied = operations.lay_out_further(local(at).date()), operations.expire(at)
    return f"{planned} planned, {emptied} forgotten" if planned or emptied else ""
