from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import User
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    Interaction,
    InteractionStatus,
)
from crm.organisations.models import Contact
from crm.scheduling.models import CANCELLED, Guest
from crm.web.clock import local

_PEOPLE = (joinedload(Guest.contact), joinedload(Guest.user))
_INTERACTION = bindparam("identity", type_=Integer)
_OF_INTERACTION = (
    select(Guest).where(Guest.interaction_id == _INTERACTION).options(*_PEOPLE).order_by(Guest.id)
)


def guests_of(interaction_id: int) -> Sequence[Guest]:
    """Everybody ever invited to the interaction, in the order of inviting. Ask only for one that may be read."""
    return db.session.scalars(_OF_INTERACTION, {"identity": interaction_id}).all()


@dataclass(frozen=True, slots=True)
class Invitable:
    """A participant who has not been invited; without an address they cannot be."""

    key: str
    name: str
    email: str | None


def invitable(interaction_id: int, viewer: User) -> list[Invitable]:
    """Contacts and colleagues of the interaction who are not invited; not the viewer, who does the inviting. Three
    statements.
    """
    taken = {
        (one.contact_id, one.user_id)
        for one in guests_of(interaction_id)
        if one.withdrawn_at is None and one.told != CANCELLED
    }
    contacts = db.session.scalars(_CONTACTS, {"identity": interaction_id})
    colleagues = db.session.scalars(_COLLEAGUES, {"identity": interaction_id})
    return [
        Invitable(f"contact-{one.id}", one.name, one.email) for one in contacts if (one.id, None) not in taken
    ] + [
        Invitable(f"user-{one.id}", one.name, one.email)
        for one in colleagues
        if (None, one.id) not in taken and one.id != viewer.id
    ]


_CONTACTS = (
    select(Contact)
    .join(ContactParticipation, ContactParticipation.contact_id == Contact.id)
    .where(ContactParticipation.interaction_id == _INTERACTION, Contact.deleted_at.is_(None))
    .order_by(Contact.sort_key, Contact.id)
)
_COLLEAGUES = (
    select(User)
    .join(AdvisorParticipation, AdvisorParticipation.user_id == User.id)
    .where(AdvisorParticipation.interaction_id == _INTERACTION, User.deactivated_at.is_(None))
    .order_by(User.sort_key, User.id)
)


def possibly_due(interaction_ids: Collection[int] | None, at: datetime) -> list[int]:
    """Ids of those of these interactions, or of all from yesterday on, who may have to be told something."""
    statement = select(Guest.id).join(Interaction, Interaction.id == Guest.interaction_id)
    if interaction_ids is not None:
        statement = statement.where(Guest.interaction_id.in_(interaction_ids))
    else:
        statement = statement.where(
            Interaction.starts_on >= local(at).date() - timedelta(days=1),
            Interaction.status != InteractionStatus.held,
        )
    return list(db.session.scalars(statement.order_by(Guest.id)))


def guest_with_everything(identity: int) -> Guest | None:
    return db.session.scalar(
        select(Guest)
        .where(Guest.id == identity)
        .options(*_PEOPLE, joinedload(Guest.invited_by), joinedload(Guest.interaction))
        .execution_options(populate_existing=True)
    )


def guest_with_address(interaction_id: int, email: str) -> Guest | None:
    """Who was invited to it at the e-mail address, in any case of letters."""
    wanted = email.strip().lower()
    sent_to: Any = or_(Contact.email.ilike(wanted), User.email == wanted, Guest.email.ilike(wanted))
    found = db.session.scalars(
        select(Guest)
        .outerjoin(Contact, Contact.id == Guest.contact_id)
        .outerjoin(User, User.id == Guest.user_id)
        .where(Guest.interaction_id == interaction_id, sent_to)
        .options(*_PEOPLE, joinedload(Guest.interaction))
        .order_by(Guest.id)
    ).all()
    return next(
        (one for one in found if wanted in {(one.email or "").lower(), (one.person.email or "").lower()}),
        None,
    )


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited, for the interaction's page; `unsent` of them could not be told."""

    people: Sequence[Guest]
    unsent: int


def invited_to(interaction: Interaction) -> Invited:
    """One statement; none for what is not planned, where it is told by who took part."""
    if interaction.status != InteractionStatus.planned:
        return Invited((), 0)
    people = [one for one in guests_of(interaction.id) if one.withdrawn_at is None]
    return Invited(people, sum(one.failed_at is not None for one in people))
