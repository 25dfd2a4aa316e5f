"""Confidential interactions count everywhere and are read by few."""

import pytest

from crm.interactions.policies import can_bin, can_edit, can_view
from crm.interactions.queries import InteractionFilter, InteractionQuery
from crm.organisations.queries import organisation_options
from crm.web.clock import today
from tests.support.factories import make_follow_up, make_interaction, make_user, measure, saved

SECRET = "Hemmelig salg av tomten"


@pytest.fixture
def secret(company, person, advisor, plan):
    interaction = make_interaction(
        title=SECRET,
        advisors=[advisor],
        organisations=[company],
        contacts=[person],
        measures=[measure(plan, "1.A.1")],
        confidential=True,
        notes="Ingen må vite dette",
    )
    make_follow_up("Hemmelig oppfølging", owner=advisor, interaction=interaction, organisation=company)
    return interaction


def test_who_may(secret, advisor, colleague, manager, reader):
    author = make_user()
    secret.author_id = author.id
    saved(secret)
    assert [can_view(user, secret) for user in (advisor, author, manager, colleague, reader)] == [
        True
    ] * 3 + [False] * 2
    assert [can_edit(user, secret) for user in (advisor, author, manager, colleague, reader)] == [
        True
    ] * 3 + [False] * 2
    assert [can_bin(user, secret) for user in (advisor, manager, reader)] == [True, True, False]
    assert not can_bin(make_user("first_line"), secret)


def test_pages_of_it_are_refused_alike_to_others(pages, secret, colleague, reader, manager, advisor):
    for user in (colleague, reader):
        pages.get(f"/interactions/{secret.id}", user=user, status=403)
    for path in ("edit", "history"):
        pages.get(f"/interactions/{secret.id}/{path}", user=colleague, status=403)
    for user in (advisor, manager):
        assert pages.get(f"/interactions/{secret.id}", user=user).h1 == SECRET


def test_no_list_gives_it_away(pages, secret, colleague, company, person, plan):
    addresses = [
        "/",
        "/interactions/",
        f"/interactions/?organisation={company.id}",
        f"/interactions/?measure=1.A.1&plan={plan.id}&status=held",
        f"/organisations/{company.id}",
        f"/contacts/{person.id}",
        "/follow-ups/?owner=all",
        f"/interactions/new?organisation={company.id}",
        "/bin",
    ]
    for address in addresses:
        page = pages.get(address, user=colleague, most_statements=12)
        assert "Hemmelig" not in page.response.get_data(as_text=True), address


def test_lists_say_that_there_is_one(pages, secret, colleague, company, person):
    for address in ("/interactions/", f"/organisations/{company.id}", f"/contacts/{person.id}"):
        page = pages.get(address, user=colleague, most_statements=12)
        assert "1 confidential interaction" in page.text, address
    make_interaction(organisations=[company], title="Åpent", advisors=[colleague])
    page = pages.get("/interactions/", user=colleague)
    assert "Showing 1 of 2" in page.text
    assert "1 confidential interaction" in page.text


def test_it_counts_for_everybody(secret, colleague, manager):
    for user in (colleague, manager):
        assert InteractionQuery(InteractionFilter(status="held"), user).count() == 1


def test_words_cannot_be_guessed_by_searching(pages, secret, colleague, advisor):
    page = pages.get("/interactions/?q=tomten", user=colleague)
    assert "confidential" not in page.text
    assert InteractionQuery(InteractionFilter(q="tomten"), colleague).count() == 0
    assert InteractionQuery(InteractionFilter(q="tomten"), advisor).count() == 1


def test_it_suggests_no_measure_to_others(pages, secret, colleague, advisor, company):
    def likely(user):
        page = pages.get(f"/interactions/new?organisation={company.id}", user=user)
        return page.all("[data-likely] input")

    assert not likely(colleague)
    assert len(likely(advisor)) == 1


def test_its_follow_up_can_be_owned_by_somebody_who_may_not_read_it(pages, secret, colleague, company):
    handed = make_follow_up("Send skjema", owner=colleague, interaction=secret, organisation=company)
    for address in ("/", "/follow-ups/"):
        page = pages.get(address, user=colleague)
        assert "Send skjema" in page.text
        assert SECRET not in page.text
    assert pages.get(f"/follow-ups/{handed.id}/edit", user=colleague).status == 200


def test_others_follow_ups_of_it_are_refused(pages, secret, colleague):
    (follow_up,) = secret.follow_ups
    pages.get(f"/follow-ups/{follow_up.id}/edit", user=colleague, status=403)


def test_options_know_nothing_of_interactions(in_english, secret):
    assert organisation_options("hemmelig") == []


def test_a_passed_planned_one_is_on_no_other_persons_day(pages, colleague, advisor):
    make_interaction(title=SECRET, status="planned", starts_on=today(), advisors=[advisor], confidential=True)
    assert SECRET in pages.get("/", user=advisor).text
    assert SECRET not in pages.get("/", user=colleague).text
