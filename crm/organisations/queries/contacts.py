"""The list of contacts, whoever asks for it: its rows, its count, the API's answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Integer, String, exists, false, or_, select

from crm.database import GIVEN, UtcDateTime, among, word_parameters, words_match
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.organisations.queries.lists import ListFilter, ListQuery
from crm.organisations.queries.records import RECORDED_CONTACT, ContactRecord, contacts_with_ties
from crm.organisations.queries.words import Sought, digits_of, found_by
from crm.web.forms.fields import parse_phone, tidy

CURRENT, FORMER = "current", "former"
PHONE = "phone_"
"""Before the parameters that look for the beginning of a telephone number."""

_c, _a, _o = Contact.__table__.c, Affiliation.__table__.c, Organisation.__table__.c


@dataclass(frozen=True)
class ContactFilter(ListFilter):
    """Which contacts a list holds; None asks for no limit. `affiliated` is current or former: at the organisation
    asked for, else anywhere.
    """

    whole = frozenset({"affiliated"})

    organisation: int | None = None
    affiliated: str | None = None
    email: str | None = None
    phone: str | None = None
    updated_since: datetime | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """The filter in a list's address; what cannot be understood there is no limit."""
        organisation = args.get("organisation", "")
        given: dict[str, Any] = {
            name: tidy(args.get(name, ""))[:200] or None for name in ("q", "email", "phone")
        }
        return cls(
            organisation=int(organisation)
            if organisation.isascii() and organisation.isdigit() and len(organisation) < 10
            else None,
            affiliated=affiliated if (affiliated := args.get("affiliated")) in {CURRENT, FORMER} else None,
            **given,
        )

    def shape(self) -> Self:
        """What is asked for, without the values; `q` and a part of a `phone` are then how they are sought."""
        shape = super().shape()
        if self.phone is None or _whole_number(self.phone):
            return shape
        return replace(shape, phone=Sought.words if digits_of(self.phone) else Sought.nothing)

    def parameters(self) -> dict[str, Any]:
        found = super().parameters()
        if self.email is not None:
            found["email"] = self.email.lower()
        if self.phone is not None:
            found |= {"phone": _whole_number(self.phone)} | word_parameters(
                digits_of(self.phone) or "", PHONE
            )
        return found

    def conditions(self, *, frequent: bool = False) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [_c.deleted_at.is_(None)]
        if self.q is not None:
            found.append(found_by(Contact, Sought(self.q), frequent=frequent))
        if self.email is not None:
            found.append(_c.email == self.bound("email", String))
        if self.phone is not None:
            found.append(self._has_phone())
        if self.updated_since is not None:
            found.append(_c.updated_at >= self.bound("updated_since", UtcDateTime))
        return found + self._affiliated()

    def _has_phone(self) -> ColumnElement[bool]:
        """The number in any spacing, with or without country code; of a part of one, its beginning."""
        if self.phone is GIVEN:
            return _c.phone == self.bound("phone", String)
        return words_match(Contact, GIVEN, name=PHONE) if self.phone == Sought.words else false()

    def _affiliated(self) -> list[ColumnElement[bool]]:
        """Of one organisation the few who are there are looked up; of all, each contact in turn."""
        people = select(_a.contact_id)
        there: ColumnElement[bool]
        now: ColumnElement[bool]
        if self.organisation is not None:
            people = people.where(_a.organisation_id == self.bound("organisation", Integer))
            there = _c.id.in_(people)
            now = _c.id.in_(people.where(_a.ended_on.is_(None)))
        else:
            there = exists(people.where(_a.contact_id == _c.id))
            now = exists(people.where(_a.contact_id == _c.id, _a.ended_on.is_(None)))
        if self.affiliated == CURRENT:
            return [now]
        if self.affiliated == FORMER:
            return [there, ~now]
        return [there] if self.organisation is not None else []


def _whole_number(typed: str) -> str | None:
    """E.164; None for a part of a number, and for what is none."""
    try:
        return parse_phone(typed)
    except ValueError:
        return None


class ContactQuery(ListQuery[ContactFilter, ContactRecord]):
    """The contacts that a filter lets through, never those in the bin."""

    columns = _c
    listed = select(_c.id, _c.family_name, _c.given_name, _c.phone, _c.email, _c.updated_at, _c.sort_key)
    recorded = select(*RECORDED_CONTACT)

    def with_ties(self, rows: Sequence[Any]) -> list[ContactRecord]:
        return contacts_with_ties(rows)


_CURRENT = (
    select(_a.contact_id, _a.title, _a.organisation_id, _o.name.label("organisation"))
    .join(Organisation.__table__, _o.id == _a.organisation_id)
    .where(among(_a.contact_id), _a.ended_on.is_(None), _o.deleted_at.is_(None))
    .order_by(_a.primary.desc(), _o.sort_key)
)


class Occupation(NamedTuple):
    """What a contact does now, and where; `is_further` for all but the first of theirs."""

    title: str | None
    organisation_id: int
    organisation: str
    is_further: bool


def current_affiliations(contact_ids: Sequence[int]) -> dict[int, list[Occupation]]:
    """What each of the contacts does now, those who do nothing left out. One statement, whatever their number."""
    found: dict[int, list[Occupation]] = {}
    for contact_id, title, organisation_id, organisation in db.session.execute(
        _CURRENT, {"ids": contact_ids}
    ).all():
        theirs = found.setdefault(contact_id, [])
        theirs.append(Occupation(title, organisation_id, organisation, bool(theirs)))
    return found


def same_email_at(organisation_ids: Sequence[int], email: str, *, besides: int | None) -> Any:
    """Somebody not in the bin who has the e-mail and works at one of the organisations now, or None."""
    return db.session.execute(
        select(Contact.id, Contact.given_name, Contact.family_name, Organisation.name.label("organisation"))
        .join(Affiliation, Affiliation.contact_id == Contact.id)
        .join(Organisation, Affiliation.organisation_id == Organisation.id)
        .where(
            Contact.email == email,
            Contact.deleted_at.is_(None),
            Affiliation.organisation_id.in_(organisation_ids),
            Affiliation.ended_on.is_(None),
            or_(Contact.id != besides, besides is None),  # type: ignore[arg-type]
        )
        .limit(1)
    ).one_or_none()
