"""What there is to know before two records are merged: who may be the same, where they differ, what moves."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, literal, or_, select, union_all

from crm.database import folded, words_match
from crm.extensions import db
from crm.organisations.mergeable import mergeables
from crm.organisations.models import Contact, Organisation
from crm.organisations.queries.similar import similar_organisations

MOST_PROPOSED = 5


class Moved(NamedTuple):
    """How many of something refer to a record."""

    label: Any
    number: int


class Proposal(NamedTuple):
    id: int
    name: str
    hint: str | None


def moved_by_merge(model: Any, identity: int) -> list[Moved]:
    """What refers to the record and will refer to the other one, by what people call it. One statement."""
    parts = [part for part in mergeables(model.__table__) if part.label is not None]
    counts = union_all(
        *(
            select(literal(place), func.count()).select_from(part.column.table).where(part.column == identity)
            for place, part in enumerate(parts)
        )
    )
    found: dict[str, int] = {}
    for place, number in db.session.execute(counts).all():
        label = str(parts[place].label)
        found[label] = found.get(label, 0) + number
    return [Moved(label, number) for label, number in found.items() if number]


def maybe_the_same_organisation(organisation: Organisation) -> list[Proposal]:
    """Others with a name that is alike, likest first."""
    similar = similar_organisations(organisation.name, besides=organisation.id, most=MOST_PROPOSED)
    return [Proposal(one.id, one.name, one.city) for one in similar]


def maybe_the_same_contact(contact: Contact) -> list[Proposal]:
    """Others with the same name, e-mail or telephone."""
    same = [words_match(Contact, contact.name)] if folded(contact.name) else []
    same += [
        getattr(Contact, field) == value for field in ("email", "phone") if (value := getattr(contact, field))
    ]
    statement = (
        select(Contact.id, Contact.given_name, Contact.family_name, Contact.email)
        .where(or_(*same), Contact.id != contact.id, Contact.deleted_at.is_(None))
        .order_by(Contact.sort_key, Contact.id)
        .limit(MOST_PROPOSED)
    )
    found: Sequence[Any] = db.session.execute(statement).all() if same else []
    return [Proposal(one.id, f"{one.given_name} {one.family_name}".strip(), one.email) for one in found]
