"""Reads of searches for a place. The list, its numbers and its export share `EstablishmentQuery`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any, NamedTuple, Self

from flask import abort
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import User
from crm.database import folded
from crm.enquiries.models import Enquiry
from crm.establishments.measures import chain_of
from crm.establishments.models import Establishment, EstablishmentStage, Proposal
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.queries.secrecy import readable
from crm.organisations.models import Organisation
from crm.plan.queries import outlines
from crm.sites.models import Site
from crm.sites.queries import LARGEST_ID
from crm.web.clock import instant
from crm.web.editions import Kept
from crm.web.paging import PAGE_SIZE, Key, Page, paged

KEYS = (
    Key("received_at", Enquiry.__table__.c.received_at, descending=True),
    Key("id", Enquiry.__table__.c.id, descending=True),
)
AT_A_TIME = 200
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class EstablishmentFilter:
    """What the list is narrowed to. Under a measure it holds what counts there: see `_counts_under`."""

    q: str | None = None
    stage: str | None = None
    measure: int | None = None
    focus_area: int | None = None
    proposed: bool = False

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """What is not known narrows nothing."""
        stage = args.get("stage", "")
        return cls(
            args.get("q", "").strip()[:100] or None,
            stage if stage in set(EstablishmentStage) else None,
            _number(args.get("measure")),
            _number(args.get("focus_area")),
            bool(args.get("proposed")),
        )

    def args(self, **changes: Any) -> dict[str, Any]:
        """As the address has it."""
        given = {"q": self.q, "stage": self.stage, "measure": self.measure, "focus_area": self.focus_area}
        given |= {"proposed": 1 if self.proposed else None} | changes
        return {name: value for name, value in given.items() if value}

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [Enquiry.deleted_at.is_(None)]
        if self.stage is not None:
            found.append(Establishment.stage == self.stage)
        if self.measure is not None:
            found += _counts_under(self.measure)
        if self.focus_area is not None:
            found.append(Establishment.focus_area == self.focus_area)
        if self.proposed:
            found.append(WAS_PROPOSED)
        if self.q is not None:
            words = folded(self.q).split() or [self.q]
            found += [Enquiry.search_text.contains(word, autoescape=True) for word in words]
        return found


WAS_PROPOSED = select(Proposal.id).where(Proposal.establishment_id == Establishment.id).exists()


def _number(written: str | None) -> int | None:
    given = written or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _counts_under(measure_id: int) -> list[ColumnElement[bool]]:
    """Searches tagged with the measure or one of its chain, each in one plan only: that of the day the company was
    established, of the others that of the day they asked.
    """
    plan = next((one for one in outlines().plans if measure_id in one.measures), None)
    found: list[ColumnElement[bool]] = [Establishment.measure_id.in_(chain_of(measure_id))]
    if plan is not None:
        since, until = instant(plan.starts_on, time.min), instant(plan.ends_on + A_DAY, time.min)
        day = Establishment.established_on
        asked = and_(day.is_(None), Enquiry.received_at >= since, Enquiry.received_at < until)
        found.append(or_(day.between(plan.starts_on, plan.ends_on), asked))
    return found


class Listed(NamedTuple):
    """A row of the list and of its export."""

    id: int
    subject: str
    received_at: Any
    status: str
    stage: str
    area_from: int | None
    area_to: int | None
    premises: list[str]
    needed_from: date | None
    jobs: int | None
    power: int | None
    focus_area: int | None
    measure_id: int | None
    established_on: date | None
    seeker: str | None
    caller: str | None
    company: str | None
    company_id: int | None
    site: str | None
    site_id: int | None
    proposals: int


_seeker, _company = Organisation.__table__.alias("seeker"), Organisation.__table__.alias("company")
_PROPOSALS = select(func.count()).where(Proposal.establishment_id == Establishment.id).scalar_subquery()


class EstablishmentQuery:
    def __init__(self, wanted: EstablishmentFilter) -> None:
        self.wanted = wanted

    def _rows(self) -> Any:
        e, n = Establishment, Enquiry
        return (
            select(
                *(n.id, n.subject, n.received_at, n.status, e.stage, e.area_from, e.area_to, e.premises),
                *(e.needed_from, e.jobs, e.power, e.focus_area, e.measure_id, e.established_on),
                _seeker.c.name.label("seeker"),
                func.coalesce(n.caller_organisation, n.caller_name).label("caller"),
                *(_company.c.name.label("company"), _company.c.id.label("company_id")),
                *(Site.name.label("site"), Site.id.label("site_id"), _PROPOSALS.label("proposals")),
            )
            .join(Enquiry, Enquiry.id == Establishment.id)
            .outerjoin(_seeker, _seeker.c.id == Enquiry.organisation_id)
            .outerjoin(_company, _company.c.id == Establishment.organisation_id)
            .outerjoin(Site, Site.id == Establishment.site_id)
            .where(*self.wanted.conditions())
        )

    def stages(self) -> dict[str, int]:
        """How many there are in each stage, whichever is asked for. One statement."""
        conditions = replace(self.wanted, stage=None).conditions()
        rows = db.session.execute(
            select(Establishment.stage, func.count())
            .join(Enquiry, Enquiry.id == Establishment.id)
            .where(*conditions)
            .group_by(Establishment.stage)
        )
        return {stage: int(number) for stage, number in rows}

    def page(self, cursor: str | None, total: int) -> Page[Any]:
        """The latest first. One statement."""
        return paged(self._rows(), keys=KEYS, total=total, cursor=cursor, size=PAGE_SIZE)

    def every_row(self) -> Iterator[Listed]:
        """All of them, the latest first."""
        rows = self._rows().order_by(*(key.column.desc() for key in KEYS))
        for row in db.session.execute(rows).yield_per(AT_A_TIME):
            yield Listed(*row)


class Contacted(NamedTuple):
    """An interaction that came of a proposal, as far as the viewer may read it."""

    id: int
    starts_on: date | None


@dataclass(frozen=True)
class EstablishmentPage:
    """An establishment whole, the sites that could be proposed, and the contacts by interaction."""

    establishment: Establishment
    sites: Sequence[Site]
    contacts: Mapping[int, Contacted]


def establishment_page(identity: int, viewer: User) -> EstablishmentPage:
    """404 where there is none or its enquiry is in the bin. Four statements at most."""
    found = found_establishment(identity)
    sites = db.session.scalars(
        select(Site)
        .where(Site.deleted_at.is_(None))
        .options(joinedload(Site.developer), joinedload(Site.contact))
        .order_by(Site.sort_key)
    ).all()
    ids = [one for row in found.proposals for one in (row.interaction_id, row.viewing_id) if one is not None]
    contacts: dict[int, Contacted] = {}
    if ids:
        rows = db.session.execute(
            select(Interaction.id, Interaction.starts_on).where(
                Interaction.id.in_(ids), Interaction.deleted_at.is_(None), readable(viewer)
            )
        )
        contacts = {row.id: Contacted(*row) for row in rows}
    return EstablishmentPage(found, sites, contacts)


def found_establishment(identity: int) -> Establishment:
    """404 where there is none or its enquiry is in the bin. Two statements."""
    enquiry = joinedload(Establishment.enquiry)
    found = (
        db.session.scalar(
            select(Establishment)
            .join(Enquiry, Enquiry.id == Establishment.id)
            .where(Establishment.id == identity, Enquiry.deleted_at.is_(None))
            .options(
                enquiry.joinedload(Enquiry.organisation),
                enquiry.joinedload(Enquiry.contact),
                enquiry.joinedload(Enquiry.assignee),
                joinedload(Establishment.organisation),
                joinedload(Establishment.site),
                selectinload(Establishment.proposals)
                .joinedload(Proposal.site)
                .options(joinedload(Site.developer), joinedload(Site.contact)),
            )
        )
        if 0 < identity <= LARGEST_ID
        else None
    )
    return found or abort(404)


class OfSite(NamedTuple):
    """A search that a site was proposed to."""

    id: int
    subject: str
    state: str
    stage: str


def proposed_of_site(site: Any) -> list[OfSite]:
    """The latest first. One statement."""
    rows = db.session.execute(
        select(Enquiry.id, Enquiry.subject, Proposal.state, Establishment.stage)
        .join(Proposal, Proposal.establishment_id == Enquiry.id)
        .join(Establishment, Establishment.id == Enquiry.id)
        .where(Proposal.site_id == site.id, Enquiry.deleted_at.is_(None))
        .order_by(Enquiry.received_at.desc())
        .limit(PAGE_SIZE)
    )
    return [OfSite(*row) for row in rows]


class MeasureCount(NamedTuple):
    """What searches for a place have come to under a measure: how many, with a site proposed, established, with jobs."""

    searches: int
    proposed: int
    established: int
    jobs: int


def _measures_in_use() -> frozenset[int]:
    return frozenset(db.session.scalars(select(Establishment.measure_id).distinct()))


measures_in_use = Kept("establishments", _measures_in_use)
"""The measures that searches are tagged with, kept by the process: every measure's page asks for them."""


def counts_under(measure_id: int) -> MeasureCount | None:
    """None where nothing counts there. One statement, and none where no search is tagged with the measure or its chain."""
    if measures_in_use().isdisjoint(chain_of(measure_id)):
        return None
    is_established = Establishment.stage == EstablishmentStage.established
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((WAS_PROPOSED, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_established, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_established, Establishment.jobs), else_=0)), 0),
        )
        .join(Enquiry, Enquiry.id == Establishment.id)
        .where(Enquiry.deleted_at.is_(None), *_counts_under(measure_id))
    ).one()
    return MeasureCount(*(int(one) for one in row)) if row[0] else None
