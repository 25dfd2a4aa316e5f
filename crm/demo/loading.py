"""Puts the sample data together and into the database, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select, text

from crm.accounts.models import Role, User
from crm.calendars.operations import choose_team, open_feed
from crm.demo.arenas import FEWEST_INTERACTIONS, FEWEST_ORGANISATIONS, Arenas, Met, merged
from crm.demo.attaching import attach_papers
from crm.demo.collaborations import Partnerships
from crm.demo.enquiries import tell_enquiries
from crm.demo.establishments import seek_places
from crm.demo.history import History
from crm.demo.indexes import indexed_afterwards
from crm.demo.noting import Noting
from crm.demo.organisations import Register, Stakeholder
from crm.demo.people import People
from crm.demo.responsibilities import answer_for_topics
from crm.demo.sites import lay_out_sites
from crm.demo.staff import Colleague, hire
from crm.demo.tagging import Tagging
from crm.demo.word_lists import Weighted, skewed
from crm.demo.writing_partnerships import PartnershipWriter
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.organisations.models import Contact, Organisation
from crm.plan.models import Plan
from crm.plan.operations import continue_plan, load_catalogue_plan
from crm.reports.operations import counted_afterwards
from crm.search.operations import TABLES as SEARCHED
from crm.search.operations import found_afterwards

Progress = Callable[[str, int, int], None]
_CHUNK = 5_000
_LATER_PLAN_YEARS = 4


class NotEmpty(Exception):
    """The database has records already; sample data must not be mixed with them."""


@dataclass(frozen=True, slots=True)
class Size:
    organisations: int = 120
    contacts: int = 260
    interactions: int = 1_400
    years: int = 4

    @property
    def has_arenas(self) -> bool:
        return self.organisations >= FEWEST_ORGANISATIONS and self.interactions >= FEWEST_INTERACTIONS


def load_demo(size: Size, *, seed: int, today: date, progress: Progress) -> int:
    """Fill an empty database; returns the number of rows written, the caller commits.

    The same size, seed and day give the same rows. `today` is the local day up to which things have happened.
    Raises NotEmpty where there are organisations, contacts or interactions, even in the bin.
    """
    for model in (Organisation, Contact, Interaction):
        if db.session.scalar(select(model.id).limit(1)) is not None:
            raise NotEmpty
    rng = Random(seed)  # noqa: S311  made-up people, not secrets
    colleagues = hire(rng, interactions=size.interactions, today=today)
    plans = _plans(today)
    first = max(plans[0].starts_on, today.replace(day=1) - timedelta(days=round(365.25 * size.years)))
    writer = PartnershipWriter(db.session(), today)
    noting = Noting(Random(seed + 1), today)  # noqa: S311  as above
    loading = _Loading(rng, size, colleagues, first, writer, progress)
    connection = db.session.connection()
    with (
        counted_afterwards(connection),
        indexed_afterwards(connection, [*writer.sink.rows, *SEARCHED]),
        found_afterwards(connection),
    ):
        organisations, managers = loading.organisations()
        tagging = Tagging(rng, plans)
        arenas = Arenas(seed, organisations, colleagues, today) if size.has_arenas else None
        partnerships = Partnerships(
            rng, organisations=organisations, colleagues=colleagues, tagging=tagging, today=today
        )
        history = History(
            rng,
            organisations=organisations,
            managers=managers,
            colleagues=colleagues,
            tagging=tagging,
            noting=noting,
            first=first,
            today=today,
            last=plans[-1].ends_on,
        )
        loading.people(organisations, history, arenas, today)
        sessions = loading.sessions(arenas, tagging, today)
        loading.interactions(history, sessions, partnerships, noting, organisations)
    papers = attach_papers(rng)
    _open_calendar(colleagues, seed)
    further = _sites(colleagues, today, size) + answer_for_topics()
    further += tell_enquiries(interactions=size.interactions, colleagues=colleagues, seed=seed, today=today)
    _gather_statistics()
    return writer.sink.written + papers + further


def _plans(today: date) -> list[Plan]:
    """Plans that follow one another without a gap, by their periods; the last one covers the weeks ahead.

    Plans that are there are kept; the shipped one is loaded where there is none, and the last one continued.
    """
    actor = db.session.scalars(select(User).where(User.role == Role.administrator).order_by(User.id)).first()
    load_catalogue_plan(actor=actor)
    plans: list[Plan] = []
    for plan in db.session.scalars(select(Plan).order_by(Plan.starts_on)):
        if plans and plan.starts_on != plans[-1].ends_on + timedelta(days=1):
            plans.clear()
        plans.append(plan)
    while plans[-1].ends_on < today + timedelta(days=60):
        plans.append(_continued(plans[-1], actor))
    return plans


def _continued(plan: Plan, actor: User | None) -> Plan:
    starts_on = plan.ends_on + timedelta(days=1)
    ends_on = date(starts_on.year + _LATER_PLAN_YEARS - 1, 12, 31)
    title = f"Handlingsplan for næring {starts_on.year}–{ends_on.year}"
    return continue_plan(plan_id=plan.id, title=title, starts_on=starts_on, ends_on=ends_on, actor=actor)


@dataclass(frozen=True, slots=True)
class _Loading:
    """What each step of one loading needs, and the steps."""

    rng: Random
    size: Size
    colleagues: list[Colleague]
    first: date
    writer: PartnershipWriter
    progress: Progress

    def organisations(self) -> tuple[list[Stakeholder], list[int]]:
        """The organisations, and for each its account manager's place among the colleagues."""
        rng = self.rng
        advisors = [
            place for place, colleague in enumerate(self.colleagues) if colleague.role == Role.advisor
        ]
        responsible = Weighted(advisors, skewed(len(advisors), offset=5, exponent=0.6))
        organisations, managers = [], []
        at = datetime.combine(self.first - timedelta(days=3), time(9), UTC)
        for stakeholder in Register(rng).stakeholders(self.size.organisations):
            manager, deputy = responsible.pick(rng), responsible.pick(rng)
            self.writer.organisation(
                stakeholder,
                account_manager=self.colleagues[manager].id,
                deputy=self.colleagues[deputy].id if deputy != manager else None,
                at=at + timedelta(seconds=stakeholder.id / 10),
                related_since=self.first - timedelta(days=rng.randint(30, 2_000)),
            )
            organisations.append(stakeholder)
            managers.append(manager)
            self._done("organisations", stakeholder.id, self.size.organisations)
        return organisations, managers

    def people(
        self, organisations: list[Stakeholder], history: History, arenas: Arenas | None, today: date
    ) -> None:
        at = datetime.combine(self.first - timedelta(days=2), time(9), UTC)
        people = People(self.rng, organisations, first=self.first, today=today)
        for person in people.people(self.size.contacts):
            self.writer.person(person, actor=self.colleagues[0].id, at=at + timedelta(seconds=person.id / 10))
            history.met_at(person)
            if arenas is not None:
                arenas.met_at(person)
            self._done("contacts", person.id, self.size.contacts)

    def sessions(self, arenas: Arenas | None, tagging: Tagging, today: date) -> list[Met]:
        """The arenas, and the sessions that are to be written among the interactions; they have the last identifiers."""
        if arenas is None:
            return []
        forums = arenas.forums()
        for forum in forums:
            self.writer.arena(forum, measures=tagging.coded(today, forum.codes))
        sessions = arenas.sessions(forums, tagging)
        for session in sessions:
            session.logged.id += self.size.interactions - len(sessions)
        return sessions

    def interactions(
        self,
        history: History,
        sessions: list[Met],
        partnerships: Partnerships,
        noting: Noting,
        organisations: list[Stakeholder],
    ) -> None:
        total = self.size.interactions
        further = partnerships.number(total)
        others = history.interactions(total - len(sessions) - further)
        for done, logged in enumerate(merged(others, sessions), 1):
            if isinstance(logged, Met):
                self.writer.session(logged)
            else:
                self.writer.interaction(logged)
                partnerships.see(logged)
            self._done("interactions", done, total)
        told = partnerships.tell(history.identifier) if further else ()
        for done, made in enumerate(told, total - further + 1):
            self.writer.interaction(made.logged)
            self.writer.partnership(made)
            self._done("interactions", done, total)
        self._promises(noting, organisations)
        self.writer.write()
        self.writer.sink.finish()

    def _promises(self, noting: Noting, organisations: list[Stakeholder]) -> None:
        """What was promised without an interaction."""
        advisors = [colleague for colleague in self.colleagues if colleague.role == Role.advisor]
        for promise, organisation_id, at in noting.promises(advisors, organisations):
            self.writer.promise(promise, actor=promise.owner_id, at=at, organisation_id=organisation_id)

    def _done(self, what: str, done: int, total: int) -> None:
        if done % _CHUNK == 0:
            self.writer.write()
        if done % _CHUNK == 0 or done == total:
            self.progress(what, done, total)


def _open_calendar(colleagues: list[Colleague], seed: int) -> None:
    """The first advisor follows the unit in a calendar program."""
    first = next(colleague for colleague in colleagues if colleague.role == Role.advisor)
    user = db.session.get_one(User, first.id)
    feed = open_feed(user=user, actor=user, salt=f"{seed:032x}")
    choose_team(feed=feed, includes_team=True, actor=user)


def _sites(colleagues: list[Colleague], today: date, size: Size) -> int:
    """Business areas, and where there are companies enough those who seek a place there; returns how many rows."""
    first = next(colleague for colleague in colleagues if colleague.role == Role.advisor)
    actor = db.session.get_one(User, first.id)
    sites = lay_out_sites(actor=actor, today=today)
    return len(sites) + (seek_places(actor=actor, sites=sites, today=today) if size.has_arenas else 0)


def _gather_statistics() -> None:
    """Let the database look at its new rows, so that it plans its queries by them."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit = 2000")
    connection.execute(text("ANALYZE"))
