from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import literal, select, union_all

from crm.accounts.models import User
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.plan.models import Measure, Plan
from crm.plan.queries import MeasureNode, outlines

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


def measures_of_plan(plan_id: int | None, today: date) -> Sequence[MeasureNode]:
    """The plan's measures in its order; those of the plan that covers today, or else of the latest that has begun, where
    none is named.
    """
    found = outlines()
    if plan_id is not None:
        plan = found.of(plan_id)
    else:
        plan = next((one for one in found.plans if one.starts_on <= today), None)
    return plan.tree.measures if plan is not None else ()
