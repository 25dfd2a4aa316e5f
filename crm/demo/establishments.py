"""Companies that seek a place: in all stages, with the contacts that came of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from crm.accounts.models import User
from crm.demo.organisations import COMPANY
from crm.demo.sites import MONTH
from crm.demo.word_lists import word_list
from crm.enquiries.deadlines import working_day_before
from crm.enquiries.operations import answer, register
from crm.establishments.measures import measure_on, usual_measure
from crm.establishments.models import Proposal, ProposalState
from crm.establishments.operations import (
    STEPS,
    begin_search,
    choose,
    decline,
    establish,
    give_up,
    log_contact,
    propose,
)
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.organisations.models import Organisation
from crm.sites.models import Site

A_WEEK = timedelta(days=7)
ANSWERED_AFTER = 10
"""Whoever asked so many days ago has been answered; what follows is between them and the developer."""
WAY = (ProposalState.introduced, ProposalState.viewed, ProposalState.chosen)
"""What comes of a proposal, one after another."""


def seek_places(*, actor: User, sites: Sequence[Site], today: date) -> int:
    """The searches of the list, as an advisor would enter them; returns how many."""
    by_name = {site.name: site for site in sites}
    entries = word_list("establishments")["searches"]
    companies = iter(_companies(len(entries)))
    for entry in entries:
        company = next(companies, None) if entry.get("company") else None
        if company is not None or not entry.get("company"):
            _sought(entry, company, actor, by_name, today)
    return len(entries)


def _companies(most: int) -> Sequence[Organisation]:
    """The last ones of the register: others tell stories of the first."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.kind == str(COMPANY), Organisation.deleted_at.is_(None))
        .order_by(Organisation.id.desc())
        .limit(most)
    ).all()


def _sought(
    entry: Mapping[str, Any],
    company: Organisation | None,
    actor: User,
    sites: Mapping[str, Site],
    today: date,
) -> None:
    asked = today - timedelta(days=entry["days"])
    caller = {name: entry.get(name) for name in ("caller_name", "caller_organisation", "caller_phone")}
    enquiry = register(
        actor=actor,
        subject=entry["subject"],
        text=entry.get("text"),
        channel=entry["channel"],
        organisation=company.id if company is not None else None,
        assignee=actor.id,
        received_at=datetime.combine(asked, time(9, 30), UTC),
        **caller,
    )
    enquiry.steps[0].at = enquiry.received_at
    need = {name: entry.get(name) for name in ("area_from", "area_to", "jobs", "power", "focus_area")}
    search = begin_search(
        enquiry,
        actor=actor,
        premises=entry["premises"],
        needed_from=(today + MONTH * entry["months"]).replace(day=1) if "months" in entry else None,
        measure_id=usual_measure(asked),
        **need,
    )
    for name, state, words in entry.get("steps", ()):
        if (site := sites.get(name)) is not None:
            proposal = propose(search, actor=actor, site_id=site.id, words=words)
            _went(proposal, state, actor=actor, asked=asked, today=today)
    if entry["days"] > ANSWERED_AFTER:
        at = enquiry.received_at + timedelta(days=1)
        answer(enquiry, actor=actor, version=None, answer=entry["answer"], at=at)
    if entry.get("given_up"):
        give_up(search, actor=actor)


def _went(proposal: Proposal, state: str, *, actor: User, asked: date, today: date) -> None:
    """What became of a proposal, a week or more between the steps."""
    search = proposal.establishment
    if state == ProposalState.declined:
        decline(proposal, actor=actor)
        return
    way = [*WAY] if state == "established" else [*WAY[: WAY.index(state) + 1]] if state in WAY else []
    for place, step in enumerate(way, 1):
        day = working_day_before(min(asked + 2 * place * A_WEEK, today))
        measure = measure_on(day, search.measure_id)
        if step == ProposalState.chosen:
            choose(proposal, actor=actor)
        elif step in STEPS and measure is not None:
            _typed(log_contact(proposal, actor=actor, state=step, day=day, measure_id=measure), day)
    if state == "established":
        establish(
            search,
            actor=actor,
            organisation_id=search.enquiry.organisation_id,
            site_id=proposal.site_id,
            established_on=min(asked + 20 * A_WEEK, today),
        )


def _typed(interaction: Interaction, day: date) -> None:
    """It was typed in on its day: rows are the same each time."""
    at = datetime.combine(day, time(14), UTC)
    table = Interaction.__table__
    row = update(table).where(table.c.id == interaction.id).values(created_at=at, updated_at=at)  # type: ignore[arg-type]  # a table
    db.session.connection().execute(row)
    db.session.expire(interaction)
