"""Which measure of the plan searches for a place count under: what was chosen last, else what `catalogue.toml` names."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm.arenas.rules import measures_on
from crm.establishments.models import Establishment
from crm.extensions import db
from crm.plan.queries import Outlines, outlines


@cache
def _named() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text(encoding="utf-8"))


def usual_measure(day: date) -> int | None:
    """The measure as the plan that covers the local day has it; None where that plan has none. One statement."""
    latest = db.session.scalar(
        select(Establishment.measure_id)
        .where(Establishment.measure_id.is_not(None))
        .order_by(Establishment.id.desc())
        .limit(1)
    )
    return measure_on(day, latest if latest is not None else _shipped(outlines()))


def measure_on(day: date, measure_id: int | None) -> int | None:
    """What the measure is, continues or was continued by in the plan that covers the local day."""
    if measure_id is None:
        return None
    return next(iter(measures_on(day, [measure_id], outlines())), None)


def _shipped(plans: Outlines) -> int | None:
    named = _named()
    plan = next((one for one in plans.plans if one.starts_on == named["plan_starts_on"]), None)
    found = plan.tree.measure(named["code"]) if plan is not None else None
    return found.id if found is not None else None


def chain_of(measure_id: int) -> list[int]:
    """The measure with those that it continues and those that continue it, through all plans."""
    successor = {before: after for plan in outlines().plans for before, after in plan.successors.items()}
    predecessor = {after: before for before, after in successor.items()}
    found = [measure_id]
    for links in (successor, predecessor):
        at = links.get(measure_id)
        while at is not None and at not in found:
            found.append(at)
            at = links.get(at)
    return sorted(found)


def offered_measures(day: date) -> list[tuple[int, str, dict[str, str]]]:
    """(id, code, labels) of the measures of the plan that covers the local day."""
    plan = outlines().covering(day)
    return [(one.id, one.code, one.labels) for one in plan.measures.values()] if plan is not None else []
