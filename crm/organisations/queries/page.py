"""One organisation, or one contact, as its page shows it. Those in the bin are found as well."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, exists, select

from crm.accounts.models import Absence, User
from crm.extensions import db
from crm.organisations.models import (
    Affiliation,
    Contact,
    ContactMerge,
    Organisation,
    OrganisationMerge,
    OrganisationName,
    Tag,
    organisation_tags,
)
from crm.organisations.naming import OtherName, in_order
from crm.organisations.queries.bin import merged_into

LARGEST_ID = 2**31 - 1

_o, _c, _a, _tag, _name = (
    model.__table__.c for model in (Organisation, Contact, Affiliation, Tag, OrganisationName)
)
_IDENTITY = bindparam("identity", type_=Integer)
_TODAY = bindparam("today", type_=Date)


class Person(NamedTuple):
    """One of us, and how to reach them."""

    name: str
    email: str
    phone: str | None


class Responsible(NamedTuple):
    """Somebody who answers for an organisation; `away_until` while they are away, and who then stands in."""

    role: str
    user: Person
    away_until: date | None
    stand_in: Person | None


class OrganisationPage(NamedTuple):
    """The organisation's own columns and what it was merged into, its tags and other names in their order, its account manager and its deputy."""

    organisation: Any
    tags: Sequence[str]
    names: Sequence[OtherName]
    responsible: Sequence[Responsible]

    @property
    def account_manager(self) -> str | None:
        """The name of who comes first among them."""
        named = self.organisation.account_manager_id is not None
        return self.responsible[0].user.name if named else None


_ANSWERS, _AWAY, _STANDS_IN, _OTHER = (
    table.alias(name)
    for table, name in (
        (User.__table__, "answers"),
        (Absence.__table__, "away"),
        (User.__table__, "stands_in"),
        (Absence.__table__, "other"),
    )
)


def _covers_today(absence: Any) -> ColumnElement[bool]:
    return and_(absence.starts_on <= _TODAY, absence.ends_on >= _TODAY)


def _organisation_statement() -> Select[Any]:
    """A row for each tag, each other name and each of those who answer for the organisation. Who stands in for them is the same as
    `absences.standing_in`, in the database.
    """
    answers, away, stands_in = _ANSWERS.c, _AWAY.c, _STANDS_IN.c
    is_away_too = exists().where(_OTHER.c.user_id == stands_in.id, _covers_today(_OTHER.c))
    is_there = and_(stands_in.id == away.deputy_id, stands_in.deactivated_at.is_(None), ~is_away_too)
    return (
        select(*_o, merged_into(OrganisationMerge, _o.id), _tag.name.label("tag"), *_NAMES, *_PEOPLE)
        .select_from(Organisation.__table__)
        .outerjoin(organisation_tags, organisation_tags.c.organisation_id == _o.id)
        .outerjoin(Tag.__table__, _tag.id == organisation_tags.c.tag_id)
        .outerjoin(OrganisationName.__table__, _name.organisation_id == _o.id)
        .outerjoin(_ANSWERS, answers.id.in_((_o.account_manager_id, _o.deputy_id)))
        .outerjoin(_AWAY, and_(away.user_id == answers.id, _covers_today(away)))
        .outerjoin(_STANDS_IN, is_there)
        .where(_o.id == _IDENTITY)
        .order_by(_tag.folded_name)
    )


_PEOPLE = [
    one.label(f"{one.table.name}_{one.name}")
    for one in (
        *(_ANSWERS.c[part] for part in ("id", *Person._fields)),
        _AWAY.c.ends_on,
        *(_STANDS_IN.c[part] for part in Person._fields),
    )
]
_NAMES = [_name[part].label(f"other_{part}") for part in OtherName._fields]
_NAME_OF = attrgetter(*(column.name for column in _NAMES))
_PEOPLE_OF = attrgetter(*(column.name for column in _PEOPLE))
_ORGANISATION = _organisation_statement()


def organisation_page(identity: int, today: date) -> OrganisationPage | None:
    """One organisation with its tags, its other names and with who answers for it today. One statement."""
    if identity > LARGEST_ID:
        return None
    rows = db.session.execute(_ORGANISATION, {"identity": identity, "today": today}).all()
    if not rows:
        return None
    organisation = rows[0]
    people = {person: values for person, *values in map(_PEOPLE_OF, rows) if person is not None}
    roles = (
        (_("Account manager"), organisation.account_manager_id),
        (_("Deputy"), organisation.deputy_id),
    )
    return OrganisationPage(
        organisation,
        list(dict.fromkeys(row.tag for row in rows if row.tag is not None)),
        in_order({OtherName(*_NAME_OF(row)) for row in rows if row.other_name is not None}),
        [_responsible(role, *people[person]) for role, person in roles if person is not None],
    )


def _responsible(role: str, name: str, email: str, phone: str | None, *rest: Any) -> Responsible:
    away_until, *stand_in = rest
    return Responsible(
        role, Person(name, email, phone), away_until, Person(*stand_in) if stand_in[0] else None
    )


class Affiliated(NamedTuple):
    """What a contact does or did at an organisation."""

    id: int
    title: str | None
    topics: Sequence[str]
    primary: bool
    started_on: date | None
    ended_on: date | None
    organisation_id: int
    organisation: str
    organisation_is_binned: bool


class ContactPage(NamedTuple):
    """The contact's own columns and what it was merged into; affiliations in the order of what matters and of names, former ones the latest first."""

    contact: Any
    current: Sequence[Affiliated]
    former: Sequence[Affiliated]

    @property
    def name(self) -> str:
        return f"{self.contact.given_name} {self.contact.family_name}".strip()


_AFFILIATION = (
    _a.id.label("affiliation_id"),
    *(_a.title, _a.topics, _a.primary, _a.started_on, _a.ended_on, _a.organisation_id),
    _o.name.label("organisation"),
    _o.deleted_at.is_not(None).label("organisation_is_binned"),
)
_AFFILIATED = attrgetter(*(column.key for column in _AFFILIATION))
_CONTACT = (
    select(*_c, merged_into(ContactMerge, _c.id), *_AFFILIATION)
    .select_from(Contact.__table__)
    .outerjoin(Affiliation.__table__, _a.contact_id == _c.id)
    .outerjoin(Organisation.__table__, _o.id == _a.organisation_id)
    .where(_c.id == _IDENTITY)
    .order_by(_a.primary.desc(), _o.sort_key)
)


def contact_page(identity: int) -> ContactPage | None:
    """One contact with affiliations and their organisations. One statement."""
    if identity > LARGEST_ID:
        return None
    rows = db.session.execute(_CONTACT, {"identity": identity}).all()
    if not rows:
        return None
    affiliations = [Affiliated(*_AFFILIATED(row)) for row in rows if row.affiliation_id is not None]
    ended = [(one.ended_on, one) for one in affiliations if one.ended_on is not None]
    return ContactPage(
        rows[0],
        [one for one in affiliations if one.ended_on is None],
        [one for _day, one in sorted(ended, key=itemgetter(0), reverse=True)],
    )
