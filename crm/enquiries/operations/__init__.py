"""Verbs. Each flushes and records what it did; none commits. All raise Invalid for what breaks a rule.

Whoever is to hear of a assign is told by e-mail when it is committed (`crm.enquiries.notices`).
"""

from crm.enquiries.operations.answering import (
    add_note,
    answer,
    close,
    convert,
    reopen,
    resume,
    wait_for_them,
)
from crm.enquiries.operations.editing import bin_enquiry, edit, restore_enquiry
from crm.enquiries.operations.handing_over import hand_over, take
from crm.enquiries.operations.registering import register

__all__ = [
    "add_note",
    "answer",
    "bin_enquiry",
    "close",
    "convert",
    "edit",
    "hand_over",
    "register",
    "reopen",
    "restore_enquiry",
    "resume",
    "take",
    "wait_for_them",
]
