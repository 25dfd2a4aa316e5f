"""What lies in the bin: it can be restored, or, where it was merged with another one, taken apart from that again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from crm.database import now
from crm.extensions import db
from crm.organisations.models import Contact, ContactMerge, Organisation, OrganisationMerge

KEPT = timedelta(days=30)
MOST = 100


def merged_into(merge: Any, identity: Any) -> ColumnElement[int | None]:
    """`merged_into`: the id of the record that the one with the identity was merged into."""
    return select(merge.survivor_id).where(merge.loser_id == identity).scalar_subquery().label("merged_into")


def merged_organisation(identity: int) -> int | None:
    """The id of the organisation that this one was merged into, or None."""
    return db.session.scalar(
        select(OrganisationMerge.survivor_id).where(OrganisationMerge.loser_id == identity)
    )


def merged_contact(identity: int) -> int | None:
    """The id of the contact that this one was merged into, or None."""
    return db.session.scalar(select(ContactMerge.survivor_id).where(ContactMerge.loser_id == identity))


def binned_organisations() -> Sequence[Any]:
    """(id, name, deleted_at, merged_into) of those put there in the last 30 days, the latest first."""
    columns = (Organisation.id, Organisation.name, Organisation.deleted_at)
    recent = Organisation.deleted_at > now() - KEPT
    return db.session.execute(
        select(*columns, merged_into(OrganisationMerge, Organisation.id))
        .where(recent)
        .order_by(Organisation.deleted_at.desc())
        .limit(MOST)
    ).all()


def binned_contacts() -> Sequence[Any]:
    """(id, given_name, family_name, deleted_at, merged_into) of those put there in the last 30 days, the latest first."""
    columns = (Contact.id, Contact.given_name, Contact.family_name, Contact.deleted_at)
    recent = Contact.deleted_at > now() - KEPT
    return db.session.execute(
        select(*columns, merged_into(ContactMerge, Contact.id))
        .where(recent)
        .order_by(Contact.deleted_at.desc())
        .limit(MOST)
    ).all()


def binned_with_number(number: str | None) -> Any:
    """(id, name, kind, city, deleted_at) of the latest one in the bin with the organisation number, or None."""
    if number is None:
        return None
    columns = (
        Organisation.id,
        Organisation.name,
        Organisation.kind,
        Organisation.city,
        Organisation.deleted_at,
    )
    return db.session.execute(
        select(*columns)
        .where(Organisation.organisation_number == number, Organisation.deleted_at.is_not(None))
        .order_by(Organisation.deleted_at.desc())
        .limit(1)
    ).first()


def gone_on(deleted_at: datetime) -> datetime:
    """When what was put in the bin then is no longer kept."""
    return deleted_at + KEPT
