from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from crm.accounts.models import Absence, User
from crm.database import folded, words_match
from crm.extensions import db
from crm.organisations.models import (
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Tag,
    organisation_tags,
)
from crm.organisations.queries.words import FREQUENT, counted, found_by, ones
from crm.organisations.similarity import ALIKE, core, likeness
from crm.web.forms.fields import tidy
from crm.web.paging import MOST_COUNTED, Key, Page, paged
from crm.web.sorting import Sorting

MOST_CANDIDATES = 300
MOST_SUGGESTED = 200
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class OrganisationFilter:
    """Which organisations a list holds; None asks for no limit."""

    q: str | None = None
    kind: str | None = None
    status: str | None = None
    tag: str | None = None
    account_manager: int | None = None
    municipality_number: str | None = None
    updated_since: datetime | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """The filter in a list's address; what cannot be understood there is no limit."""
        manager = args.get("account_manager", "")
        given: dict[str, Any] = {
            name: tidy(args.get(name, ""))[:200] or None for name in ("q", "tag", "municipality_number")
        }
        return cls(
            kind=kind if (kind := args.get("kind")) in set(OrganisationKind) else None,
            status=status if (status := args.get("status")) in set(OrganisationStatus) else None,
            account_manager=int(manager)
            if manager.isascii() and manager.isdigit() and len(manager) < 10
            else None,
            **given,
        )

    @property
    def active(self) -> int:
        """How many limits are set, the search box aside."""
        return sum(getattr(self, field.name) is not None for field in fields(self) if field.name != "q")


@dataclass(frozen=True)
class OrganisationQuery:
    """The organisations that a filter lets through, never those in the bin."""

    filter: OrganisationFilter

    def conditions(self, *, frequent: bool = False) -> list[ColumnElement[bool]]:
        """`frequent` where many are found: then their order is walked rather than all of them sorted."""
        wanted = self.filter
        found: list[ColumnElement[bool]] = [Organisation.deleted_at.is_(None)]
        if wanted.q is not None:
            found.append(found_by(Organisation, wanted.q, frequent=frequent))
        for column, value in (
            (Organisation.kind, wanted.kind),
            (Organisation.status, wanted.status),
            (Organisation.account_manager_id, wanted.account_manager),
            (Organisation.municipality_number, wanted.municipality_number),
        ):
            if value is not None:
                found.append(column == value)
        if wanted.tag is not None:
            tagged = (
                select(organisation_tags.c.organisation_id)
                .join(Tag)
                .where(Tag.folded_name == folded(wanted.tag))
            )
            found.append(Organisation.id.in_(tagged))
        if wanted.updated_since is not None:
            found.append(Organisation.updated_at >= wanted.updated_since)
        return found

    def count(self, most: int | None = None) -> int:
        return counted(ones().select_from(Organisation).where(*self.conditions()), most)

    def page(self, sorting: Sorting, cursor: str | None) -> Page[Any]:
        """One page of the list, as rows of what the list shows. Two statements."""
        total = self.count(MOST_COUNTED)
        rows: Any = (
            select(
                Organisation.id,
                Organisation.name,
                Organisation.kind,
                Organisation.status,
                Organisation.organisation_number,
                Organisation.city,
                Organisation.sort_key,
                Organisation.updated_at,
                User.name.label("account_manager"),
            )
            .outerjoin(User, Organisation.account_manager_id == User.id)
            .where(*self.conditions(frequent=total > FREQUENT))
        )
        return paged(rows, keys=order(sorting), total=total, cursor=cursor)

    def records(self) -> Select[Organisation]:
        """The organisations themselves with what the API tells of each, in no order yet."""
        return (
            select(Organisation)
            .where(*self.conditions())
            .options(
                selectinload(Organisation.tags),
                selectinload(Organisation.parent).load_only(Organisation.id, Organisation.name),
                raiseload("*"),
            )
        )


def _tagged(name: str, *, frequent: bool) -> ColumnElement[bool]:
    tagged = select(organisation_tags.c.organisation_id).join(Tag).where(Tag.folded_name == folded(name))
    if frequent:
        return exists(tagged.where(organisation_tags.c.organisation_id == Organisation.id))
    return Organisation.id.in_(tagged)


def order(sorting: Sorting) -> list[Key]:
    """The columns behind a sorting; each order has its index."""
    column: Any = Organisation.updated_at if sorting.key == "updated_at" else Organisation.sort_key
    return [
        Key(column.key, column, descending=sorting.descending),
        Key("id", Organisation.id, descending=sorting.descending),
    ]


def _page_statement() -> Select[Organisation]:
    away = User.absences.and_(Absence.starts_on <= bindparam("today"), Absence.ends_on >= bindparam("today"))
    reach = (User.name, User.email, User.phone, User.deactivated_at)
    people = [
        joinedload(role)
        .load_only(*reach)
        .joinedload(away)
        .joinedload(Absence.deputy)
        .load_only(*reach)
        .joinedload(away)
        for role in (Organisation.account_manager, Organisation.deputy)
    ]
    found = select(Organisation).where(Organisation.id == bindparam("identity"))
    return found.options(joinedload(Organisation.tags), *people, raiseload("*"))


_PAGE = _page_statement()


def organisation_page(identity: int, today: date) -> Organisation | None:
    """One organisation with its tags, and with its account manager and deputy, their absences today and who stands
    in for them. One statement; nothing more can be loaded by accident. Those in the bin are found as well.
    """
    if identity > LARGEST_ID:
        return None
    return db.session.scalars(_PAGE, {"identity": identity, "today": today}).unique().one_or_none()


_TAGS = (
    select(Tag.name)
    .where(exists().where(organisation_tags.c.tag_id == Tag.id))
    .order_by(Tag.folded_name)
    .limit(MOST_SUGGESTED)
)


def tags_in_use() -> Sequence[str]:
    """Names of tags that some organisation bears, for suggestions."""
    return db.session.scalars(_TAGS).all()


def _steps_through_municipalities() -> Select[str]:
    """From one number to the next in the index, so that it costs the same however many organisations there are."""
    number = Organisation.municipality_number
    first = (
        select(func.min(number).label("number")).where(Organisation.deleted_at.is_(None)).cte(recursive=True)
    )
    following = (
        select(func.min(number))
        .where(Organisation.deleted_at.is_(None), number > first.c.number)
        .correlate(first)
        .scalar_subquery()
    )
    steps = first.union_all(select(following).where(first.c.number.is_not(None)))
    return select(steps.c.number).where(steps.c.number.is_not(None))


_MUNICIPALITIES = _steps_through_municipalities()


def municipalities_in_use() -> Sequence[str]:
    """Numbers of the municipalities that organisations lie in."""
    return db.session.scalars(_MUNICIPALITIES).all()


def similar_organisations(name: str, *, besides: int | None = None, most: int = 5) -> list[Any]:
    """Organisations whose names may mean the same, likest first: (id, name, kind, city). At most two statements."""
    wanted = core(name)
    words = sorted(wanted.split(), key=len, reverse=True)
    if not words or len(wanted) < 3:
        return []
    every_word = and_(*(words_match(Organisation, word[:4]) for word in words[:4]))
    longest_word = or_(false(), *(words_match(Organisation, word[:6]) for word in words[:2] if len(word) > 3))
    candidates: dict[int, Any] = {}
    for condition in (every_word, longest_word):
        if len(candidates) < MOST_CANDIDATES:
            columns = (Organisation.id, Organisation.name, Organisation.kind, Organisation.city)
            found = (
                select(*columns).where(condition, Organisation.deleted_at.is_(None)).limit(MOST_CANDIDATES)
            )
            candidates |= {row.id: row for row in db.session.execute(found)}
    candidates.pop(besides, None)  # type: ignore[arg-type]
    ranked = sorted(
        ((likeness(wanted, core(row.name)), row) for row in candidates.values()), key=lambda pair: -pair[0]
    )
    return [row for alike, row in ranked[:most] if alike >= ALIKE]
