"""Who and what an interaction is with: found by id, and put on or taken off without rewriting history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import User
from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    Interaction,
    InteractionSignal,
)
from crm.interactions.rules import Problems, Tagged
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.plan.models import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A person met for the first time, who gets an affiliation to an organisation of the interaction."""

    given_name: str | None
    family_name: str | None
    title: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(slots=True)
class Participants:
    """What the ids of an interaction's values stand for; None where they were not given."""

    organisations: list[Organisation] | None = None
    contacts: list[Contact] | None = None
    advisors: list[User] | None = None
    measures: list[Measure] | None = None


def find_participants(
    interaction: Interaction,
    *,
    organisation_ids: Sequence[int] | None,
    contact_ids: Sequence[int] | None,
    advisor_ids: Sequence[int] | None,
    measure_ids: Sequence[int] | None,
) -> tuple[Participants, Problems]:
    """The records behind the ids. What is in the bin or deactivated can be kept, but not newly chosen."""
    found, problems = Participants(), Problems()

    def look_up(field: str, model: Any, ids: Sequence[int], kept: Iterable[Any], message: str) -> Any:
        kept_ids = {record.id for record in kept}
        wanted = list(dict.fromkeys(ids))
        records = {
            record.id: record
            for record in _records(model, wanted)
            if record.id in kept_ids or not _is_gone(record)
        }
        if len(records) < len(wanted):
            problems[field] = [message]
        return [records[one] for one in wanted if one in records]

    if organisation_ids is not None:
        found.organisations = look_up(
            "organisations",
            Organisation,
            organisation_ids,
            interaction.organisations,
            _("An organisation that was chosen does not exist, or is in the bin. Choose another"),
        )
    if contact_ids is not None:
        found.contacts = look_up(
            "contacts",
            Contact,
            contact_ids,
            interaction.contacts,
            _("A person who was chosen does not exist, or is in the bin. Choose another"),
        )
    if advisor_ids is not None:
        found.advisors = look_up(
            "advisors",
            User,
            advisor_ids,
            interaction.advisors,
            _("An advisor who was chosen does not exist, or is no longer active. Choose another"),
        )
    if measure_ids is not None:
        found.measures = look_up(
            "measures",
            Measure,
            measure_ids,
            interaction.measures,
            _("A measure that was chosen does not exist. Choose another"),
        )
    return found, problems


_BY_ID: dict[Any, Any] = {
    # As they are at this moment, and not to be merged away before what is written is committed.
    Organisation: select(Organisation)
    .where(among(Organisation.id))
    .with_for_update(read=True, key_share=True),
    Contact: select(Contact)
    .where(among(Contact.id))
    .options(selectinload(Contact.affiliations))
    .with_for_update(read=True, key_share=True),
    User: select(User).where(among(User.id)),
    Measure: select(Measure).where(among(Measure.id)).options(joinedload(Measure.plan)),
}


def _records(model: Any, ids: Sequence[int]) -> Iterable[Any]:
    """Those that exist. One statement, or none: a user alone is most often who writes, and is known already."""
    if model is User and len(ids) == 1:
        return filter(None, [db.session.get(User, ids[0])])
    fresh = {"populate_existing": model in (Organisation, Contact)}
    return db.session.scalars(_BY_ID[model], {"ids": ids}, execution_options=fresh).all() if ids else ()


def _is_gone(record: Any) -> bool:
    return bool(getattr(record, "is_binned", False)) or (isinstance(record, User) and not record.is_active)


def tagged(measures: Iterable[Measure]) -> list[Tagged]:
    """The measures as the rules see them."""
    return [
        Tagged(
            code=measure.code,
            plan=measure.plan.title,
            starts_on=measure.plan.starts_on,
            ends_on=measure.plan.ends_on,
        )
        for measure in measures
    ]


def put_on(interaction: Interaction, participants: Participants) -> None:
    """Make the participants the interaction's. Who stays keeps the unit or affiliation of the time they came in."""
    if participants.organisations is not None and set(participants.organisations) != set(
        interaction.organisations
    ):
        interaction.organisations = participants.organisations
    if participants.measures is not None and set(participants.measures) != set(interaction.measures):
        interaction.measures = participants.measures
    if participants.advisors is not None:
        _put_advisors_on(interaction, participants.advisors)
    if participants.contacts is not None:
        _put_contacts_on(interaction, participants.contacts)


def put_signals_on(interaction: Interaction, signals: Iterable[str]) -> None:
    """Make exactly these what the interaction gave a hint of."""
    wanted = set(signals)
    for noted in list(interaction.signals):
        if noted.signal not in wanted:
            interaction.signals.remove(noted)
    for signal in sorted(wanted - {noted.signal for noted in interaction.signals}):
        interaction.signals.append(InteractionSignal(signal=signal))


def _put_advisors_on(interaction: Interaction, advisors: Sequence[User]) -> None:
    ids = {user.id for user in advisors}
    for participation in list(interaction.advisor_participations):
        if participation.user_id not in ids:
            interaction.advisor_participations.remove(participation)
    present = {participation.user_id for participation in interaction.advisor_participations}
    for user in advisors:
        if user.id not in present:
            interaction.advisor_participations.append(
                AdvisorParticipation(user_id=user.id, user=user, unit_id=user.unit_id)
            )


def _put_contacts_on(interaction: Interaction, contacts: Sequence[Contact]) -> None:
    ids = {contact.id for contact in contacts}
    for participation in list(interaction.contact_participations):
        if participation.contact_id not in ids:
            interaction.contact_participations.remove(participation)
    present = {participation.contact_id for participation in interaction.contact_participations}
    organisation_ids = {organisation.id for organisation in interaction.organisations}
    for contact in contacts:
        if contact.id not in present:
            affiliation = affiliation_then(contact.affiliations, organisation_ids, interaction.starts_on)
            interaction.contact_participations.append(
                ContactParticipation(
                    contact_id=contact.id,
                    contact=contact,
                    affiliation_id=affiliation.id if affiliation else None,
                    affiliation=affiliation,
                )
            )


def affiliation_then(
    affiliations: Iterable[Affiliation], organisation_ids: set[int], day: date | None
) -> Affiliation | None:
    """The affiliation somebody came in: one that lasted on the day, at one of the organisations if there is
    such, else their primary one; None for somebody without any at the time.
    """
    lasting = [
        affiliation
        for affiliation in affiliations
        if day is None
        or (
            (affiliation.started_on is None or affiliation.started_on <= day)
            and (affiliation.ended_on is None or affiliation.ended_on >= day)
        )
    ]
    lasting.sort(
        key=lambda affiliation: (
            affiliation.organisation_id not in organisation_ids,
            not affiliation.primary,
            affiliation.id,
        )
    )
    return lasting[0] if lasting else None
