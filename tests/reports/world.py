"""A small world of interactions, written as SQL so that hundreds of them can be made and undone in a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    Interaction,
    interaction_measures,
    interaction_organisations,
)
from crm.plan.models import Measure, Plan
from tests.support.factories import make_contact, make_organisation, make_plan, make_user

DAYS = [date(y, m, d) for y in (2024, 2025, 2026) for m, d in ((1, 1), (3, 31), (4, 1), (8, 15), (12, 31))]
KINDS = ["company_visit", "meeting"]
ORGANISATION_KINDS = ["company", "school"]


@dataclass
class World:
    plan: Plan
    earlier: Plan
    measures: list[int]
    organisations: list[int]
    contacts: list[int]
    advisors: list[Any]
    manager: Any

    def add(self, number: int, interaction: "Made") -> None:
        now = datetime.now(UTC)
        values = {
            "id": number, "kind": interaction.kind, "status": interaction.status, "title": f"Nr. {number}",
            "starts_on": interaction.day, "listed_on": interaction.day, "confidential": interaction.confidential,
            "author_id": self.manager.id, "search_text": f"nr {number}", "version": 1, "created_at": now,
            "updated_at": now, "deleted_at": now if interaction.binned else None,
        }  # fmt: skip
        db.session.execute(Interaction.__table__.insert().values(values))
        for table, column, ids, chosen in (
            (interaction_measures, "measure_id", self.measures, interaction.measures),
            (interaction_organisations, "organisation_id", self.organisations, interaction.organisations),
            (ContactParticipation.__table__, "contact_id", self.contacts, interaction.contacts),
            (AdvisorParticipation.__table__, "user_id", [u.id for u in self.advisors], interaction.advisors),
        ):
            rows = [{"interaction_id": number, column: ids[at]} for at in sorted(chosen)]
            if rows:
                db.session.execute(table.insert(), rows)


@dataclass(frozen=True)
class Made:
    day: date
    kind: str = "meeting"
    status: str = "held"
    binned: bool = False
    confidential: bool = False
    measures: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()
    contacts: frozenset[int] = frozenset()
    advisors: frozenset[int] = frozenset()


def some(most: int) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(0, most - 1), max_size=3)


made = st.builds(
    Made,
    day=st.sampled_from(DAYS),
    kind=st.sampled_from(KINDS),
    status=st.sampled_from(["held"] * 5 + ["planned", "cancelled"]),
    binned=st.sampled_from([False] * 7 + [True]),
    confidential=st.sampled_from([False] * 3 + [True]),
    measures=some(6),
    organisations=some(4),
    contacts=some(3),
    advisors=some(2),
)


@contextmanager
def undone() -> Iterator[None]:
    """What is written meanwhile is gone afterwards: one example of many in a test."""
    savepoint = db.session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def make_world() -> World:
    """Two plans, one after the other; the later one's measures are 1.A.1, 1.A.2, 1.B.1, 2.A.1, and 2.B.1 and .2."""
    earlier = make_plan(date(2023, 1, 1), date(2024, 12, 31), shape=((1,),))
    plan = make_plan(date(2025, 1, 1), date(2026, 12, 31), shape=((2, 1), (1, 2)))
    of_plan = sa.select(Measure.id).where(Measure.plan_id == plan.id).order_by(Measure.position)
    world = World(
        plan=plan,
        earlier=earlier,
        measures=list(db.session.scalars(of_plan)),
        organisations=[make_organisation(kind=ORGANISATION_KINDS[n % 2]).id for n in range(4)],
        contacts=[make_contact().id for _ in range(3)],
        advisors=[make_user(), make_user()],
        manager=make_user("manager"),
    )
    # The last measure of the strategy with two stays with the plan; the earlier plan has one to be told apart from.
    world.measures[-1] = db.session.scalar(sa.select(Measure.id).where(Measure.plan_id == earlier.id))
    return world
