"""How messages that came in read in the audit log. What they say of people is not told there: it is kept for 30 days only."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from crm.accounts.models import Permission
from crm.audit.descriptions import Description, describe, name_actions
from crm.audit.fields import at_moment, choice, record_named
from crm.invitations.models import InboundMessage, MessageState, Proof, Via
from crm.invitations.reasons import Reason


def describe_invitations() -> None:
    name_actions(
        {
            "taken": _l("Taken in"),
            "refused": _l("Not taken in"),
            "waits": _l("Set to wait"),
            "answered": _l("Answered"),
        }
    )
    describe(
        "InboundMessage",
        Description(
            label=_l("Invitation"),
            identity=InboundMessage.id,
            name=lambda: func.substr(InboundMessage.digest, 1, 8),
            path=lambda _identity: "/invitations/",
            opened_by=Permission.LOG_INTERACTIONS,
            fields={
                "digest": None,
                "message_key": None,
                "via": choice(_l("Came in"), Via),
                "state": choice(_l("State"), MessageState),
                "reason": choice(_l("Why not"), Reason),
                "proof": choice(_l("Proved by"), Proof),
                "sender_id": record_named(_l("Sender"), "User"),
                "received_at": at_moment(_l("Received at")),
                "answered_at": at_moment(_l("Answered at")),
                "results": None,  # the interactions tell for themselves
            },
        ),
    )
