"""What the triggers keep equals what counting anew gives, whatever was written and in whatever order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.extensions import db
from crm.interactions.models import (
    ContactParticipation,
    Interaction,
    interaction_measures,
    interaction_organisations,
)
from crm.plan.models import Measure, Strategy
from crm.reports.models import EVERYTHING, CountedMonth, CountedParty, CountedReach, Level
from crm.reports.operations import counted_afterwards, recount
from tests.reports.world import undone
from tests.support.factories import make_contact, make_organisation, make_plan, make_user

INTERACTIONS = Interaction.__table__
LINKS = {
    "measure": (interaction_measures, "measure_id"),
    "organisation": (interaction_organisations, "organisation_id"),
    "contact": (ContactParticipation.__table__, "contact_id"),
}
DAYS = [
    date(1994, 5, 1),
    *(date(y, m, d) for y in (2025, 2026, 2027) for m, d in ((1, 1), (1, 31), (7, 9), (12, 31))),
]
MOST = 4
"""Few of each kind, so that they meet."""

number = st.integers(0, MOST - 1)
link = st.tuples(st.sampled_from(sorted(LINKS)), number, number)
write = st.one_of(
    st.tuples(st.just("status"), number, st.sampled_from(["held", "held", "planned", "cancelled", "draft"])),
    st.tuples(st.just("date"), number, st.sampled_from(DAYS)),
    st.tuples(st.just("bin"), number, st.booleans()),
    st.tuples(st.just("all at once"), number, st.sampled_from(DAYS)),
    st.tuples(st.just("add"), link),
    st.tuples(st.just("add"), link),
    st.tuples(st.just("add"), link),
    st.tuples(st.just("remove"), link),
    st.tuples(st.just("change"), link, number, number),
    st.tuples(st.just("delete"), number),
    st.tuples(st.just("tag with all"), number),
    st.tuples(st.just("merge"), st.sampled_from(sorted(LINKS)), number, number),
)


@pytest.fixture
def known(app):
    """Ids by kind: two strategies with two measures each, organisations, contacts, and held interactions."""
    plan = make_plan(shape=((2,), (1, 1)))
    author = make_user()
    return {
        "measure": [
            m.id
            for m in db.session.scalars(sa.select(Measure).filter_by(plan_id=plan.id).order_by("position"))
        ],
        "organisation": [make_organisation().id for _ in range(MOST)],
        "contact": [make_contact().id for _ in range(MOST)],
        "author": author.id,
    }


def insert_interaction(ids, n, **fields):
    values = {
        "id": n, "kind": "meeting", "status": "held", "title": "Møte", "starts_on": DAYS[1], "listed_on": DAYS[1], "confidential": False,
        "author_id": ids["author"], "search_text": "mote", "version": 1,
        "created_at": datetime.now(UTC), "updated_at": datetime.now(UTC),
    }  # fmt: skip
    db.session.execute(INTERACTIONS.insert().values(values | fields))


def write_it(ids, base, what, *arguments):
    """One write, as SQL: the triggers must hold for whoever writes."""
    execute = db.session.execute
    if what in {"status", "date", "bin", "all at once"}:
        n, value = arguments
        changes = {
            "status": {"status": value},
            "date": {"starts_on": value},
            "bin": {"deleted_at": datetime.now(UTC) if value else None},
            "all at once": {"status": "held", "deleted_at": None, "starts_on": value},
        }[what]
        execute(INTERACTIONS.update().where(INTERACTIONS.c.id == base + n).values(changes))
    elif what == "delete":
        for table, _ in LINKS.values():
            execute(table.delete().where(table.c.interaction_id == base + arguments[0]))
        execute(INTERACTIONS.delete().where(INTERACTIONS.c.id == base + arguments[0]))
        insert_interaction(ids, base + arguments[0], status="planned")
    elif what == "tag with all":  # several rows in one statement
        table, _column = LINKS["measure"]
        tagged = sa.select(table.c.measure_id).where(table.c.interaction_id == base + arguments[0])
        wanted = sa.select(sa.literal(base + arguments[0]), Measure.id).where(
            Measure.id.in_(ids["measure"]), Measure.id.not_in(tagged)
        )
        execute(table.insert().from_select(["interaction_id", "measure_id"], wanted))
    elif what == "merge":  # one becomes the other wherever that is not there already
        kind, n, other = arguments
        table, column = LINKS[kind]
        there = sa.select(table.c.interaction_id).where(table.c[column] == ids[kind][other])
        moved = (table.c[column] == ids[kind][n]) & table.c.interaction_id.not_in(there)
        execute(table.update().where(moved).values({column: ids[kind][other]}))
    else:
        kind, n, other = arguments[0]
        table, column = LINKS[kind]
        row = (table.c.interaction_id == base + n) & (table.c[column] == ids[kind][other])
        there = execute(sa.select(sa.exists().where(row))).scalar()
        if what == "add" and not there:
            execute(table.insert().values({"interaction_id": base + n, column: ids[kind][other]}))
        elif what == "remove":
            execute(table.delete().where(row))
        elif what == "change" and there:
            n2, other2 = arguments[1:]
            row2 = (table.c.interaction_id == base + n2) & (table.c[column] == ids[kind][other2])
            if not execute(sa.select(sa.exists().where(row2))).scalar():
                execute(
                    table.update().where(row).values({"interaction_id": base + n2, column: ids[kind][other2]})
                )


def kept():
    return (
        {(r.scope, r.month): r.interactions for r in db.session.execute(sa.select(CountedMonth.__table__))},
        {
            (r.scope, r.kind, r.party_id, r.year): r.interactions
            for r in db.session.execute(sa.select(CountedParty.__table__))
        },
        {
            (r.scope, r.kind, r.years): r.parties
            for r in db.session.execute(sa.select(CountedReach.__table__))
        },
    )


def counted_by_hand():
    """The same three, in plain Python from the rows."""
    scopes = {
        m.id: {
            Level.measure.scope(m.id), Level.strategy.scope(m.strategy_id),
            Level.focus_area.scope(m.focus_area_id), Level.plan.scope(m.plan_id),
        }
        for m in db.session.execute(
            sa.select(Measure.id, Measure.strategy_id, Measure.plan_id, Strategy.focus_area_id).join(Measure.strategy)
        )
    }  # fmt: skip
    links = {
        kind: db.session.execute(sa.select(table.c.interaction_id, table.c[column])).all()
        for kind, (table, column) in LINKS.items()
    }
    months, parties = Counter(), Counter()
    held = sa.select(INTERACTIONS.c.id, INTERACTIONS.c.starts_on).where(
        INTERACTIONS.c.status == "held", INTERACTIONS.c.deleted_at.is_(None)
    )
    for interaction_id, day in db.session.execute(held):
        own = {s for i, m in links["measure"] if i == interaction_id for s in scopes[m]}
        for scope in own | {EVERYTHING}:
            months[scope, day.year * 100 + day.month] += 1
        for kind in ("organisation", "contact"):
            for party_id in (p for i, p in links[kind] if i == interaction_id):
                for scope in own:
                    parties[scope, kind, party_id, min(max(day.year, 2000), 2061)] += 1
    years = Counter()
    for scope, kind, party_id, year in parties:
        years[scope, kind, party_id] |= 1 << (year - 2000)
    reach = Counter((scope, kind, mask) for (scope, kind, _), mask in years.items())
    return dict(months), dict(parties), dict(reach)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(write, max_size=40))
def test_kept_counts_equal_counts_made_by_hand(known, writes):
    with undone():
        base = 10_000
        for n in range(MOST):
            insert_interaction(known, base + n, status="held" if n else "planned")
            for kind in LINKS:
                write_it(known, base, "add", (kind, n, n))
        for change in writes:
            write_it(known, base, *change)
        found = kept()
        assert found == counted_by_hand()
        recount(db.session.connection())
        assert kept() == found


def test_a_tag_that_is_changed_to_one_of_the_same_strategy(known):
    insert_interaction(known, 40_000)
    for kind in LINKS:
        write_it(known, 40_000, "add", (kind, 0, 0))
    write_it(known, 40_000, "change", ("measure", 0, 0), 0, 1)
    assert kept() == counted_by_hand()
    write_it(known, 40_000, "change", ("organisation", 0, 0), 0, 1)
    write_it(known, 40_000, "change", ("contact", 0, 0), 0, 1)
    assert kept() == counted_by_hand() != ({}, {}, {})


def test_bulk_loading_counts_once_at_its_end(known):
    with counted_afterwards(db.session.connection()):
        for n in range(MOST):
            insert_interaction(known, 20_000 + n)
            for kind in LINKS:
                write_it(known, 20_000, "add", (kind, n, n))
        assert kept() == ({}, {}, {})
    assert kept() == counted_by_hand() != ({}, {}, {})
    write_it(known, 20_000, "bin", 0, True)
    assert kept() == counted_by_hand(), "the triggers are back"


def test_a_measure_that_moves_takes_its_counts_along(known):
    insert_interaction(known, 30_000)
    for kind in LINKS:
        write_it(known, 30_000, "add", (kind, 0, 0))
    first, *_, last = known["measure"]
    strategy = sa.select(Measure.strategy_id).where(Measure.id == last).scalar_subquery()
    table = Measure.__table__
    db.session.execute(table.update().where(table.c.id == first).values(strategy_id=strategy))
    assert kept() == counted_by_hand()


@pytest.mark.own_app
def test_writers_at_the_same_time_lose_no_count(make_app):
    app = make_app()
    with app.app_context():
        ids = {
            "measure": sorted(m.id for m in make_plan(shape=((2,), (1, 1))).measures),
            "organisation": [make_organisation().id],
            "contact": [make_contact().id],
            "author": make_user().id,
        }

    def write(worker):
        with app.app_context():
            for n in range(8):
                at = 50_000 + worker * 100 + n
                insert_interaction(ids, at, starts_on=DAYS[1 + (n + worker) % 6])
                for kind in LINKS:
                    write_it(ids, at, "add", (kind, 0, 0))
                db.session.commit()
                if n % 3 == 2:
                    write_it(ids, at - 1, "bin", 0, True)
                    write_it(ids, at - 2, "remove", ("measure", 0, 0))
                    db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, worker) for worker in range(4)]:
            done.result()
    with app.app_context():
        found = kept()
        assert found == counted_by_hand()
        assert found[0][EVERYTHING, 202501] > 0
