"""How enquiries read in their history and in the audit log."""

from flask_babel import lazy_gettext as _l

from crm.audit.descriptions import Description, describe, name_actions
from crm.audit.fields import at_moment, choice, number, on_day, plain, record_named
from crm.enquiries.models import Channel, Enquiry, EnquiryStatus


def describe_enquiries() -> None:
    name_actions(
        {
            "assigned": _l("Handed over"),
            "waiting": _l("Waiting for them"),
            "resumed": _l("Taken up again"),
            "answer_given": _l("Answer given"),
            "closed": _l("Closed"),
            "reopened": _l("Reopened"),
            "noted": _l("Note added"),
            "escalated": _l("Escalated"),
            "converted": _l("Became an interaction"),
        }
    )
    describe(
        "Enquiry",
        Description(
            label=_l("Enquiry"),
            identity=Enquiry.id,
            name=lambda: Enquiry.subject,
            path=lambda identity: f"/enquiries/{identity}",
            fields={
                "subject": plain(_l("What it is about")),
                "text": plain(_l("More about it")),
                "channel": choice(_l("Channel"), Channel),
                "status": choice(_l("Status"), EnquiryStatus),
                "topic_id": record_named(_l("Topic"), "Topic"),
                "site_id": record_named(_l("Site"), "Site"),
                "organisation_id": record_named(_l("Organisation"), "Organisation"),
                "contact_id": record_named(_l("Contact"), "Contact"),
                "caller_name": plain(_l("Name")),
                "caller_organisation": plain(_l("Calls for")),
                "caller_phone": plain(_l("Telephone")),
                "caller_email": plain(_l("E-mail")),
                "assignee_id": record_named(_l("Who answers"), "User"),
                "unit_id": record_named(_l("Unit"), "Unit"),
                "author_id": record_named(_l("Taken in by"), "User"),
                "received_at": at_moment(_l("Came in")),
                "due_on": on_day(_l("Due")),
                "answer": plain(_l("Answer")),
                "answered_at": at_moment(_l("Answer given")),
                "working_minutes": number(_l("Working minutes to the answer")),
                "closed_at": at_moment(_l("Closed")),
                "interaction_id": record_named(_l("Interaction"), "Interaction"),
                "deleted_at": None,
            },
        ),
    )
