"""What the bench asks for, with the budget of each, and the records in the data that it asks about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.web.paging import encode

ADVISOR, MANAGER, API = "advisor", "manager", "api"


@dataclass(frozen=True)
class Case:
    """A page and its budget, in times the bare page; None where quality.md names none."""

    name: str
    path: str
    by: str = ADVISOR
    budget: float | None = 4.0
    p95_budget: float | None = None
    kind: str = "page"


@dataclass(frozen=True)
class Records:
    """What there is in the data: the busiest of each, so that nothing looks cheap because it is empty."""

    organisation: int
    organisation_name: str
    middle: tuple[str, int]
    contact: int
    interaction: int
    plan: int
    plan_starts: date
    measure: str
    measure_id: int
    last_day: date


def find_records(url: str) -> Records:
    engine = sa.create_engine(url)
    with engine.connect() as connection:

        def one(sql: str, **values: Any) -> Any:
            return connection.execute(sa.text(sql), values).one()

        organisation = one(
            "SELECT organisation_id, count(*) FROM interaction_organisations GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )[0]
        contact = one(
            "SELECT contact_id, count(*) FROM interaction_contacts GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )[0]
        total = one("SELECT count(*) FROM organisations WHERE deleted_at IS NULL")[0]
        middle = one(
            "SELECT sort_key, id FROM organisations WHERE deleted_at IS NULL ORDER BY sort_key, id LIMIT 1 OFFSET :n",
            n=total * 2 // 3,
        )
        plan, starts = one("SELECT id, starts_on FROM plans ORDER BY starts_on DESC LIMIT 1")
        measure, measure_id, _ = one(
            "SELECT m.code, m.id, count(*) FROM measures m JOIN interaction_measures t ON t.measure_id = m.id "
            "WHERE m.plan_id = :plan GROUP BY m.code, m.id ORDER BY 3 DESC LIMIT 1",
            plan=plan,
        )
        interaction = one(
            "SELECT i.id FROM interactions i JOIN interaction_organisations o ON o.interaction_id = i.id "
            "WHERE i.status = 'held' AND i.deleted_at IS NULL AND o.organisation_id = :organisation "
            "AND i.confidential = :no ORDER BY i.id DESC LIMIT 1",
            organisation=organisation,
            no=False,
        )[0]
        name = one("SELECT name FROM organisations WHERE id = :id", id=organisation)[0]
        last = one("SELECT max(starts_on) FROM interactions WHERE status = 'held'")[0]
    engine.dispose()
    return Records(
        organisation=organisation,
        organisation_name=name,
        middle=(middle[0], middle[1]),
        contact=contact,
        interaction=interaction,
        plan=plan,
        plan_starts=_day(starts),
        measure=measure,
        measure_id=measure_id,
        last_day=_day(last),
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def cases(r: Records) -> list[Case]:
    far = encode("n", list(r.middle))
    measured = f"/interactions/?status=held&measure={r.measure}&plan={r.plan}"
    return [
        Case("my day", "/"),
        Case("organisations, first page", "/organisations/"),
        Case("organisations, far in", f"/organisations/?cursor={far}"),
        Case("organisations, search", "/organisations/?q=romerike+ener"),
        Case("organisations, of one kind", "/organisations/?kind=school"),
        Case("organisation, the busiest", f"/organisations/{r.organisation}"),
        Case("contacts, first page", "/contacts/"),
        Case("contacts, search", "/contacts/?q=ødegå"),
        Case("contact, the busiest", f"/contacts/{r.contact}"),
        Case("interactions, first page", "/interactions/"),
        Case("interactions, of a measure", measured),
        Case("interactions, search", "/interactions/?q=besøk+rom"),
        Case("interaction", f"/interactions/{r.interaction}"),
        Case("log form", f"/interactions/new?kind=company_visit&organisation={r.organisation}"),
        Case("save an interaction", "/interactions/new?kind=meeting", budget=5.0, kind="save"),
        Case("options, three letters", "/organisations/options?q=rom", budget=None, p95_budget=5.0),
        Case("options, contacts", "/contacts/options?q=han", budget=None, p95_budget=5.0),
        Case("follow-ups", "/follow-ups/"),
        Case("plan", f"/plan/?plan={r.plan}"),
        Case("measure", f"/plan/measures/{r.measure}?plan={r.plan}"),
        Case(
            "report, plan by year", f"/reports/measures?plan={r.plan}&by=year", by=MANAGER, kind="report",
            budget=None, p95_budget=20.0,
        ),
        Case(
            "report, plan by month", f"/reports/measures?plan={r.plan}&by=month", by=MANAGER, kind="report",
            budget=None, p95_budget=20.0,
        ),
        Case(
            "report, visits only", f"/reports/measures?plan={r.plan}&kind=company_visit", by=MANAGER, kind="report",
            budget=None,
        ),
        Case("API, organisations", "/api/v1/organisations?limit=50", by=API),
        Case("API, interactions", "/api/v1/interactions?limit=50", by=API),
        Case("export of all interactions", "/reports/interactions?format=csv", by=MANAGER, kind="export", budget=20.0),
        Case(
            "export of all interactions as a workbook", "/reports/interactions?format=xlsx", by=MANAGER, kind="export",
            budget=20.0,
        ),
    ]  # fmt: skip


def plain_report(r: Records) -> str:
    """The plainest SQL that answers interactions per measure over the plan, for comparison."""
    return (
        "SELECT t.measure_id, count(*) FROM interactions i JOIN interaction_measures t ON t.interaction_id = i.id "
        f"JOIN measures m ON m.id = t.measure_id WHERE m.plan_id = {r.plan} AND i.status = 'held' "
        "AND i.deleted_at IS NULL GROUP BY t.measure_id"
    )
