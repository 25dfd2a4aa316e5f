"""What organisations gave a hint of: each number is its rows, and what is confidential gives nobody away."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.database import now
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionSignal
from crm.interactions.queries.listing import InteractionQuery
from crm.interactions.vocabulary import LED_TO_SOMETHING, Outcome, Signal
from crm.reports.models import PartyKind
from crm.reports.queries import Days, NotedQuery, ReachedQuery, SignalReport
from crm.reports.tables import interaction_rows, noted_rows
from crm.web.clock import months_before
from tests.reports.test_exports import csv_rows, xlsx_rows
from tests.reports.world import DAYS, made, make_world, undone
from tests.support.api import Api
from tests.support.factories import make_interaction, make_organisation, make_user, saved
from tests.support.pages import text_of

REPORT = "/reports/signals?from=2026-01-01&to=2026-06-30"
WHO = "/reports/signals/organisations?signal=needs_premises&from=2026-01-01&to=2026-06-30"
signalled = st.tuples(
    made,
    st.frozensets(st.sampled_from(list(Signal)), max_size=3),
    st.sampled_from([None, None, *Outcome]),
)


@pytest.fixture
def manager(app):
    return make_user("manager")


def noted(*signals, day=date(2026, 3, 3), **fields):
    rows = [InteractionSignal(signal=signal) for signal in signals]
    return make_interaction(starts_on=day, signals=rows, **fields)


def introduced(outcome, day, **fields):
    return make_interaction(
        kind="introduction",
        starts_on=day,
        outcome=outcome,
        outcome_on=day if outcome else None,
        organisations=[make_organisation(), make_organisation()],
        **fields,
    )


def row(page, label):
    return next(r for r in page.all(".report-table tbody tr") if text_of(r.find("th")) == label)


def cells(page, label):
    return [text_of(cell) for cell in row(page, label).iter("td")]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(signalled, max_size=14),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted),
)
def test_each_number_equals_the_list_behind_it(world, interactions, days):
    with undone():
        for number, (interaction, signals, outcome) in enumerate(interactions, 10_000):
            world.add(number, interaction)
            for signal in signals:
                db.session.execute(
                    InteractionSignal.__table__.insert().values(interaction_id=number, signal=signal.value)
                )
            if outcome:
                table = Interaction.__table__
                db.session.execute(
                    table.update()
                    .where(table.c.id == number)
                    .values(kind="introduction", outcome=outcome.value, outcome_on=interaction.day)
                )
        asked = Days(*days)
        report = SignalReport(asked)
        assert [one.signal for one in report.rows] == list(Signal)
        for viewer in (world.manager, world.advisors[0]):
            for one in report.rows:
                behind = InteractionQuery(report.behind(one.signal), viewer)
                hidden = behind.hidden_count()
                assert one.interactions == behind.count()
                assert len(list(interaction_rows(behind))) == one.interactions - hidden + bool(hidden)
                assert one.before == InteractionQuery(report.behind(one.signal, asked.before), viewer).count()
                reached = ReachedQuery(PartyKind.organisation, report.behind(one.signal), viewer)
                named = reached.page(None).rows
                assert one.organisations == reached.total == len(named) + reached.hidden
                who = NotedQuery(one.signal, asked, viewer)
                told = who.page(None).rows
                assert {party.id for party in told} == {party.id for party in named}
                assert who.hidden == hidden
                assert len(list(noted_rows(who))) == len(told) + bool(hidden)
                for party in [*told, *named]:
                    assert party.interactions == InteractionQuery(party.behind, viewer).count()
            counted = report.introductions
            for number, behind in (
                (counted.held, report.behind_introductions()),
                (counted.led_to_something, report.behind_something),
                (counted.unknown, report.behind_unknown),
                (counted.overdue, report.behind_overdue),
                *((n, report.behind_introductions(one)) for one, n in counted.by_outcome.items()),
            ):
                assert number == InteractionQuery(behind, viewer).count()


@pytest.fixture
def world(app):
    return make_world()


def test_each_signal_with_its_numbers_those_of_nobody_too(pages, manager):
    two = [make_organisation(), make_organisation()]
    noted("needs_premises", "recruiting", organisations=two)
    noted("needs_premises", organisations=two[:1])
    noted("needs_premises", day=date(2025, 8, 3))
    noted("needs_premises", status="planned", day=date(2099, 3, 3))
    noted("needs_premises", status="cancelled")
    gone = noted("needs_premises")
    gone.deleted_at = now()
    saved(gone)
    page = pages.get(REPORT, user=manager)
    assert page.h1 == "Signaler"
    assert cells(page, "Trenger lokaler") == ["2", "2", "1", "+1"]
    assert cells(page, "Rekrutterer") == ["1", "2", "0", "+1"]
    assert cells(page, "Vurderer å flytte ut") == ["0", "0", "0", "0"]
    assert len(page.all(".report-table tbody tr")) == len(Signal)
    for link in page.all(".report-table td a"):
        listed = pages.get(link.get("href"), user=manager)
        assert len(listed.all("main tbody tr")) == int(text_of(link)), link.get("href")


def test_an_export_and_the_api_have_the_same_numbers(pages, manager):
    noted("needs_premises")
    noted("needs_premises", confidential=True)
    page = pages.get(REPORT, user=manager)
    xlsx, as_csv = (pages.get(a.get("href"), user=manager) for a in page.all(".page-heading-actions a"))
    header, *rows = csv_rows(as_csv)
    assert header[0] == "Signal"
    assert rows[1] == ["Trenger lokaler", *cells(page, "Trenger lokaler")[:3], "2"]
    assert [[str(cell) for cell in one] for one in xlsx_rows(xlsx)[1:]] == rows
    reader = Api(pages.app, make_user(), "read")
    days = "from=2026-01-01&to=2026-06-30"
    answer = reader.get(f"interactions?signal=needs_premises&status=held&{days}").json
    assert answer["total"] + answer["confidential_hidden"] == 2
    assert [one["signals"] for one in answer["items"]] == [["needs_premises"]]
    exported = csv_rows(pages.get("/reports/interactions?format=csv&signal=needs_premises", user=manager))
    assert [one[exported[0].index("Signaler")] for one in exported[1:]] == ["Trenger lokaler"] * 2


def test_who_needs_premises_the_latest_first(pages, manager):
    kari = make_user(name="Kari Nes")
    early, late = make_organisation("Tidlig AS"), make_organisation("Sen AS")
    noted("needs_premises", organisations=[early, late], title="Først", day=date(2026, 2, 2))
    noted("needs_premises", organisations=[late], title="Sist", author=kari)
    noted("recruiting", organisations=[make_organisation("Andre AS")])
    page = pages.get(WHO, user=manager)
    assert page.texts("main tbody th") == ["Sen AS", "Tidlig AS"]
    first = page.all("main tbody tr")[0]
    assert [text_of(cell) for cell in first.iter("td")][:3] == ["03.03.2026", "Kari Nes", "Sist"]
    for link in page.all("main tbody a.count-link"):
        listed = pages.get(link.get("href"), user=manager)
        assert str(len(listed.all("main tbody tr"))) == text_of(link).split(" ")[0]
    rows = csv_rows(pages.get(f"{WHO}&format=csv", user=manager))
    assert [one[0] for one in rows[1:]] == ["Sen AS", "Tidlig AS"]


def test_what_is_confidential_counts_and_names_nobody(pages, manager):
    hidden, both = make_organisation("Hemmelig AS"), make_organisation("Begge AS")
    noted("needs_premises", organisations=[hidden], confidential=True, title="Skjult samtale")
    noted(
        "needs_premises",
        organisations=[both],
        confidential=True,
        title="Skjult samtale",
        day=date(2026, 5, 5),
    )
    noted("needs_premises", organisations=[both], title="Åpen samtale")
    reader = make_user("reader")
    page = pages.get(REPORT, user=reader)
    assert cells(page, "Trenger lokaler")[:2] == ["3", "2"]
    who = pages.get(WHO, user=reader)
    assert who.texts("main tbody th") == ["Begge AS"]
    assert "2 fortrolige aktiviteter" in who.text
    assert "03.03.2026" in who.text
    assert "05.05.2026" not in who.text, "not even the day of what is confidential"
    for address in [
        WHO,
        *(a.get("href") for a in page.all("main a")),
        *(a.get("href") for a in who.all("main a")),
    ]:
        if not address.startswith("/organisations/"):
            text = pages.get(address, user=reader).text if "format" not in address else ""
            assert "Hemmelig AS" not in text, address
            assert "Skjult samtale" not in text, address
    told = csv_rows(pages.get(f"{WHO}&format=csv", user=make_user()))
    assert [one[0] for one in told[1:]] == ["Begge AS", "2 fortrolige aktiviteter er utelatt"]
    assert pages.get(WHO, user=manager).texts("main tbody th") == ["Begge AS", "Hemmelig AS"]


def test_a_number_tells_nothing_of_one_organisations_secrets(pages, manager):
    """The list says how many are hidden; narrowed to one organisation and one signal that would be what was confided."""
    hidden = make_organisation("Hemmelig AS")
    noted("moving_out", organisations=[hidden], confidential=True)
    address = f"/interactions/?signal=moving_out&organisation={hidden.id}"
    reader = make_user("reader")
    assert "fortrolig" not in pages.get(address, user=reader).text
    assert len(pages.get(address, user=manager).all("main tbody tr")) == 1
    answer = (
        Api(pages.app, make_user(), "read")
        .get("interactions", signal="moving_out", organisation=hidden.id)
        .json
    )
    assert (answer["total"], answer["confidential_hidden"]) == (0, 0)


def test_without_arguments_it_is_this_year(pages, manager):
    page = pages.get("/reports/signals", user=manager)
    (current,) = page.texts("nav[aria-label='Periode'] [aria-current]")
    assert current.isdigit()
    pages.get("/reports/signals?in=2026-Q2", user=manager)


@pytest.mark.parametrize(
    "arguments",
    [
        {"from": "31.02.2025"},
        {"to": "2025-01-01", "from": "2025-05-01"},
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
    ],
)
def test_what_is_wrong_is_told_at_its_field(pages, manager, arguments):
    page = pages.get("/reports/signals", query=arguments, user=manager, status=422)
    (link,) = page.all(".error-summary a")
    assert page.one(link.get("href")).get("name") in arguments
    pages.get("/reports/signals", query={"format": "csv"} | arguments, user=manager, status=400)
    pages.get(
        "/reports/signals/organisations", query={"signal": "recruiting"} | arguments, user=manager, status=400
    )


def test_an_unknown_signal_is_refused(pages, manager):
    pages.get("/reports/signals/organisations?signal=tired", user=manager, status=400)
    assert "tired" not in pages.get("/interactions/?signal=tired", user=manager, status=400).texts("option")


@pytest.mark.parametrize(
    ("days", "today", "before"),
    [
        (("2025-01-01", "2025-12-31"), "2026-11-24", ("2024-01-01", "2024-12-31")),
        (("2026-01-01", "2026-12-31"), "2026-11-24", ("2025-01-01", "2025-11-24")),
        (("2026-04-01", "2026-06-30"), "2026-11-24", ("2026-01-01", "2026-03-31")),
        (("2026-10-01", "2026-12-31"), "2026-12-31", ("2026-07-01", "2026-09-30")),
        (("2024-03-01", "2024-03-31"), "2024-03-31", ("2024-02-01", "2024-02-29")),
        (("2024-03-01", "2024-03-31"), "2024-03-30", ("2024-02-01", "2024-02-29")),
        (("2026-11-10", "2026-11-19"), "2026-11-24", ("2026-10-31", "2026-11-09")),
        (("2026-11-20", "2026-11-29"), "2026-11-24", ("2026-11-10", "2026-11-14")),
    ],
)
def test_the_period_before(monkeypatch, days, today, before):
    monkeypatch.setattr("crm.reports.queries.signals.today", lambda: date.fromisoformat(today))
    found = Days(*map(date.fromisoformat, days)).before
    assert (found.since.isoformat(), found.until.isoformat()) == before


def test_months_before_keep_within_the_month():
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 24) == date(2024, 1, 15)


def test_what_came_of_introductions_opens_its_rows(pages, manager):
    for outcome in (*Outcome, None, None):
        introduced(outcome, date(2026, 2, 2))
    introduced(None, date(2026, 2, 2), confidential=True)
    introduced(None, date(2025, 2, 2))
    page = pages.get(REPORT, user=manager)
    figures = {text_of(a).split(" ", 1)[1]: a for a in page.all("#introductions a.figure")}
    numbers = {name: int(text_of(a).split(" ")[0]) for name, a in figures.items()}
    assert numbers == {
        "gjennomførte koblinger": 7,
        "førte til noe": len(LED_TO_SOMETHING),
        "ikke kjent ennå": 3,
        "ikke kjent etter tre måneder": 3,
    }
    for name, link in figures.items():
        assert len(pages.get(link.get("href"), user=manager).all("main tbody tr")) == numbers[name]


def test_few_statements_whatever_the_size(pages, manager):
    def statements():
        reader = make_user("reader")
        return [len(pages.get(address, user=reader).statements) for address in (REPORT, WHO)]

    noted("needs_premises")
    few = statements()
    for number in range(60):
        noted("needs_premises", "recruiting", confidential=number % 5 == 0)
    assert statements() == few
    assert "Neste" in pages.get(WHO, user=manager).text
