"""What lies in the bin and can be restored."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm.database import now
from crm.extensions import db
from crm.organisations.models import Contact, Organisation

KEPT = timedelta(days=30)
MOST = 100


def binned_organisations() -> Sequence[Any]:
    """(id, name, deleted_at) of those put there in the last 30 days, the latest first."""
    columns = (Organisation.id, Organisation.name, Organisation.deleted_at)
    recent = Organisation.deleted_at > now() - KEPT
    return db.session.execute(
        select(*columns).where(recent).order_by(Organisation.deleted_at.desc()).limit(MOST)
    ).all()


def binned_contacts() -> Sequence[Any]:
    """(id, given_name, family_name, deleted_at) of those put there in the last 30 days, the latest first."""
    columns = (Contact.id, Contact.given_name, Contact.family_name, Contact.deleted_at)
    recent = Contact.deleted_at > now() - KEPT
    return db.session.execute(
        select(*columns).where(recent).order_by(Contact.deleted_at.desc()).limit(MOST)
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
