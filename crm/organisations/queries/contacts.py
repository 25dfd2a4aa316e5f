from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from crm.database import words_match
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.organisations.queries.organisations import LARGEST_ID
from crm.organisations.queries.words import FREQUENT, counted, digits_of, found_by, ones
from crm.web.forms.fields import parse_phone, tidy
from crm.web.paging import MOST_COUNTED, Key, Page, paged
from crm.web.sorting import Sorting

CURRENT, FORMER = "current", "former"


@dataclass(frozen=True)
class ContactFilter:
    """Which contacts a list holds; None asks for no limit. `affiliated` is current or former: at the organisation
    asked for, else anywhere.
    """

    q: str | None = None
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

    @property
    def active(self) -> int:
        """How many limits are set, the search box aside."""
        return sum(getattr(self, field.name) is not None for field in fields(self) if field.name != "q")


@dataclass(frozen=True)
class ContactQuery:
    """The contacts that a filter lets through, never those in the bin."""

    filter: ContactFilter

    def conditions(self, *, frequent: bool = False) -> list[ColumnElement[bool]]:
        """`frequent` where many are found: then their order is walked rather than all of them sorted."""
        wanted = self.filter
        found: list[ColumnElement[bool]] = [Contact.deleted_at.is_(None)]
        if wanted.q is not None:
            found.append(found_by(Contact, wanted.q, frequent=frequent))
        if wanted.email is not None:
            found.append(Contact.email == wanted.email.lower())
        if wanted.phone is not None:
            found.append(_has_phone(wanted.phone))
        if wanted.updated_since is not None:
            found.append(Contact.updated_at >= wanted.updated_since)
        found.extend(self._affiliated())
        return found

    def _affiliated(self) -> list[ColumnElement[bool]]:
        there = exists().where(Affiliation.contact_id == Contact.id)
        if self.filter.organisation is not None:
            there = there.where(Affiliation.organisation_id == self.filter.organisation)
        now = there.where(Affiliation.ended_on.is_(None))
        if self.filter.affiliated == CURRENT:
            return [now]
        if self.filter.affiliated == FORMER:
            return [there, ~now]
        return [there] if self.filter.organisation is not None else []

    def count(self, most: int | None = None) -> int:
        return counted(ones().select_from(Contact).where(*self.conditions()), most)

    def page(self, sorting: Sorting, cursor: str | None) -> Page[Any]:
        """One page of the list, as rows of what the list shows. Two statements."""
        total = self.count(MOST_COUNTED)
        rows: Any = select(
            Contact.id,
            Contact.given_name,
            Contact.family_name,
            Contact.email,
            Contact.phone,
            Contact.sort_key,
            Contact.updated_at,
        ).where(*self.conditions(frequent=total > FREQUENT))
        return paged(rows, keys=order(sorting), total=total, cursor=cursor)

    def records(self) -> Select[Contact]:
        """The contacts themselves with their affiliations, in no order yet."""
        return (
            select(Contact)
            .where(*self.conditions())
            .options(selectinload(Contact.affiliations), raiseload("*"))
        )


def _has_phone(typed: str) -> ColumnElement[bool]:
    """The number in any spacing, with or without country code; of a part of one, its beginning."""
    try:
        exact: ColumnElement[bool] = Contact.phone == parse_phone(typed)
    except ValueError:
        return words_match(Contact, digits_of(typed) or "")
    return exact


def order(sorting: Sorting) -> list[Key]:
    """The columns behind a sorting; each order has its index."""
    column: Any = Contact.updated_at if sorting.key == "updated_at" else Contact.sort_key
    return [
        Key(column.key, column, descending=sorting.descending),
        Key("id", Contact.id, descending=sorting.descending),
    ]


def current_affiliations(contact_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Title and organisation of what each of the contacts does now. One statement, whatever their number."""
    found: dict[int, list[Any]] = defaultdict(list)
    rows = db.session.execute(
        select(
            Affiliation.contact_id,
            Affiliation.title,
            Affiliation.organisation_id,
            Organisation.name.label("organisation"),
        )
        .join(Affiliation.organisation)
        .where(
            Affiliation.contact_id.in_(contact_ids),
            Affiliation.ended_on.is_(None),
            Organisation.deleted_at.is_(None),
        )
        .order_by(Affiliation.primary.desc(), Organisation.sort_key)
    )
    for row in rows:
        found[row.contact_id].append(row)
    return found


_PAGE = (
    select(Contact)
    .where(Contact.id == bindparam("identity"))
    .options(
        joinedload(Contact.affiliations)
        .joinedload(Affiliation.organisation)
        .load_only(Organisation.id, Organisation.name, Organisation.sort_key, Organisation.deleted_at),
        raiseload("*"),
    )
)


def contact_page(identity: int) -> Contact | None:
    """One contact with affiliations and their organisations. One statement; nothing more can be loaded by accident.
    Those in the bin are found as well.
    """
    if identity > LARGEST_ID:
        return None
    return db.session.scalars(_PAGE, {"identity": identity}).unique().one_or_none()


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
