"""What lies in the bin: it can be restored, or, where it was merged with another one, taken apart from that again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

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


def binned() -> tuple[Sequence[Any], Sequence[Any]]:
    """Organisations and contacts, each (id, name, deleted_at, merged_into), put there in the last 30 days, the latest
    first. One statement.
    """
    contact_name = func.trim(Contact.given_name + " " + Contact.family_name)
    rows = db.session.execute(
        union_all(
            _latest(Organisation, Organisation.name, OrganisationMerge),
            _latest(Contact, contact_name, ContactMerge),
        )
    ).all()
    rows = sorted(rows, key=lambda row: row.deleted_at, reverse=True)
    organisations = [row for row in rows if row.table == Organisation.__tablename__]
    return organisations, [row for row in rows if row.table == Contact.__tablename__]


def _latest(model: Any, name: Any, merge: Any) -> Select[Any]:
    found = (
        select(
            literal(model.__tablename__).label("table"),
            model.id,
            name.label("name"),
            model.deleted_at,
            merged_into(merge, model.id),
        )
        .where(model.deleted_at > now() - KEPT)
        .order_by(model.deleted_at.desc())
        .limit(MOST)
        .subquery()
    )
    return select(found)


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
