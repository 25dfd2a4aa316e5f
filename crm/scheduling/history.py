"""How invitations read in the audit log."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from crm.accounts.models import User
from crm.audit.descriptions import Description, describe, name_actions
from crm.audit.fields import at_moment, plain, record_named
from crm.interactions.models import Interaction
from crm.interactions.queries import readable
from crm.organisations.models import Contact
from crm.scheduling.models import ANSWERS, Guest


def describe_invitations() -> None:
    name_actions({"invited": _l("Invited"), "withdrawn": _l("Taken off"), "answered": _l("Answered")})
    describe(
        "Guest",
        Description(
            label=_l("Invitation"),
            identity=Guest.id,
            name=_name,
            place=(Guest.interaction_id,),
            path=lambda interaction: f"/interactions/{interaction}#invitations",
            readable=_readable,
            fields={
                "interaction_id": record_named(_l("Interaction"), "Interaction"),
                "contact_id": None,  # who it is stands in the name
                "user_id": None,
                "invited_by_id": record_named(_l("Invited by"), "User"),
                "message": plain(_l("Message")),
                "withdrawn_at": at_moment(_l("Taken off")),
                "answer": plain(_l("Answer"), lambda value: ANSWERS.get(value, value)),
            },
        ),
    )


def _name() -> Any:
    """Who is invited, and to what."""
    contact = select(Contact.given_name + " " + Contact.family_name).where(Contact.id == Guest.contact_id)
    user = select(User.name).where(User.id == Guest.user_id)
    title = select(Interaction.title).where(Interaction.id == Guest.interaction_id)
    who = func.coalesce(contact.scalar_subquery(), user.scalar_subquery())
    return who + " – " + title.scalar_subquery()


def _readable(viewer: Any) -> ColumnElement[bool]:
    return select(Interaction.id).where(Interaction.id == Guest.interaction_id, readable(viewer)).exists()
