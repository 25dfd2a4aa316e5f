"""Reads of sites. The list, its count and the API's answer share `SiteFilter`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from flask import abort
from sqlalchemy import ColumnElement, String, cast, func, select

from crm.database import folded
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.plan.queries import outlines
from crm.plan.queries.tree import FocusAreaNode
from crm.sites.measuring import area
from crm.sites.models import Premises, Regulation, Site
from crm.web.clock import today
from crm.web.editions import Kept
from crm.web.paging import Key, Page, paged
from crm.web.validation import Invalid

LARGEST_ID = 2**31 - 1
MOST_BINNED = 100
KEYS = (Key("sort_key", Site.__table__.c.sort_key), Key("id", Site.__table__.c.id))
LATEST_CHANGES = (Key("updated_at", Site.__table__.c.updated_at), Key("id", Site.__table__.c.id))


@dataclass(frozen=True)
class SiteFilter:
    """What the list is narrowed to; `free` in square metres."""

    q: str | None = None
    regulation: str | None = None
    premises: str | None = None
    free: int | None = None
    developer: int | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """What is not known narrows nothing. Raises Invalid (free)."""
        try:
            free = area(args.get("free", "")[:40])
        except ValueError as error:
            raise Invalid({"free": [str(error)]}) from None
        regulation, premises = args.get("regulation", ""), args.get("premises", "")
        developer = args.get("developer", "")
        return cls(
            args.get("q", "").strip()[:100] or None,
            regulation if regulation in set(Regulation) else None,
            premises if premises in set(Premises) else None,
            free,
            int(developer) if developer.isascii() and developer.isdigit() and len(developer) < 10 else None,
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [Site.deleted_at.is_(None)]
        if self.regulation is not None:
            found.append(Site.regulation == self.regulation)
        if self.premises is not None:
            found.append(cast(Site.premises, String).contains(f'"{self.premises}"', autoescape=True))
        if self.free is not None:
            found.append(Site.free_area >= self.free)
        if self.developer is not None:
            found.append(Site.developer_id == self.developer)
        if self.q is not None:
            words = folded(self.q).split() or [self.q]
            found += [Site.search_text.contains(word, autoescape=True) for word in words]
        return found

    @property
    def active(self) -> int:
        """How many of the filters besides the words narrow the list."""
        return sum(one is not None for one in (self.regulation, self.premises, self.free, self.developer))


def list_sites(wanted: SiteFilter, *, cursor: str | None) -> Page[Any]:
    """A page of the list in the Norwegian order of names. Two statements."""
    conditions = wanted.conditions()
    total = db.session.scalar(select(func.count()).select_from(Site).where(*conditions)) or 0
    statement: Any = (
        select(
            *(Site.id, Site.name, Site.place, Site.regulation, Site.total_area, Site.free_area, Site.power),
            *(Site.free_from, Site.premises, Site.developer_id, Organisation.name.label("developer")),
            Site.sort_key,
        )
        .outerjoin(Organisation, Organisation.id == Site.developer_id)
        .where(*conditions)
    )
    return paged(statement, keys=KEYS, total=total, cursor=cursor)


class SitePage(NamedTuple):
    """A site with what its page shows of the developer and of the person there, and the titles that they bear there.

    `works_there` is False where the person is not, or no longer, among the developer's people.
    """

    site: Site
    developer: Organisation | None
    contact: Contact | None
    title: str | None
    works_there: bool


def site_page(identity: int) -> SitePage:
    """404 where there is none; those in the bin are found. One statement."""
    if not 0 < identity <= LARGEST_ID:
        abort(404)
    found = db.session.execute(
        select(Site, Organisation, Contact, Affiliation.id, Affiliation.title)
        .outerjoin(Organisation, Organisation.id == Site.developer_id)
        .outerjoin(Contact, Contact.id == Site.contact_id)
        .outerjoin(Affiliation, _works_there())
        .where(Site.id == identity)
        .order_by(Affiliation.primary.desc(), Affiliation.id)
        .limit(1)
    ).first()
    if found is None:
        abort(404)
    site, developer, contact, affiliation, title = found
    return SitePage(site, developer, contact, title, affiliation is not None)


def is_among_developers_people(site: Site) -> bool:
    """Whether the site's person works for its developer; also where either is not named. One statement at most."""
    if site.contact_id is None or site.developer_id is None:
        return True
    return (
        db.session.scalar(select(Affiliation.id).join(Site, _works_there()).where(Site.id == site.id))
        is not None
    )


def _works_there() -> ColumnElement[bool]:
    return (
        (Affiliation.contact_id == Site.contact_id)
        & (Affiliation.organisation_id == Site.developer_id)
        & Affiliation.ended_on.is_(None)
    )


def binned_sites() -> list[Any]:
    """What lies in the bin, latest first. One statement."""
    return list(
        db.session.execute(
            select(Site.id, Site.name, Site.deleted_at)
            .where(Site.deleted_at.is_not(None))
            .order_by(Site.deleted_at.desc())
            .limit(MOST_BINNED)
        )
    )


class Developed(NamedTuple):
    """A site as its developer's page shows it; the free area in square metres."""

    developer_id: int
    id: int
    name: str
    free_area: int | None
    regulation: str | None


def _read() -> Mapping[int, list[Developed]]:
    """By developer, in the order of names. One statement."""
    found: defaultdict[int, list[Developed]] = defaultdict(list)
    rows: Any = select(Site.developer_id, Site.id, Site.name, Site.free_area, Site.regulation)
    rows = rows.where(Site.developer_id.is_not(None), Site.deleted_at.is_(None))
    for row in db.session.execute(rows.order_by(Site.sort_key, Site.id)):
        one = Developed(*row)
        found[one.developer_id].append(one)
    return dict(found)


developed = Kept("sites", _read)
"""The sites by developer, kept by the process: every organisation's page asks for them."""


def focus_areas() -> list[FocusAreaNode]:
    """Those of the plan that covers today, else of the latest; none without a plan."""
    plans = outlines()
    plan = plans.covering(today()) or next(iter(plans.plans), None)
    return list(plan.tree.focus_areas) if plan is not None else []
