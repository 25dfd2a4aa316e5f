"""Every number of the report equals the rows behind it, however it was counted."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.queries.every_row import every_row
from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.known import Known
from crm.interactions.queries.listing import InteractionQuery
from crm.plan.queries import measure_tree
from crm.reports.models import Level, PartyKind
from crm.reports.queries import (
    MeasureReport,
    ReachedQuery,
    ReportFilter,
    Step,
    known_interactions,
    numbers_by_year,
    periods_between,
)
from crm.reports.queries.counting import Counts, count_interactions, count_reached, scopes_of_plan
from crm.reports.queries.kept import read_interactions, read_reached, usable_for
from crm.reports.tables import interaction_rows
from tests.reports.world import DAYS, KINDS, ORGANISATION_KINDS, Made, made, make_world, undone
from tests.support.factories import make_interaction, make_plan
from tests.support.pages import counted_statements

SLOW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
some_interactions = st.lists(made, max_size=14)
days = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted)


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def tree(world):
    return measure_tree(world.plan.id)


def asked_of(world, days, **filters):
    return ReportFilter(plan=world.plan, since=days[0], until=days[1], **filters)


@SLOW
@given(
    some_interactions,
    days,
    st.sampled_from(Step),
    st.sampled_from([None, *KINDS]),
    st.sampled_from([None, *ORGANISATION_KINDS]),
    st.sampled_from([None, 0, 1]),
)
def test_each_number_equals_the_list_behind_it(
    world, tree, interactions, days, by, kind, organisation_kind, advisor
):
    with undone():
        for number, interaction in enumerate(interactions, 10_000):
            world.add(number, interaction)
        user = world.advisors[advisor].id if advisor is not None else None
        asked = asked_of(world, days, by=by, kind=kind, organisation_kind=organisation_kind, advisor=user)
        report = MeasureReport(asked, tree)
        for viewer in (world.manager, world.advisors[0]):
            for row in [*report.rows, report.total]:
                behind = InteractionQuery(report.behind(row), viewer)
                assert row.interactions == behind.count()
                assert row.interactions == sum(row.periods.values())
                exported = list(interaction_rows(behind))
                hidden = behind.hidden_count()
                assert len(exported) == row.interactions - hidden + (1 if hidden else 0)
                for party, number in (
                    (PartyKind.organisation, row.organisations),
                    (PartyKind.contact, row.contacts),
                ):
                    reached = ReachedQuery(party, report.behind(row), viewer)
                    named = reached.page(None).rows
                    assert number == reached.total == len(named) + reached.hidden
                    for one in named:
                        assert one.interactions == InteractionQuery(one.behind, viewer).count()
            assert report.untagged == InteractionQuery(report.behind_untagged, viewer).count()
        for row in [*report.rows, report.total]:
            for period in report.periods:
                behind = InteractionQuery(report.behind(row, period), world.manager)
                assert row.periods[period.key] == behind.count()


@SLOW
@given(some_interactions, days, st.sampled_from(Step))
def test_kept_and_made_counts_are_equal(world, tree, interactions, days, by):
    with undone():
        for number, interaction in enumerate(interactions, 10_000):
            world.add(number, interaction)
        asked = asked_of(world, days, by=by)
        scopes = {scope for own in scopes_of_plan(tree).values() for scope in own}
        counted, kept = Counts(), Counts()
        count_interactions(asked, tree, counted)
        count_reached(asked, tree, counted)
        usable = usable_for(asked)
        if usable.months:
            read_interactions(asked, scopes, kept)
            assert positive(kept.interactions) == positive(counted.interactions)
        if usable.years:
            read_reached(asked, scopes, kept)
            assert kept.reached == counted.reached


@SLOW
@given(some_interactions, st.sampled_from([None, date(2025, 1, 1), date(2025, 4, 1)]), st.booleans())
def test_what_is_known_of_a_list_is_what_is_in_it(world, tree, interactions, since, many):
    """Whether its rows are found by walking through all, as where they are many, or by fetching them."""
    with undone(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Known, "are_many", lambda _known, _wanted: many)
        for number, interaction in enumerate(interactions, 10_000):
            world.add(number, interaction)
        report = MeasureReport(asked_of(world, (date(2025, 1, 1), date(2026, 12, 31))), tree)
        filters = [replace(report.behind(row), since=since) for row in [*report.rows, report.total]]
        for asked in [*filters, InteractionFilter(status="held", since=since)]:
            assert known_interactions(asked, world.manager) is not None
            for viewer in (world.manager, *world.advisors):
                query = InteractionQuery(asked, viewer)
                assert query.shown_counts() == (query.count(), query.hidden_count())
                assert list(pages_of(query)) == [row.id for row in every_row(query)]


def pages_of(query):
    cursor = None
    while True:
        page = query.page(cursor, total=0, size=3)
        yield from (row.id for row in page.rows)
        cursor = page.next_cursor
        if cursor is None:
            return


def test_nothing_is_known_of_other_lists(world):
    world.add(10_000, made_on(date(2025, 5, 5)))
    plan = world.plan.id
    for asked in (
        InteractionFilter(plan=plan),
        InteractionFilter(plan=plan, status="planned"),
        InteractionFilter(plan=plan, status="held", kind="meeting"),
        InteractionFilter(plan=plan, status="held", tagged=False),
        InteractionFilter(plan=plan, status="held", measure="1.A.1", strategy="1.B"),
        InteractionFilter(plan=plan, status="held", measure="9.Z.9"),
        InteractionFilter(plan=plan + 100, status="held"),
        InteractionFilter(measure="1.A.1", status="held"),
        InteractionFilter(plan=plan, status="held", since=date(2025, 5, 6), until=date(2025, 5, 31)),
    ):
        assert known_interactions(asked, world.manager) is None, asked


def test_many_are_walked_through_and_few_are_fetched():
    days = date(2025, 1, 1), date(2026, 12, 31)
    assert Known(800, 10_000, *days).are_many(50)
    assert not Known(100, 10_000, *days).are_many(50)
    assert not Known(0, 0, *days).are_many(50)


def positive(interactions):
    return {
        scope: {k: n for k, n in periods.items() if n} for scope, periods in interactions.items() if periods
    }


def test_whole_years_are_answered_by_what_the_database_keeps(world):
    held = [date(2025, 6, 30), date(2026, 3, 9)]
    for number, day in enumerate(held, 10_000):
        world.add(number, made_on(day))

    def usable(since, until, **filters):
        found = usable_for(asked_of(world, (since, until), **filters))
        return found.months, found.years

    assert usable(date(2025, 1, 1), date(2026, 12, 31)) == (True, True)
    assert usable(date(2025, 1, 1), date(2026, 12, 31), kind="meeting") == (False, False)
    assert usable(date(2025, 1, 1), date(2026, 3, 9)) == (True, True), "nothing was held after the last day"
    assert usable(date(2025, 1, 1), date(2026, 3, 8)) == (False, False)
    assert usable(date(2025, 1, 1), date(2026, 2, 28)) == (True, False)
    assert usable(date(2025, 6, 30), date(2026, 12, 31)) == (True, True)
    assert usable(date(2025, 7, 1), date(2026, 12, 31)) == (True, False)
    assert usable(date(1999, 1, 1), date(2026, 12, 31)) == (False, False)


def made_on(day, **fields):
    fields.setdefault("measures", frozenset({0}))
    fields.setdefault("organisations", frozenset({0}))
    return Made(day=day, **fields)


def test_an_interaction_with_three_measures_counts_once_under_each_and_once_in_sums(world, tree):
    world.add(10_000, made_on(date(2025, 5, 5), measures=frozenset({0, 1, 2}), contacts=frozenset({0, 1})))
    report = MeasureReport(asked_of(world, (date(2025, 1, 1), date(2026, 12, 31))), tree)
    numbers = {row.code: (row.interactions, row.organisations, row.contacts) for row in report.rows}
    assert numbers["1.A.1"] == numbers["1.A.2"] == numbers["1.B.1"] == (1, 1, 2)
    assert numbers["1.A"] == numbers["1.B"] == numbers["1"] == (1, 1, 2)
    assert numbers["2"] == numbers["2.A.1"] == (0, 0, 0)
    assert (report.total.interactions, report.untagged) == (1, 0)
    assert [row.code for row in report.without_interactions] == ["2.A.1", "2.B.1", "2.B.2"]
    year = numbers_by_year(Level.measure.scope(world.measures[0]))
    assert [(n.year, n.interactions, n.organisations, n.contacts) for n in year] == [(2025, 1, 1, 2)]


def test_the_answer_has_the_shape_that_the_interface_promises(world, tree):
    world.add(10_000, made_on(date(2025, 5, 5)))
    world.add(10_001, made_on(date(2025, 5, 5), measures=frozenset()))
    answer = MeasureReport(asked_of(world, (date(2025, 1, 1), date(2026, 12, 31))), tree).answer("nb")
    assert list(answer) == ["rows", "totals", "plan", "from", "to"]
    assert answer["totals"] == {"interactions": 1, "organisations": 1, "contacts": 0, "untagged": 1}
    assert (answer["plan"], answer["from"], answer["to"]) == (world.plan.id, "2025-01-01", "2026-12-31")
    assert [row["code"] for row in answer["rows"]] == ["1.A.1", "1.A.2", "1.B.1", "2.A.1", "2.B.1", "2.B.2"]
    assert answer["rows"][0] == {
        "code": "1.A.1", "label": "Merkelapp 1A1", "interactions": 1, "organisations": 1, "contacts": 0,
        "periods": {"2025": 1, "2026": 0},
    }  # fmt: skip


def test_a_plan_of_very_many_measures(app):
    plan = make_plan(date(2025, 1, 1), date(2026, 12, 31), shape=((50,), (50, 50)))
    measures = sorted(plan.measures, key=lambda m: m.position)
    make_interaction(
        starts_on=date(2025, 2, 2), measures=[measures[0], measures[61], measures[62], measures[149]]
    )
    tree = measure_tree(plan.id)
    asked = ReportFilter(plan=plan, since=date(2025, 1, 1), until=date(2025, 6, 30), kind="company_visit")
    report = MeasureReport(asked, tree)
    found = {row.code for row in report.rows if row.interactions}
    assert found == {"1", "1.A", "1.A.1", "2", "2.A", "2.A.12", "2.A.13", "2.B", "2.B.50"}
    assert {row.code for row in report.rows if row.organisations} == found
    assert report.total.interactions == 1


@pytest.mark.parametrize(
    ("step", "keys"),
    [
        (Step.year, ["2025", "2026"]),
        (Step.quarter, ["2025-Q4", "2026-Q1"]),
        (Step.month, ["2025-11", "2025-12", "2026-01"]),
    ],
)
def test_periods_are_cut_where_the_days_end(app, step, keys):
    found = periods_between(date(2025, 11, 15), date(2026, 1, 2), step)
    assert [period.key for period in found] == keys
    assert found[0].starts_on == date(2025, 11, 15)
    assert found[-1].ends_on == date(2026, 1, 2)
    whole = {Step.month: ["2025-12"]}.get(step, [])
    assert [period.key for period in found if period.is_whole] == whole
    for period in found:
        if period.is_whole:
            named = InteractionFilter.parse({"in": period.key})
            assert (named.since, named.until) == (period.starts_on, period.ends_on)
    for earlier, later in itertools.pairwise(found):
        assert (later.starts_on - earlier.ends_on).days == 1


def test_few_statements_whatever_the_size(world, tree):
    def statements(**filters):
        report = MeasureReport(asked_of(world, (date(2025, 1, 1), date(2026, 5, 6)), **filters), tree)
        with counted_statements() as sent:
            report.rows, report.total, report.untagged  # noqa: B018  reading them asks for them
        return len(sent)

    before = statements(), statements(kind="meeting")
    for number in range(10_000, 10_100):
        world.add(
            number, made_on(date(2025, 5, 5), kind="meeting", measures=frozenset({number % 5, number % 3}))
        )
    assert (statements(), statements(kind="meeting")) == before
    assert max(before) <= 3


def test_new_years_eve_in_norway_counts_in_the_old_year(world, tree, app):
    """`starts_on` decides; an instant after midnight UTC may lie in either year."""
    world.add(10_000, made_on(date(2026, 1, 1)))
    table = Interaction.__table__
    instant = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight on New Year's Day in Oslo
    db.session.execute(sa.update(table).where(table.c.id == 10_000).values(starts_at=instant))
    report = MeasureReport(asked_of(world, (date(2025, 1, 1), date(2026, 12, 31)), by=Step.quarter), tree)
    row = next(row for row in report.measures if row.code == "1.A.1")
    assert (row.periods["2025-Q4"], row.periods["2026-Q1"]) == (0, 1)
