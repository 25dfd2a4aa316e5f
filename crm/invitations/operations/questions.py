"""What a person answers where the invitation alone left a question."""

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.database import now
from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.operations import InteractionValues, update_interaction
from crm.interactions.policies import can_edit
from crm.invitations.models import Candidate, Invitee
from crm.web.validation import Invalid

OPEN = (InteractionStatus.draft, InteractionStatus.planned)


def answer_question(invitee: Invitee, candidate_id: int, *, actor: User) -> None:
    """Put the candidate on all interactions of the meeting that are still to come. Raises Invalid."""
    chosen = next((one for one in invitee.candidates if one.id == candidate_id), None)
    gone = chosen is None or _is_gone(chosen)
    if gone or chosen is None:
        raise Invalid({"candidate": [_("What was chosen is in the bin. Choose another")]})
    for occurrence in invitee.meeting.occurrences:
        interaction = occurrence.interaction
        if interaction.status in OPEN and not interaction.is_binned and can_edit(actor, interaction):
            update_interaction(interaction, actor=actor, version=None, **_with(interaction, chosen))
    settle_invitee(invitee)


def settle_invitee(invitee: Invitee) -> None:
    """No more is asked about them."""
    invitee.settled_at = invitee.settled_at or now()


def _is_gone(candidate: Candidate) -> bool:
    record = candidate.organisation or candidate.contact
    return record is None or record.is_binned


def _with(interaction: Interaction, candidate: Candidate) -> InteractionValues:
    if candidate.organisation_id is not None:
        present = [organisation.id for organisation in interaction.organisations]
        return {"organisation_ids": [*present, candidate.organisation_id]}
    assert candidate.contact is not None
    met = [contact.id for contact in interaction.contacts]
    values: InteractionValues = {"contact_ids": [*met, candidate.contact.id]}
    current = {one.organisation_id for one in candidate.contact.affiliations if one.ended_on is None}
    if len(current) == 1:
        present = [organisation.id for organisation in interaction.organisations]
        values["organisation_ids"] = [*present, *current]
    return values
