"""One interaction with what its page and its form show."""

from collections.abc import Sequence

from flask import abort
from sqlalchemy import Integer, String, bindparam, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from crm.accounts.models import User
from crm.extensions import db
from crm.interactions.models import AdvisorParticipation, ContactParticipation, FollowUp, Interaction
from crm.interactions.policies import can_bin, can_view
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.plan.models import Measure


def found_interaction(interaction_id: int, viewer: User) -> Interaction:
    """The interaction with everything its page shows. 404 where there is none, or where it is in
    the bin and the viewer could not restore it; 403 where it is confidential and not for them.
    """
    return _allowed(interaction_by_id(interaction_id), viewer)


def _allowed(interaction: Interaction | None, viewer: User) -> Interaction:
    if interaction is None:
        abort(404)
    if not can_view(viewer, interaction):
        abort(403)
    if interaction.is_binned and not can_bin(viewer, interaction):
        abort(404)
    return interaction


def interaction_to_fill_in(interaction_id: int, viewer: User) -> Interaction:
    """The interaction as the form needs it: only its advisors come along. Aborts as `found_interaction` does. One
    statement.
    """
    if not 0 < interaction_id < 2**31:
        abort(404)
    found = db.session.scalars(_WITH_ADVISORS, {"identity": interaction_id})
    return _allowed(found.unique().one_or_none(), viewer)


def interaction_by_id(interaction_id: int) -> Interaction | None:
    """The interaction with its participants, measures and follow-ups, whoever asks; in the bin or not."""
    if not 0 < interaction_id < 2**31:
        return None
    return db.session.scalar(_WHOLE, {"identity": interaction_id})


def everything() -> Sequence[ExecutableOption]:
    """Loading options for all that an interaction's page, form and API answer show. Six statements for any number."""
    person = (Contact.given_name, Contact.family_name, Contact.sort_key)
    met = selectinload(Interaction.contact_participations)
    return (
        joinedload(Interaction.author).load_only(User.name),
        selectinload(Interaction.organisations).load_only(Organisation.name, Organisation.sort_key),
        selectinload(Interaction.measures).joinedload(Measure.plan, innerjoin=True),
        met.joinedload(ContactParticipation.contact, innerjoin=True).load_only(*person),
        met.joinedload(ContactParticipation.affiliation)
        .joinedload(Affiliation.organisation)
        .load_only(Organisation.name),
        selectinload(Interaction.advisor_participations).options(
            joinedload(AdvisorParticipation.user, innerjoin=True).load_only(User.name, User.sort_key),
            joinedload(AdvisorParticipation.unit),
        ),
        selectinload(Interaction.follow_ups).joinedload(FollowUp.owner, innerjoin=True).load_only(User.name),
    )


_IDENTITY = bindparam("identity", type_=Integer)
_WHOLE = select(Interaction).where(Interaction.id == _IDENTITY).options(*everything())
_WITH_ADVISORS = (
    select(Interaction)
    .where(Interaction.id == _IDENTITY)
    .options(joinedload(Interaction.advisor_participations))
)
_SUBMITTED = (
    select(Interaction)
    .where(Interaction.submission_key == bindparam("submission_key", type_=String))
    .options(*everything())
)
"""Statements made once: making one costs more than asking it."""


def submitted(submission_key: str) -> Interaction | None:
    """The interaction that the form with this key has made, if it has been sent before."""
    return db.session.scalar(_SUBMITTED, {"submission_key": submission_key})
