"""What the API tells of organisations and contacts: their own columns, and what is tied to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Integer, bindparam, literal, select, union_all

from crm.database import among
from crm.extensions import db
from crm.organisations.models import (
    Affiliation,
    Contact,
    Organisation,
    Relation,
    RelationKind,
    Tag,
    organisation_tags,
)

_o, _c, _a = Organisation.__table__.c, Contact.__table__.c, Affiliation.__table__.c

RECORDED_ORGANISATION = (
    *(
        _o.id,
        _o.name,
        _o.kind,
        _o.status,
        _o.organisation_number,
        _o.legal_form,
        _o.industry_code,
        _o.employees,
    ),
    *(_o.municipality_number, _o.street, _o.postcode, _o.city, _o.website, _o.email, _o.phone),
    *(_o.account_manager_id, _o.sort_key, _o.version, _o.created_at, _o.updated_at),
)
RECORDED_CONTACT = (
    *(_c.id, _c.given_name, _c.family_name, _c.email, _c.phone, _c.language),
    *(_c.sort_key, _c.version, _c.created_at, _c.updated_at),
)
ORGANISATION_FIELDS, CONTACT_FIELDS = (
    tuple(column.key for column in columns) for columns in (RECORDED_ORGANISATION, RECORDED_CONTACT)
)


class OrganisationRecord(NamedTuple):
    """`fields` has RECORDED_ORGANISATION by name; the tags are in their order."""

    fields: Mapping[str, Any]
    parent_id: int | None
    tags: Sequence[str]


class RecordedAffiliation(NamedTuple):
    id: int
    organisation_id: int
    title: str | None
    topics: Sequence[str]
    primary: bool
    started_on: date | None
    ended_on: date | None


class ContactRecord(NamedTuple):
    """`fields` has RECORDED_CONTACT by name; affiliations stand in no order."""

    fields: Mapping[str, Any]
    affiliations: Sequence[RecordedAffiliation]


def _ties() -> CompoundSelect[Any]:
    """(organisation, parent or 0, tag, its place) of each parent and each tag of `ids`."""
    relation, tag = Relation.__table__.c, Tag.__table__
    parents = select(relation.from_id, relation.to_id, literal(""), literal("")).where(
        among(relation.from_id),
        relation.kind == RelationKind.subsidiary_of.value,
        relation.ended_on.is_(None),
    )
    tags = (
        select(organisation_tags.c.organisation_id, literal(0), tag.c.name, tag.c.folded_name)
        .join(tag, tag.c.id == organisation_tags.c.tag_id)
        .where(among(organisation_tags.c.organisation_id))
    )
    return union_all(parents, tags)


_TIES = _ties()
_AFFILIATIONS = select(_a.contact_id, *(_a[name] for name in RecordedAffiliation._fields)).where(
    among(_a.contact_id)
)
_ORGANISATION = select(*RECORDED_ORGANISATION).where(
    _o.id == bindparam("identity", type_=Integer), _o.deleted_at.is_(None)
)
_CONTACT = select(*RECORDED_CONTACT).where(
    _c.id == bindparam("identity", type_=Integer), _c.deleted_at.is_(None)
)


def organisations_with_ties(rows: Sequence[Any]) -> list[OrganisationRecord]:
    """Rows of RECORDED_ORGANISATION with parents and tags: one more statement, whatever their number."""
    parents: dict[int, int] = {}
    tags: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for identity, parent_id, tag, place in db.session.execute(_TIES, {"ids": [row.id for row in rows]}).all():
        if parent_id:
            parents[identity] = parent_id
        else:
            tags[identity].append((place, tag))
    return [
        OrganisationRecord(
            dict(zip(ORGANISATION_FIELDS, row, strict=True)),
            parents.get(row.id),
            [tag for _place, tag in sorted(tags.get(row.id, ()))],
        )
        for row in rows
    ]


def contacts_with_ties(rows: Sequence[Any]) -> list[ContactRecord]:
    """Rows of RECORDED_CONTACT with their affiliations: one more statement, whatever their number."""
    found: dict[int, list[RecordedAffiliation]] = defaultdict(list)
    for contact_id, *fields in db.session.execute(_AFFILIATIONS, {"ids": [row.id for row in rows]}).all():
        found[contact_id].append(RecordedAffiliation._make(fields))
    return [ContactRecord(dict(zip(CONTACT_FIELDS, row, strict=True)), found.get(row.id, ())) for row in rows]


def organisation_record(identity: int) -> OrganisationRecord | None:
    """One that is not in the bin. Two statements."""
    row = db.session.execute(_ORGANISATION, {"identity": identity}).one_or_none()
    return organisations_with_ties([row])[0] if row is not None else None


def contact_record(identity: int) -> ContactRecord | None:
    """One that is not in the bin. Two statements."""
    row = db.session.execute(_CONTACT, {"identity": identity}).one_or_none()
    return contacts_with_ties([row])[0] if row is not None else None
