"""What a person answers where the invitation alone left a question."""

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import User
from crm.database import now
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.operations import InteractionValues, update_interaction
from crm.interactions.policies import can_edit
from crm.invitations.models import Invitee
from crm.organisations.models import Contact, Organisation
from crm.web.validation import Invalid

OPEN = (InteractionStatus.draft, InteractionStatus.planned)


def answer_question(invitee: Invitee, candidate_id: int, *, actor: User) -> None:
    """Put the candidate on all interactions of the meeting that are still to come. Raises Invalid."""
    chosen = next((one for one in invitee.candidates if one.id == candidate_id), None)
    record = (chosen.organisation or chosen.contact) if chosen is not None else None
    if record is None or record.is_binned:
        raise Invalid({"candidate": [_("What was chosen is in the bin. Choose another")]})
    _put_on(invitee, record, actor)


def welcome_contact(invitee: Invitee, *, actor: User) -> None:
    """Put somebody on who has become a contact since the invitation came. Raises Invalid unless exactly one has the address."""
    found = db.session.scalars(
        select(Contact).where(Contact.email == invitee.email, Contact.deleted_at.is_(None)).limit(2)
    ).all()
    if len(found) != 1:
        raise Invalid({"contact": [_("No contact has this e-mail address, or several have")]})
    _put_on(invitee, found[0], actor)


def settle_invitee(invitee: Invitee) -> None:
    """No more is asked about them."""
    invitee.settled_at = invitee.settled_at or now()


def _put_on(invitee: Invitee, record: Organisation | Contact, actor: User) -> None:
    for occurrence in invitee.meeting.occurrences:
        interaction = occurrence.interaction
        if interaction.status in OPEN and not interaction.is_binned and can_edit(actor, interaction):
            update_interaction(interaction, actor=actor, version=None, **_with(interaction, record))
    settle_invitee(invitee)


def _with(interaction: Interaction, record: Organisation | Contact) -> InteractionValues:
    organisations = [organisation.id for organisation in interaction.organisations]
    if isinstance(record, Organisation):
        return {"organisation_ids": [*organisations, record.id]}
    values: InteractionValues = {
        "contact_ids": [*(contact.id for contact in interaction.contacts), record.id]
    }
    current = {
        one.organisation_id
        for one in record.affiliations
        if one.ended_on is None and not one.organisation.is_binned
    }
    if len(current) == 1:
        values["organisation_ids"] = [*organisations, *current]
    return values
