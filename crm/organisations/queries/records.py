"""What the API tells of organisations and contacts: their own columns, and what is tied to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Integer, String, bindparam, cast, null, select, union_all

from crm.database import among
from crm.extensions import db
from crm.organisations.models import (
    Affiliation,
    Contact,
    Organisation,
    OrganisationName,
    Relation,
    RelationKind,
    Tag,
    organisation_tags,
)
from crm.organisations.naming import OtherName, in_order

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
    """`fields` has RECORDED_ORGANISATION by name; tags and other names are in their order."""

    fields: Mapping[str, Any]
    parent_id: int | None
    tags: Sequence[str]
    names: Sequence[OtherName] = ()


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
    """(organisation, parent or None, tag or None, its place, *OtherName or Nones) of each parent, tag and other name of
    `ids`.
    """
    relation, tag, name = Relation.__table__.c, Tag.__table__, OrganisationName.__table__.c
    no_word, no_name = cast(null(), String), [cast(null(), name[part].type) for part in OtherName._fields]
    parents = select(relation.from_id, relation.to_id, no_word, no_word, *no_name).where(
        among(relation.from_id),
        relation.kind == RelationKind.subsidiary_of.value,
        relation.ended_on.is_(None),
    )
    tags = (
        select(
            organisation_tags.c.organisation_id,
            cast(null(), Integer),
            tag.c.name,
            tag.c.folded_name,
            *no_name,
        )
        .join(tag, tag.c.id == organisation_tags.c.tag_id)
        .where(among(organisation_tags.c.organisation_id))
    )
    names = select(
        name.organisation_id,
        cast(null(), Integer),
        no_word,
        no_word,
        *(name[part] for part in OtherName._fields),
    ).where(among(name.organisation_id))
    return union_all(parents, tags, names)


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
    """Rows of RECORDED_ORGANISATION with parents, tags and names: one more statement, whatever their number."""
    parents: dict[int, int] = {}
    tags: dict[int, list[tuple[str, str]]] = defaultdict(list)
    names: dict[int, list[OtherName]] = defaultdict(list)
    ties = db.session.execute(_TIES, {"ids": [row.id for row in rows]}).all()
    for identity, parent_id, tag, place, *name in ties:
        if parent_id is not None:
            parents[identity] = parent_id
        elif tag is not None:
            tags[identity].append((place, tag))
        else:
            names[identity].append(OtherName(*name))
    return [
        OrganisationRecord(
            dict(zip(ORGANISATION_FIELDS, row, strict=True)),
            parents.get(row.id),
            [tag for _place, tag in sorted(tags.get(row.id, ()))],
            in_order(names.get(row.id, ())),
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
