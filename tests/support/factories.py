"""Records as tests need them: valid, small, committed. Everything not named is made up."""

import itertools
from datetime import date, timedelta
from typing import Any

from crm.accounts.models import Absence, Role, Unit, User
from crm.audit.recording import record
from crm.database import folded
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    FollowUp,
    Interaction,
    InteractionKind,
    InteractionStatus,
)
from crm.organisations.models import Affiliation, Contact, Organisation, OrganisationKind, Tag
from crm.plan.models import FocusArea, Measure, Plan, Strategy
from crm.web.clock import today

_numbers = itertools.count(1)


def saved(thing: Any) -> Any:
    """The thing, recorded in the audit log and committed."""
    record(thing, actor=None, action="created")
    db.session.commit()
    return thing


def make_unit(name: str | None = None) -> Unit:
    return saved(Unit(name=name or f"Enhet {next(_numbers)}"))


def make_user(role: str = "advisor", name: str | None = None, **fields: Any) -> User:
    n = next(_numbers)
    fields.setdefault("email", f"bruker{n}@eksempel.example")
    return saved(User(role=Role(role), name=name or f"Bruker Nummer{n}", **fields))


def make_absence(user: User, starts_on: date, ends_on: date, deputy: User | None = None) -> Absence:
    absence = Absence(starts_on=starts_on, ends_on=ends_on, deputy=deputy)
    user.absences.append(absence)
    saved(user)
    return absence


def organisation_number(n: int) -> str:
    """A valid organisation number, different for each n that has one near it."""
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    while True:
        digits = f"{81_000_000 + n:08d}"
        rest = 11 - sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
        if rest != 10:
            return f"{digits}{0 if rest == 11 else rest}"
        n += 50_000_000 // 97


def make_tag(name: str) -> Tag:
    tag = Tag(name=name, folded_name=folded(name))
    db.session.add(tag)
    db.session.commit()
    return tag


def make_organisation(name: str | None = None, kind: str = "company", **fields: Any) -> Organisation:
    return saved(
        Organisation(name=name or f"Bedrift {next(_numbers)} AS", kind=OrganisationKind(kind), **fields)
    )


def make_contact(
    given_name: str = "Kari", family_name: str | None = None, *, at: Organisation | None = None, **fields: Any
) -> Contact:
    affiliation = {
        k: fields.pop(k) for k in ("title", "topics", "primary", "started_on", "ended_on") if k in fields
    }
    contact = Contact(given_name=given_name, family_name=family_name or f"Nordmann{next(_numbers)}", **fields)
    if at is not None:
        contact.affiliations.append(Affiliation(organisation=at, **affiliation))
    return saved(contact)


def make_plan(
    starts_on: date | None = None,
    ends_on: date | None = None,
    *,
    title: str | None = None,
    shape: tuple[tuple[int, ...], ...] = ((2, 3), (1,)),
) -> Plan:
    """A plan whose focus areas have strategies with so many measures each; it covers last year to next year."""
    year = today().year
    plan = Plan(
        title=title or f"Handlingsplan {next(_numbers)}",
        starts_on=starts_on or date(year - 1, 1, 1),
        ends_on=ends_on or date(year + 1, 12, 31),
    )
    position = itertools.count(1)
    for number, strategies in enumerate(shape, 1):
        area = FocusArea(number=number, labels={"nb": f"Område {number}"}, wording=f"Område nummer {number}")
        plan.focus_areas.append(area)
        for letter, measures in zip("ABCDEF", strategies, strict=False):
            strategy = Strategy(
                letter=letter, labels={"nb": f"Strategi {letter}"}, wording=f"Strategien {letter}"
            )
            area.strategies.append(strategy)
            for k in range(1, measures + 1):
                strategy.measures.append(
                    Measure(
                        plan=plan,
                        code=f"{number}.{letter}.{k}",
                        position=next(position),
                        labels={"nb": f"Merkelapp {number}{letter}{k}"},
                        wording=f"Ordlyden til {number}.{letter}.{k}",
                        hints={},
                    )
                )
    db.session.add(plan)
    db.session.flush()
    for area in plan.focus_areas:
        record(area, actor=None, action="created")
        for strategy in area.strategies:
            record(strategy, actor=None, action="created")
            for measure in strategy.measures:
                record(measure, actor=None, action="created")
    return saved(plan)


def measure(plan: Plan, code: str) -> Measure:
    return db.session.query(Measure).filter_by(plan_id=plan.id, code=code).one()


def make_interaction(
    *,
    title: str | None = None,
    kind: str = "company_visit",
    status: str = "held",
    starts_on: date | None = None,
    author: User | None = None,
    advisors: list[User] | None = None,
    organisations: list[Organisation] | None = None,
    contacts: list[Contact] | None = None,
    measures: list[Measure] | None = None,
    **fields: Any,
) -> Interaction:
    """Held today with one organisation unless told otherwise; measures only where given."""
    author = author or (advisors[0] if advisors else make_user())
    interaction = Interaction(
        title=title or f"Besøk {next(_numbers)}",
        kind=InteractionKind(kind),
        status=InteractionStatus(status),
        starts_on=starts_on or today() + timedelta(days=7 if status == "planned" else 0),
        author=author,
        organisations=organisations if organisations is not None else [make_organisation()],
        measures=measures or [],
        **fields,
    )
    for user in advisors if advisors is not None else [author]:
        interaction.advisor_participations.append(AdvisorParticipation(user=user, unit_id=user.unit_id))
    for contact in contacts or []:
        affiliation = contact.affiliations[0] if contact.affiliations else None
        interaction.contact_participations.append(
            ContactParticipation(contact=contact, affiliation=affiliation)
        )
    return saved(interaction)


def make_follow_up(
    text: str = "Sende oversikt", *, owner: User, due_on: date | None = None, **fields: Any
) -> FollowUp:
    return saved(FollowUp(text=text, owner=owner, due_on=due_on or today(), **fields))
