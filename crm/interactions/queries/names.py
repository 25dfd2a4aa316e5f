from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import literal, select, union_all

from crm.accounts.models import User
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.plan.models import Measure, Plan

Names = dict[str, dict[int, str]]


def names_of(
    *,
    organisations: Iterable[int] = (),
    contacts: Iterable[int] = (),
    users: Iterable[int] = (),
    measures: Iterable[int] = (),
    plans: Iterable[int] = (),
) -> Names:
    """What the records are called, by the arguments' names and their ids; a measure by its code. One statement."""
    full_name = Contact.given_name + " " + Contact.family_name
    wanted: list[tuple[str, Any, Any, Iterable[int]]] = [
        ("organisations", Organisation.id, Organisation.name, organisations),
        ("contacts", Contact.id, full_name, contacts),
        ("users", User.id, User.name, users),
        ("measures", Measure.id, Measure.code, measures),
        ("plans", Plan.id, Plan.title, plans),
    ]
    found: Names = {kind: {} for kind, *_rest in wanted}
    parts = [
        select(literal(kind), column, name).where(column.in_(list(ids)))
        for kind, column, name, ids in wanted
        if ids
    ]
    if parts:
        for kind, identity, name in db.session.execute(union_all(*parts)):
            found[kind][identity] = name.strip()
    return found


def measures_of_plan(plan_id: int | None, today: date, language: str) -> list[tuple[str, str]]:
    """(code, short label) of the plan's measures in its order; of the plan that covers today, or else the latest that
    has begun, where none is named. One statement.
    """
    latest = select(Plan.id).where(Plan.starts_on <= today).order_by(Plan.starts_on.desc()).limit(1)
    of_plan = Measure.plan_id == (plan_id if plan_id is not None else latest.scalar_subquery())
    rows = db.session.execute(select(Measure.code, Measure.labels).where(of_plan).order_by(Measure.position))
    return [(row.code, row.labels.get(language) or row.labels["nb"]) for row in rows]
