"""One organisation, or one contact, as its page shows it. Those in the bin are found as well."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, exists, select

from crm.accounts.models import Absence, User
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation, Tag, organisation_tags

LARGEST_ID = 2**31 - 1

_o, _c, _a, _tag = (model.__table__.c for model in (Organisation, Contact, Affiliation, Tag))
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
    """The organisation's own columns, its tags in their order, its account manager and its deputy."""

    organisation: Any
    tags: Sequence[str]
    responsible: Sequence[Responsible]


class _Answering:
    """Somebody who answers for the organisation, as a part of its statement, with whoever stands in for them: the same as
    `absences.standing_in`, in the database.
    """

    def __init__(self, name: str, column: ColumnElement[int | None]) -> None:
        self._column = column
        self._user, self._stand_in = (User.__table__.alias(f"{name}{end}") for end in ("", "_stand_in"))
        self._absence = Absence.__table__.alias(f"{name}_absence")
        columns = [
            *(self._user.c[part] for part in Person._fields),
            self._absence.c.ends_on,
            *(self._stand_in.c[part] for part in Person._fields),
        ]
        self.columns = [one.label(f"{one.table.name}_{one.name}") for one in columns]
        self._values = attrgetter(*(one.name for one in self.columns))

    def joined(self, statement: Select[Any]) -> Select[Any]:
        user, absence, stand_in = self._user.c, self._absence.c, self._stand_in.c
        other = Absence.__table__.alias()
        is_away = exists().where(other.c.user_id == stand_in.id, _covers_today(other.c))
        is_there = and_(stand_in.id == absence.deputy_id, stand_in.deactivated_at.is_(None), ~is_away)
        return (
            statement.outerjoin(self._user, user.id == self._column)
            .outerjoin(self._absence, and_(absence.user_id == user.id, _covers_today(absence)))
            .outerjoin(self._stand_in, is_there)
        )

    def read(self, role: str, row: Any) -> Responsible | None:
        name, email, phone, away_until, *stand_in = self._values(row)
        if name is None:
            return None
        return Responsible(
            role, Person(name, email, phone), away_until, Person(*stand_in) if stand_in[0] else None
        )


def _covers_today(absence: Any) -> ColumnElement[bool]:
    return and_(absence.starts_on <= _TODAY, absence.ends_on >= _TODAY)


_MANAGER = _Answering("manager", _o.account_manager_id)
_DEPUTY = _Answering("deputy", _o.deputy_id)
_ORGANISATION = _DEPUTY.joined(
    _MANAGER.joined(
        select(*_o, *_MANAGER.columns, *_DEPUTY.columns, _tag.name.label("tag"))
        .select_from(Organisation.__table__)
        .outerjoin(organisation_tags, organisation_tags.c.organisation_id == _o.id)
        .outerjoin(Tag.__table__, _tag.id == organisation_tags.c.tag_id)
        .where(_o.id == _IDENTITY)
        .order_by(_tag.folded_name)
    )
)


def organisation_page(identity: int, today: date) -> OrganisationPage | None:
    """One organisation with its tags and with who answers for it today. One statement."""
    if identity > LARGEST_ID:
        return None
    rows = db.session.execute(_ORGANISATION, {"identity": identity, "today": today}).all()
    if not rows:
        return None
    first = rows[0]
    people = (_MANAGER.read(_("Account manager"), first), _DEPUTY.read(_("Deputy"), first))
    return OrganisationPage(
        first,
        list(dict.fromkeys(row.tag for row in rows if row.tag is not None)),
        [one for one in people if one is not None],
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
    """The contact's own columns; affiliations in the order of what matters and of names, former ones the latest first."""

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
    select(*_c, *_AFFILIATION)
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
