from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.database import now
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.queries import InteractionFilter, InteractionQuery
from crm.interactions.queries.every_row import every_row
from crm.web.clock import today
from crm.web.validation import Invalid
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    measure,
    saved,
)
from tests.support.pages import counted_statements

ARGS = {
    "q": "berger",
    "kind": "meeting",
    "status": "held",
    "organisation": "3",
    "organisation_kind": "school",
    "contact": "4",
    "advisor": "5",
    "measure": "1.B.3",
    "strategy": "1.B",
    "focus_area": "1",
    "plan": "7",
    "tagged": "yes",
    "from": "2026-01-01",
    "to": "2026-12-31",
    "updated_since": "2026-01-01T10:00:00+01:00",
}


@pytest.fixture
def found(app, isolation, manager):
    def titles(viewer=None, **filters):
        query = InteractionQuery(InteractionFilter(**filters), viewer or manager)
        rows = [row.title for row in every_row(query, batch=2)]
        with db.session.no_autoflush:
            assert sorted(rows) == sorted(
                db.session.scalars(query.statement().with_only_columns(Interaction.title))
            )
        assert query.count() - query.hidden_count() == len(rows)
        assert len(db.session.scalars(query.ids()).all()) == query.count() == query.shown_counts()[0]
        assert query.shown_counts()[1] == query.hidden_count()
        return sorted(rows)

    return titles


def test_a_filter_is_written_as_it_was_read():
    wanted = InteractionFilter.parse(ARGS)
    assert wanted.args() == {**ARGS, "updated_since": "2026-01-01T10:00:00+01:00"}
    assert InteractionFilter.parse(wanted.args(kind=None)) == InteractionFilter.parse({**ARGS, "kind": ""})
    assert wanted.since == date(2026, 1, 1)
    assert InteractionFilter.parse({"from": "3.9.2026", "measure": "1.b.3"}).args() == {
        "measure": "1.B.3",
        "from": "2026-09-03",
    }


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_days_are_named_by_their_period(period, since, until):
    assert InteractionFilter.parse({"in": period}) == InteractionFilter(since=since, until=until)
    narrower = InteractionFilter.parse({"in": period, "from": "2026-01-15"})
    assert narrower == InteractionFilter(since=date(2026, 1, 15), until=until)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("kind", "seance"),
        ("status", "maybe"),
        ("organisation", "abc"),
        ("organisation", "99999999999"),
        ("advisor", "-1"),
        ("measure", "1.B.3; DROP"),
        ("strategy", "1"),
        ("focus_area", "1.B"),
        ("tagged", "perhaps"),
        ("from", "2026-02-31"),
        ("to", "tomorrow"),
        ("in", "2026-13"),
        ("in", "2026-Q5"),
        ("in", "0000"),
        ("updated_since", "soon"),
    ],
)
def test_what_is_not_understood_is_told_by_name(in_english, name, typed):
    with pytest.raises(Invalid) as refused:
        InteractionFilter.parse({name: typed, "q": "x"})
    assert list(refused.value.errors) == [name]


def test_each_filter(found, advisor, colleague, company, person, plan):
    other_plan = make_plan(date(2015, 1, 1), date(2018, 12, 31))
    school = make_organisation("Skolen", "school")
    make_interaction(
        title="A",
        advisors=[advisor],
        organisations=[company],
        contacts=[person],
        measures=[measure(plan, "1.A.1"), measure(plan, "1.A.2")],
        place="Bergerveien",
    )
    make_interaction(
        title="B",
        kind="meeting",
        advisors=[colleague],
        organisations=[company, school],
        measures=[measure(plan, "2.A.1")],
    )
    make_interaction(
        title="C",
        starts_on=date(2016, 5, 5),
        organisations=[school],
        measures=[measure(other_plan, "1.A.1")],
        advisors=[advisor],
    )
    make_interaction(title="D", status="planned", organisations=[])
    make_interaction(title="E", status="held", organisations=[])
    binned = make_interaction(title="F", organisations=[company], contacts=[person])
    binned.deleted_at = now()
    saved(binned)

    assert found() == ["A", "B", "C", "D", "E"]
    assert found(status="held") == ["A", "B", "C", "E"]
    assert found(kind="meeting") == ["B"]
    assert found(organisation=company.id) == ["A", "B"]
    assert found(organisation_kind="school") == ["B", "C"]
    assert found(contact=person.id) == ["A"]
    assert found(advisor=advisor.id) == ["A", "C"]
    assert found(measure="1.A.1") == ["A", "C"]
    assert found(measure="1.A.1", plan=plan.id) == ["A"]
    assert found(strategy="1.A") == ["A", "C"]
    assert found(strategy="1.A", plan=other_plan.id) == ["C"]
    assert found(focus_area="2") == ["B"]
    assert found(plan=plan.id) == ["A", "B"]
    assert found(tagged=True) == ["A", "B", "C"]
    assert found(tagged=True, plan=plan.id) == ["A", "B"]
    assert found(tagged=False) == ["D", "E"]
    assert found(tagged=False, plan=plan.id) == ["C", "D", "E"]
    assert found(since=today()) == ["A", "B", "D", "E"]
    assert found(until=date(2016, 5, 5)) == ["C"]
    assert found(q="berger") == ["A"]
    assert found(q="!?") == []
    assert found(updated_since=now() - timedelta(hours=1)) == ["A", "B", "C", "D", "E"]
    assert found(updated_since=now() + timedelta(hours=1)) == []
    assert found(organisation=company.id, kind="company_visit", measure="1.A.2", status="held") == ["A"]


def test_rows_hold_who_and_what_in_order(manager, company, person, plan, colleague, advisor):
    make_interaction(
        organisations=[make_organisation("Øst AS"), company],
        contacts=[person],
        advisors=[colleague, advisor],
        measures=[measure(plan, "1.B.2"), measure(plan, "1.A.2")],
    )
    (row,) = every_row(InteractionQuery(InteractionFilter(), manager))
    assert [one.name for one in row.organisations] == ["Aas & Sønn AS", "Øst AS"] or [
        one.name for one in row.organisations
    ] == ["Øst AS", "Aas & Sønn AS"]
    assert row.organisations == sorted(
        row.organisations, key=lambda one: one.name.startswith("Aas")
    )  # aa is å
    assert [one.name for one in row.contacts] == ["Kari Aas"]
    assert [one.name for one in row.advisors] == ["Anne Rådgiver", "Bjørn Kollega"]
    assert [one.name for one in row.measures] == ["1.A.2", "1.B.2"]


def test_names_that_were_forgotten_are_asked_for_again(monkeypatch, manager, company, plan):
    others = [make_organisation() for _ in range(3)]
    for organisations in ([company], [others[0], company], others, [], [company]):
        make_interaction(
            organisations=organisations,
            advisors=[manager],
            measures=[measure(plan, "1.A.2")],
            status="planned",
        )
    query = InteractionQuery(InteractionFilter(), manager)
    rows = list(every_row(query))
    assert [len(row.organisations) for row in rows] == [1, 0, 3, 2, 1]
    monkeypatch.setattr("crm.interactions.queries.every_row.MOST_NAMES", 1)
    assert list(every_row(query, batch=1)) == rows
    assert list(every_row(query, batch=2)) == rows


def test_pages_go_on_after_each_other_newest_first(app, isolation, manager):
    days = [today() - timedelta(days=n % 5) for n in range(13)]
    for day in days:
        make_interaction(starts_on=day, organisations=[], advisors=[manager])
    with app.test_request_context("/interactions/"):
        query = InteractionQuery(InteractionFilter(), manager)
        seen, cursor = [], None
        while True:
            page = query.page(cursor, size=4)
            seen += [row.id for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert page.total == 13
        assert [row.id for row in query.page(page.previous_cursor, size=4).rows] == seen[8:12]
    assert seen == [row.id for row in every_row(query)]
    assert len(set(seen)) == 13
    listed = [db.session.get(Interaction, one).listed_on for one in seen]
    assert listed == sorted(listed, reverse=True)


def test_one_or_many_rows_cost_the_same(manager, company, person, plan):
    def cost():
        db.session.expire_all()
        manager.id  # noqa: B018  loaded beforehand
        with counted_statements() as sent:
            rows = list(every_row(InteractionQuery(InteractionFilter(), manager)))
        return len(sent), len(rows)

    make_interaction(organisations=[company], contacts=[person], measures=[measure(plan, "1.A.1")])
    one = cost()
    for _ in range(15):
        make_interaction(
            organisations=[company, make_organisation()],
            contacts=[make_contact(at=company)],
            measures=[measure(plan, "1.A.2")],
        )
    assert one == (2, 1)
    assert cost() == (2, 16)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(
        st.tuples(
            st.sampled_from(["held", "planned", "cancelled"]),
            st.sets(st.sampled_from(["1.A.1", "1.A.2", "1.B.1"]), max_size=3),
            st.booleans(),
            st.booleans(),
            st.integers(0, 2),
        ),
        max_size=6,
    ),
    wanted=st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["held", "planned"]),
            "measure": st.sampled_from(["1.A.1", "1.B.1"]),
            "strategy": st.sampled_from(["1.A", "1.B"]),
            "tagged": st.booleans(),
            "kind": st.sampled_from(["company_visit", "meeting"]),
        },
    ),
)
def test_count_list_and_ids_agree_for_any_set(app, isolation, plan, drawn, wanted):
    """What is counted is what a plain reading of the filter counts, and hidden ones are counted, not shown."""
    viewer, author = make_user(), make_user()
    mark = make_organisation()
    expected = hidden = 0
    for status, codes, confidential, takes_part, number in drawn:
        kind = ["company_visit", "meeting", "event"][number]
        make_interaction(
            status=status,
            kind=kind,
            author=author,
            advisors=[author, viewer] if takes_part else [author],
            organisations=[mark],
            measures=[measure(plan, code) for code in codes],
            confidential=confidential,
        )
        fits = (
            wanted.get("status", status) == status
            and wanted.get("kind", kind) == kind
            and (wanted.get("measure") is None or wanted["measure"] in codes)
            and (wanted.get("strategy") is None or any(code.startswith(wanted["strategy"]) for code in codes))
            and wanted.get("tagged", bool(codes)) == bool(codes)
        )
        expected += fits
        hidden += fits and confidential and not takes_part
    query = InteractionQuery(InteractionFilter(**wanted, organisation=mark.id), viewer)
    assert (query.count(), query.hidden_count()) == (expected, hidden)
    assert len(list(every_row(query))) == expected - hidden
    assert len(db.session.scalars(query.ids()).all()) == expected
    assert query.shown_counts() == (expected, hidden)
