"""Reads. The list, its count, the export and the API share one query object."""

from crm.enquiries.queries.listing import EnquiryFilter, EnquiryQuery
from crm.enquiries.queries.mail import enquiry_of_message, known_by
from crm.enquiries.queries.panels import (
    binned_enquiries,
    enquiry_of_interaction,
    latest_of_contact,
    latest_of_organisation,
    my_enquiries,
)
from crm.enquiries.queries.registering import Caller, duplicates, proposal, topics
from crm.enquiries.queries.single import absence_of, enquiry_page, found_enquiry, submitted

__all__ = [
    "Caller",
    "EnquiryFilter",
    "EnquiryQuery",
    "absence_of",
    "binned_enquiries",
    "duplicates",
    "enquiry_of_interaction",
    "enquiry_of_message",
    "enquiry_page",
    "found_enquiry",
    "known_by",
    "latest_of_contact",
    "latest_of_organisation",
    "my_enquiries",
    "proposal",
    "submitted",
    "topics",
]
