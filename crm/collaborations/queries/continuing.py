"""What the next year's collaboration begins with."""

from datetime import date
from typing import Any

from crm.accounts.directory import directory
from crm.accounts.models import User
from crm.collaborations.models import Collaboration, Stage
from crm.interactions.queries.listing import InteractionRow
from crm.plan.queries import outlines
from crm.web.clock import today


def day_in(year: int, begun: date | None = None) -> date:
    """The day whose plan's measures a collaboration of that year is tagged with: the day it was initiated, or today, or
    else the first of the year.
    """
    now = today()
    if begun is not None:
        return begun
    return now if now.year == year else date(min(max(year, 1), 9999), 1, 1)


def continued_values(collaboration: Collaboration, row: InteractionRow, viewer: User) -> dict[str, Any]:
    """The year's values as the form of the next year's has them: same partners, aim, lead and advisors, an idea. Who
    no longer works here is left out; measures are those that continue them in the plan that covers the new year.
    `row` is the interaction with all that belongs to it.
    """
    year = collaboration.year + 1
    people = directory()

    def works_here(identity: int | None) -> bool:
        person = people.get(identity or 0)
        return person is not None and person.logs

    lead = collaboration.lead_id if works_here(collaboration.lead_id) else viewer.id
    advisors = [one.id for one in row.advisors if works_here(one.id)]
    return {
        "organisations": [one.id for one in row.organisations],
        "year": year,
        "stage": Stage.idea.value,
        "aim": collaboration.aim,
        "lead_id": lead,
        "advisors": advisors or [lead],
        "measures": [measure_in(one.id, day_in(year)) for one in row.measures],
        "confidential": row.confidential,
        "title": row.title.replace(str(collaboration.year), str(year)),
    }


def measure_in(measure_id: int, day: date) -> int:
    """What continues the measure in the plan that covers the day; the measure itself where nothing does."""
    found = outlines()
    plan = found.covering(day)
    later = {was: becomes for one in found.plans for was, becomes in one.successors.items()}
    at: int | None = measure_id
    while plan is not None and at is not None and at not in plan.measures:
        at = later.pop(at, None)
    return at or measure_id
