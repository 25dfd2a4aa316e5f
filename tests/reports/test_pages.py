"""What the manager sees: numbers that open their rows, gaps in view, mistakes told where they were made."""

import re
from datetime import date, timedelta

import pytest

from crm.database import now
from crm.interactions.models import Interaction
from crm.web.clock import today
from tests.support.api import Api
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    measure,
    saved,
)
from tests.support.pages import text_of

YEAR = 2025


@pytest.fixture
def plan(app):
    return make_plan(date(YEAR, 1, 1), date(YEAR + 1, 12, 31), shape=((2, 1), (1,)))


@pytest.fixture
def manager(app):
    return make_user("manager")


def held(plan, *codes, day=date(YEAR, 3, 1), **fields):
    return make_interaction(starts_on=day, measures=[measure(plan, code) for code in codes], **fields)


def row(page, label):
    return next(r for r in page.all(".report-table tr") if text_of(r.find("th")).startswith(label))


def numbers(page, label):
    return [int(re.sub(r"\D", "", text_of(cell))) for cell in row(page, label).iter("td")]


def test_rows_in_the_plans_order_with_sums_that_count_once(pages, plan, manager):
    held(plan, "1.A.1", "1.A.2")
    held(plan, "1.A.1", "2.A.1", day=date(YEAR + 1, 1, 1))
    page = pages.get(f"/reports/measures?plan={plan.id}", user=manager)
    assert page.h1 == "Aktiviteter per tiltak"
    assert [t.split()[0] for t in page.texts(".report-table tbody th")] == [
        "1", "1.A", "1.A.1", "1.A.2", "1.B", "1.B.1", "2", "2.A", "2.A.1"
    ]  # fmt: skip
    assert numbers(page, "1.A.1") == [2, 2, 0, 1, 1]
    assert numbers(page, "1.A ") == [2, 2, 0, 1, 1]
    assert numbers(page, "Sum") == [2, 2, 0, 1, 1]
    assert "telles én gang under hvert av dem" in page.text
    assert "Ingen" in text_of(row(page, "1.B.1")), "a gap is told in words, not by colour alone"
    assert page.texts("#gaps li") == ["1.B.1 Merkelapp 1B1"]


def test_every_number_opens_its_rows(pages, plan, manager):
    contact = make_contact()
    held(plan, "1.A.1", "1.B.1", contacts=[contact])
    held(plan, "1.A.1", confidential=True, day=date(YEAR, 12, 31))
    held(
        plan,
        "2.A.1",
        kind="meeting",
        day=date(YEAR + 1, 1, 1),
        organisations=[make_organisation(kind="school")],
    )
    held(plan, "1.A.1", status="cancelled")
    for filters in ("", "&kind=company_visit", "&organisation_kind=school", f"&from={YEAR}-06-01&by=quarter"):
        page = pages.get(f"/reports/measures?plan={plan.id}{filters}", user=manager)
        links = page.all(".report-table td a")
        assert len(links) > 20
        seen = set()
        for link in links:
            if link.get("href") in seen:
                continue
            seen.add(link.get("href"))
            rows = pages.get(link.get("href"), user=manager)
            assert len(rows.all("main tbody tr")) == int(text_of(link)), link.get("href")


def test_a_list_says_the_reports_number_however_large(pages, plan, manager, monkeypatch):
    monkeypatch.setattr("crm.interactions.queries.listing.MOST_COUNTED", 1)
    for day in (date(YEAR, 3, 1), date(YEAR, 3, 31), date(YEAR + 1, 1, 1)):
        held(plan, "1.A.1", day=day)
    page = pages.get(f"/reports/measures?plan={plan.id}&by=month", user=manager)
    for link in row(page, "1.A.1").iterfind("td/a"):
        if text_of(link) != "0" and link.get("href").startswith("/interactions/"):
            listed = pages.get(link.get("href"), user=manager)
            assert listed.texts(".pagination-text") == [f"Viser {text_of(link)} av {text_of(link)}"]
    others = pages.get(
        f"/interactions/?status=held&measure=1.A.1&plan={plan.id}&kind=company_visit", user=manager
    )
    assert "av mer enn 1" in others.text, "what nobody keeps is counted no further than costs the same"


def test_a_confidential_interaction_counts_for_those_who_may_not_read_it(pages, plan):
    hidden = make_organisation("Hemmelig AS")
    held(
        plan, "1.A.1", confidential=True, organisations=[hidden], contacts=[make_contact("Skjult", at=hidden)]
    )
    held(plan, "1.A.1", organisations=[make_organisation("Synlig AS")])
    reader = make_user("reader")
    page = pages.get(f"/reports/measures?plan={plan.id}", user=reader)
    assert numbers(page, "1.A.1")[:3] == [2, 2, 1]
    interactions, organisations, contacts = (
        link.get("href") for link in list(row(page, "1.A.1").iter("a"))[1:4]
    )
    assert "1 fortrolig aktivitet" in pages.get(interactions, user=reader).text
    listed = pages.get(organisations, user=reader)
    assert "Synlig AS" in listed.text
    assert "Hemmelig AS" not in listed.text
    assert "1 virksomhet er talt med, men ikke navngitt" in listed.text
    listed = pages.get(contacts, user=reader)
    assert "Skjult" not in listed.text
    assert "1 kontaktperson er talt med, men ikke navngitt" in listed.text
    assert "Hemmelig AS" in pages.get(organisations, user=make_user("manager")).text


def test_who_was_met_and_is_in_the_bin_now_was_met(pages, plan, manager):
    gone = make_organisation("Borte AS")
    held(plan, "1.A.1", organisations=[gone])
    gone.deleted_at = now()
    saved(gone)
    page = pages.get(f"/reports/measures?plan={plan.id}", user=manager)
    assert numbers(page, "1.A.1")[1] == 1
    listed = pages.get(f"/reports/measures/organisations?plan={plan.id}&measure=1.A.1", user=manager)
    assert "Borte AS I papirkurven" in listed.text


def test_untagged_interactions_are_told_and_can_be_seen(pages, plan, manager):
    held(plan, "1.A.1")
    held(plan, title="Uten merke")
    page = pages.get(f"/reports/measures?plan={plan.id}", user=manager)
    assert "1 gjennomført aktivitet i perioden har ikke noe tiltak" in page.text
    rows = pages.get(page.one(".report-untagged a").get("href"), user=manager)
    assert rows.texts("main tbody th") == ["Uten merke"]


def test_without_arguments_it_is_the_plan_of_today(pages, manager):
    make_plan(today() - timedelta(days=800), today() - timedelta(days=400), title="Den gamle")
    make_plan(title="Den nye")
    page = pages.get("/reports/measures", user=manager)
    assert "Den nye" in page.text
    last_year = pages.get(f"/reports/measures?from={today() - timedelta(days=700)}", user=manager)
    assert last_year.texts(".kicker") == ["Den gamle"], "days choose the plan that covers them"


def test_without_a_plan_it_says_so(pages, manager):
    page = pages.get("/reports/measures", user=manager)
    assert "Det finnes ingen handlingsplan ennå" in page.text


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        ({"from": "31.02.2025"}, "31.02.2025"),
        ({"to": "i fjor"}, "i fjor"),
        ({"to": "2025-04-30", "from": "2025-05-01"}, "2025-04-30"),
        ({"from": "2031-01-01"}, "2031-01-01"),
        ({"from": "\0"}, ""),
        ({"by": "month", "from": "2025-01-01", "to": "2199-12-31"}, None),
        ({"by": "week"}, None),
        ({"plan": "999999"}, None),
        ({"plan": "x"}, None),
        ({"kind": "party"}, None),
        ({"organisation_kind": "party"}, None),
        ({"advisor": "x"}, None),
    ],
)
def test_what_is_wrong_is_told_at_its_field(pages, plan, manager, arguments, typed):
    """The first argument is the wrong one."""
    field, address = next(iter(arguments)), "/reports/measures"
    page = pages.get(address, query={"plan": plan.id} | arguments, user=manager, status=422)
    (link,) = page.all(".error-summary a")
    target = page.one(link.get("href"))
    assert text_of(page.one(f"{link.get('href')}-error")) == text_of(link)
    assert target.get("name", field) == field
    if typed is not None:
        assert target.get("value") == typed
        assert target.get("type") == "text", "a date field would not show it"
    pages.get(address, query={"plan": plan.id, "format": "csv"} | arguments, user=manager, status=400)


def test_the_api_gives_the_same_numbers(pages, plan, manager):
    held(plan, "1.A.1", "1.A.2", contacts=[make_contact()])
    held(plan, "1.A.1", day=date(YEAR + 1, 2, 1), confidential=True)
    held(plan)
    page = pages.get(f"/reports/measures?plan={plan.id}&by=quarter", user=manager)
    api = Api(pages.app, manager, "read")
    answer = api.get("reports/measures", plan=plan.id, by="quarter").json
    shown = [numbers(page, row["code"]) for row in answer["rows"]]
    assert shown == [
        [row["interactions"], row["organisations"], row["contacts"], *row["periods"].values()]
        for row in answer["rows"]
    ]
    totals = answer["totals"]
    assert numbers(page, "Sum")[:3] == [totals["interactions"], totals["organisations"], totals["contacts"]]
    assert totals["untagged"] == 1
    days = f"status=held&plan={plan.id}&from={answer['from']}&to={answer['to']}"
    for row in answer["rows"]:
        behind = api.get(f"interactions?{days}&measure={row['code']}").json
        assert behind["total"] == row["interactions"]


def test_the_same_number_of_statements_for_one_and_for_many(pages, plan, manager):
    held(plan, "1.A.1")
    few = len(pages.get(f"/reports/measures?plan={plan.id}", user=manager).statements)
    for n in range(30):
        held(plan, "1.A.1", "2.A.1", day=date(YEAR, 1 + n % 12, 1), contacts=[make_contact()])
    assert len(pages.get(f"/reports/measures?plan={plan.id}", user=manager).statements) == few
    assert len(pages.get(f"/reports/measures?plan={plan.id}&kind=meeting", user=manager).statements) <= 8
    organisations = f"/reports/measures/organisations?plan={plan.id}&measure=1.A.1"
    assert len(pages.get(organisations, user=manager).all("main tbody tr")) == 31


def test_the_plans_pages_show_the_same_numbers(pages, plan, manager):
    held(plan, "1.A.1", "1.A.2", contacts=[make_contact()])
    held(plan, "1.A.1", day=date(YEAR + 1, 2, 1))
    page = pages.get(f"/plan/measures/1.A.1?plan={plan.id}", user=manager)
    by_year = [t for t in page.texts("main tbody tr") if t.startswith(str(YEAR)[:3])]
    assert by_year == [f"{YEAR + 1} 1 aktiviteter i {YEAR + 1} 1 virksomheter nådd i {YEAR + 1} 0 kontaktpersoner møtt i {YEAR + 1}",
                       f"{YEAR} 1 aktiviteter i {YEAR} 1 virksomheter nådd i {YEAR} 1 kontaktpersoner møtt i {YEAR}"]  # fmt: skip
    for link in page.all("main tbody a.count-link"):
        found = pages.get(link.get("href"), user=manager)
        assert len(found.all("main tbody tr")) == int(re.match(r"\d+", text_of(link))[0])
    assert "2" in pages.get(f"/plan/?plan={plan.id}", user=manager).text


def test_saving_in_the_product_moves_the_numbers(pages, plan, manager):
    """The counts follow the ORM's writes, not only SQL written in a test."""
    interaction = held(plan, "1.A.1")
    address = f"/reports/measures?plan={plan.id}"
    assert numbers(pages.get(address, user=manager), "1.A.1")[0] == 1
    interaction.measures = [measure(plan, "2.A.1")]
    saved(interaction)
    page = pages.get(address, user=manager)
    assert (numbers(page, "1.A.1")[0], numbers(page, "2.A.1")[0]) == (0, 1)
    interaction.deleted_at = now()
    saved(interaction)
    assert numbers(pages.get(address, user=manager), "Sum")[:2] == [0, 0]
    interaction.deleted_at = None
    interaction.starts_on = date(YEAR + 1, 7, 1)
    saved(interaction)
    assert numbers(pages.get(address, user=manager), "2.A.1") == [1, 1, 0, 0, 1]
    assert isinstance(interaction, Interaction)
