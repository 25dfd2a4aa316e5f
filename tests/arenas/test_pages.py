"""What is seen of arenas, and by whom."""

from datetime import date, timedelta

import pytest

from crm.arenas.models import Arena, ArenaSession
from crm.arenas.operations import end_member, plan_session
from crm.arenas.rules import proposals
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.web.clock import today
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_user,
    measure,
    saved,
)

SECRET = "Salg av tomten på Berger"


@pytest.fixture
def arena(make_arena):
    return make_arena(purpose="Å møte næringslivet")


def next_days(arena):
    return [one.day for one in proposals(arena, today=today(), taken=())]


def test_an_arena_is_made_in_plain_words(pages, advisor, plan):
    form = pages.get("/arenas/new", user=advisor)
    wrong = form.submit(name="", rhythm_kind="weeks", every="0", weekday="3", purpose="Å møtes")
    assert wrong.status == 422
    assert "Enter a number from 1 to 52" in wrong.text
    assert wrong.fields()["purpose"] == ["Å møtes"], "nothing typed is lost"
    page = wrong.submit(
        name="Frokost",
        every="2",
        starts_at="08:30",
        ends_at="10:00",
        measure=[str(measure(plan, "1.A.2").id)],
    ).follow()
    assert page.h1 == "Frokost"
    assert "Every other Thursday at 08:30" in page.text
    assert "1.A.2" in page.text
    made = db.session.query(Arena).one()
    assert (made.rhythm, made.minutes) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", 90)


def test_an_own_rule_is_kept_and_shown_again(pages, advisor, plan):
    page = pages.get("/arenas/new", user=advisor).submit(
        name="Forum", rhythm_kind="own", rule="RRULE:FREQ=MONTHLY;BYDAY=2WE,4WE"
    )
    made = page.follow()
    assert "FREQ=MONTHLY; BYDAY=2WE,4WE" in made.text
    identity = db.session.query(Arena).one().id
    fields = pages.get(f"/arenas/{identity}/edit", user=advisor).fields()
    assert (fields["rhythm_kind"], fields["rule"]) == (["own"], ["FREQ=MONTHLY;BYDAY=2WE,4WE"])
    refused = pages.get(f"/arenas/{identity}/edit", user=advisor).submit(rule="FREQ=MINUTELY")
    assert refused.status == 422
    assert "at most once a day" in refused.text


def test_two_who_edit_one_arena_see_both_versions(pages, advisor, colleague, arena):
    mine = pages.get(f"/arenas/{arena.id}/edit", user=advisor)
    pages.get(f"/arenas/{arena.id}/edit", user=colleague).submit(purpose="Deres formål")
    page = mine.submit(purpose="Mitt formål")
    assert page.status == 422
    assert "Deres formål" in page.text
    assert page.submit().status == 302
    assert db.session.query(Arena).one().purpose == "Mitt formål"


def test_the_next_ones_are_planned_by_one_press(pages, advisor, arena):
    page = pages.get(f"/arenas/{arena.id}", user=advisor)
    sent = [
        form
        for form in page.all("#sessions form")
        if len(form.findall(".//{*}input[@name='occurrence']")) > 1
    ]
    days = [one.get("value") for one in sent[0].iter("input") if one.get("name") == "occurrence"]
    done = pages.post(
        f"/arenas/{arena.id}/plan", {"csrf_token": csrf(page), "occurrence": days}, user=advisor
    )
    assert f"{len(days)} sessions have been planned" in done.follow().text
    assert db.session.query(ArenaSession).count() == len(days)


def on_a_holiday(make_arena):
    """An arena whose next day is the 17th of May, whatever the weekday."""
    year = today().year + (today() >= date(today().year, 5, 17))
    return make_arena(rhythm="FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17", starts_on=date(year, 5, 17)), date(
        year, 5, 17
    )


def csrf(page):
    return page.all("input[name=csrf_token]")[0].get("value")


def test_a_public_holiday_is_named_and_may_be_planned_moved_or_left_out(pages, advisor, make_arena):
    arena, holiday = on_a_holiday(make_arena)
    address = f"/arenas/{arena.id}"
    page = pages.get(address, user=advisor)
    assert "Public holiday: Constitution Day" in page.text
    assert "Plan it anyway" in page.text
    assert "Plan the next" not in page.text, "holidays are planned one by one"
    token = csrf(page)
    out = pages.post(
        f"{address}/leave-out", {"csrf_token": token, "occurrence": holiday.isoformat()}, user=advisor
    ).follow()
    assert "1 day is left out" in out.text
    back = pages.post(
        f"{address}/leave-out",
        {"csrf_token": token, "occurrence": holiday.isoformat(), "back": "1"},
        user=advisor,
    ).follow()
    assert "Plan it anyway" in back.text
    form = pages.get(f"{address}/sessions/new", user=advisor, query={"occurrence": holiday.isoformat()})
    assert "Public holiday: Constitution Day" in form.text
    moved = form.submit(starts_on=(holiday + timedelta(days=1)).isoformat()).follow()
    assert "In place of" in moved.text
    assert db.session.query(ArenaSession).one().proposed_for == holiday


def test_who_came_is_ticked_and_held_counts_in_the_report(
    pages, advisor, manager, arena, join, company, other, person, plan
):
    ticked = join(arena, organisation_id=company.id, contact_id=person.id)
    join(arena, organisation_id=other.id)
    guest = make_contact("Per", "Gjest", at=make_organisation("Gjest AS"))
    session = plan_session(arena, actor=advisor, day=today() - timedelta(days=1))
    db.session.commit()
    form = pages.get(f"/arenas/{arena.id}/sessions/{session.id}", user=advisor)
    assert "Kari Aas (Aas & Sønn AS)" in form.text
    page = form.submit(
        came=[str(ticked.id)],
        other_contact=[str(guest.id)],
        agenda="Nye **tomter**",
        decisions="Vi søker fondet",
        notes="Godt møte",
        status="held",
    ).follow()
    assert "1 member was absent" in page.text
    assert "Vi søker fondet" in page.text
    made = db.session.get(Interaction, session.id)
    assert (made.status, made.notes) == ("held", "Godt møte")
    assert {one.name for one in made.organisations} == {"Aas & Sønn AS", "Gjest AS"}
    found = pages.get("/interactions/", user=manager, query={"measure": "1.A.1", "status": "held"})
    assert "Næringslivsfrokost" in found.text
    report = pages.get("/reports/measures", user=manager, query={"plan": str(plan.id)})
    (row,) = [one for one in report.all("tbody tr") if "1.A.1" in "".join(one.itertext())]
    assert "".join(row.find(".//{*}td").itertext()).split()[0] == "1"
    shown = pages.get(f"/arenas/{arena.id}", user=advisor)
    assert "Vi søker fondet" in shown.text
    assert "came to 1 of the last 1" in shown.text
    again = pages.get(f"/arenas/{arena.id}/sessions/{session.id}", user=advisor).fields()
    assert again["came"] == [str(ticked.id)]
    assert again["other_contact"] == [str(guest.id)]


def test_a_session_without_measures_says_so_and_keeps_what_was_typed(pages, advisor, make_arena, company):
    arena = make_arena(measure_ids=[])
    session = plan_session(arena, actor=advisor, day=today() - timedelta(days=1))
    db.session.commit()
    page = pages.get(f"/arenas/{arena.id}/sessions/{session.id}", user=advisor).submit(
        other_organisation=[str(company.id)], decisions="Noe viktig", status="held"
    )
    assert page.status == 422
    assert "Choose at least one measure" in page.text
    fields = page.fields()
    assert (fields["decisions"], fields["other_organisation"]) == (["Noe viktig"], [str(company.id)])
    assert db.session.get(Interaction, session.id).status == "draft"


def test_two_who_write_minutes_at_once(pages, advisor, manager, arena):
    session = plan_session(arena, actor=advisor, day=today() + timedelta(days=3))
    db.session.commit()
    address = f"/arenas/{arena.id}/sessions/{session.id}"
    mine = pages.get(address, user=advisor)
    pages.get(address, user=manager).submit(agenda="Deres sak")
    page = mine.submit(agenda="Min sak")
    assert page.status == 422
    assert "Deres sak" in page.text
    assert page.submit().status == 302
    assert db.session.get(ArenaSession, session.id).agenda == "Min sak"


def test_without_javascript_somebody_else_is_found(pages, advisor, arena, person):
    session = plan_session(arena, actor=advisor, day=today() - timedelta(days=1))
    db.session.commit()
    page = pages.get(f"/arenas/{arena.id}/sessions/{session.id}", user=advisor)
    found = page.submit(find="other_contact", other_contact_query="kari", agenda="Skrevet")
    assert found.status == 200
    assert found.all(f"input[name=other_contact][value='{person.id}']")
    assert found.fields()["agenda"] == ["Skrevet"]


def test_who_stopped_coming(pages, advisor, arena, join, hold, company, other):
    gone, loyal = join(arena, organisation_id=company.id), join(arena, organisation_id=other.id)
    hold(arena, 40, [gone, loyal])
    for days in (30, 20, 10):
        hold(arena, days, [loyal])
    page = pages.get(f"/arenas/{arena.id}", user=advisor)
    assert page.texts("#stopped li > a") == ["Aas & Sønn AS"]
    members = page.texts("#members > ul > li")
    assert "came to 1 of the last 4" in members[1]
    assert "came to 4 of the last 4" in members[0]


def test_held_without_attendance_makes_nobody_stay_away(pages, advisor, arena, join, hold, company):
    member = join(arena, organisation_id=company.id)
    hold(arena, 40, [member])
    host = make_organisation("Vert AS")
    arena.host_id = host.id
    saved(arena)
    for days in (30, 20, 10):
        hold(arena, days, organisation_ids=[host.id])
    page = pages.get(f"/arenas/{arena.id}", user=advisor)
    assert not page.all("#stopped")
    assert "Nobody has said who came" in page.text


def test_a_confidential_session_is_told_of_by_number_alone(
    pages, advisor, colleague, manager, reader, arena, join, hold, company
):
    member = join(arena, organisation_id=company.id)
    secret = hold(arena, 10, [member], decisions=SECRET, agenda=SECRET, confidential=True)
    for user in (colleague, reader):
        page = pages.get(f"/arenas/{arena.id}", user=user)
        assert "1 confidential interaction" in page.text
        assert SECRET not in page.text
        assert f"/interactions/{secret.id}" not in page.response.get_data(as_text=True)
        assert "came to" not in page.text, "not even who was there"
        every = pages.get(f"/arenas/{arena.id}/sessions", user=user)
        assert f"/interactions/{secret.id}" not in every.response.get_data(as_text=True)
    pages.get(f"/arenas/{arena.id}/sessions/{secret.id}", user=colleague, status=403)
    pages.get(f"/interactions/{secret.id}", user=colleague, status=403)
    for user in (advisor, manager):
        assert SECRET in pages.get(f"/arenas/{arena.id}", user=user).text
    log = pages.get("/audit/", user=manager)
    assert SECRET in log.text


def test_a_planned_confidential_session_is_no_next_session_for_others(
    pages, advisor, colleague, arena, join, company
):
    join(arena, organisation_id=company.id)
    session = plan_session(arena, actor=advisor, day=today() + timedelta(days=3))
    session.interaction.confidential = True
    saved(session.interaction)
    assert "None planned" in pages.get("/arenas/", user=colleague).text
    assert "None planned" not in pages.get("/arenas/", user=advisor).text


def test_only_who_takes_part_changes_a_session(pages, colleague, reader, arena, hold, company):
    session = hold(arena, 10, organisation_ids=[company.id])
    pages.get(f"/arenas/{arena.id}/sessions/{session.id}", user=colleague, status=403)
    pages.get(f"/arenas/{arena.id}/sessions/{session.id}", user=reader, status=403)
    assert "Plan it" not in pages.get(f"/arenas/{arena.id}", user=reader).text


def test_a_session_of_another_arena_is_not_there(pages, advisor, arena, make_arena, hold, company):
    session = hold(arena, 10, organisation_ids=[company.id])
    pages.get(f"/arenas/{make_arena(name='Annen').id}/sessions/{session.id}", user=advisor, status=404)
    pages.get("/arenas/999999", user=advisor, status=404)


def test_the_list_is_searched_counted_and_tells_of_the_next_session(pages, advisor, make_arena):
    frokost = make_arena(name="Ålesundfrokost")
    make_arena(name="Utbyggerforum", ended_on=today() - timedelta(days=1))
    plan_session(frokost, actor=advisor, day=today() + timedelta(days=9))
    db.session.commit()
    page = pages.get("/arenas/", user=advisor)
    assert page.texts("tbody th") == ["Ålesundfrokost"]
    assert "Showing 1 of 1" in page.text
    every = pages.get("/arenas/", user=advisor, query={"state": "all", "q": "forum"})
    assert every.texts("tbody th") == ["Utbyggerforum"]
    assert "No arena matches" in pages.get("/arenas/", user=advisor, query={"q": "finnes ikke"}).text


def test_members_are_added_and_ended_on_their_pages(pages, advisor, arena, company, person):
    address = f"/arenas/{arena.id}"
    page = pages.get(f"{address}/members/new", user=advisor)
    hits = page.submit(find="organisation", organisation_query="aas")
    assert hits.status == 200
    assert hits.all(f"input[name=organisation][value='{company.id}']")
    added = hits.submit(organisation=str(company.id), contact=str(person.id)).follow()
    assert "Kari Aas" in added.text
    again = pages.get(f"{address}/members/new", user=advisor).submit(contact=str(person.id))
    assert again.status == 422
    assert "in the arena already" in again.text
    member = arena.members[0].id
    ended = pages.get(f"{address}/members/{member}/end", user=advisor).submit(
        ended_on=(today() - timedelta(days=0)).isoformat()
    )
    assert ended.status == 302
    other = pages.get(f"{address}/members/{member}/end", user=advisor)
    gone = other.submit("#mistake form").follow()
    assert "Nobody is a member yet" in gone.text
    pages.get(f"{address}/members/{member}/end", user=advisor, status=404)


def test_the_organisation_tells_of_its_arenas(pages, advisor, arena, join, company, person, other):
    join(arena, organisation_id=company.id, contact_id=person.id)
    page = pages.get(f"/organisations/{company.id}", user=advisor)
    assert page.texts("#arenas li > a") == ["Næringslivsfrokost"]
    arena.host_id = company.id
    saved(arena)
    assert "host" in pages.get(f"/organisations/{company.id}", user=advisor).texts("#arenas li")[0]
    end_member(arena.members[0], actor=advisor, ended_on=today() - timedelta(days=1))
    arena.host_id = None
    saved(arena)
    assert not pages.get(f"/organisations/{company.id}", user=advisor).all("#arenas")
    assert not pages.get(f"/organisations/{other.id}", user=advisor).all("#arenas")


def test_the_bin_and_back(pages, advisor, reader, arena):
    page = pages.get(f"/arenas/{arena.id}", user=advisor)
    binned = page.submit("form[action$='/bin']").follow()
    assert "This arena is in the bin" in binned.text
    assert "Næringslivsfrokost" in pages.get("/bin", user=advisor).text
    assert "No arenas yet" in pages.get("/arenas/", user=advisor).text
    pages.get(f"/arenas/{arena.id}", user=reader, status=404)
    assert pages.get(f"/arenas/{arena.id}/edit", user=advisor, status=302).location.endswith(f"/{arena.id}")
    back = binned.submit("form[action$='/restore']").follow()
    assert "This arena is in the bin" not in back.text


def test_a_planned_session_asks_who_came_once_it_is_over(pages, advisor, manager, arena, join, company):
    join(arena, organisation_id=company.id)
    session = plan_session(arena, actor=advisor, day=today())
    db.session.commit()
    page = pages.get(f"/interactions/{session.id}", user=advisor)
    assert "Dialogue arena" in page.text
    session.interaction.starts_at = session.interaction.ends_at = None
    saved(session.interaction)
    page = pages.get(f"/interactions/{session.id}", user=advisor)
    assert page.all(f"a[href='/arenas/{arena.id}/sessions/{session.id}']")
    assert "Yes: say who came" in page.text
    history = pages.get(f"/interactions/{session.id}/history", user=manager)
    assert "Session of a dialogue arena" in history.text


@pytest.mark.parametrize("number", [1, 300])
def test_the_page_asks_no_more_of_three_hundred_sessions(pages, advisor, arena, join, hold, company, number):
    member = join(arena, organisation_id=company.id)
    hold(arena, 3, [member], decisions="Vedtatt")
    plan_session(arena, actor=advisor, day=today() + timedelta(days=3))
    if number > 1:
        _many(arena, number)
    db.session.commit()
    page = pages.get(f"/arenas/{arena.id}", user=advisor)
    assert "Vedtatt" in page.text
    pages.get(f"/arenas/{arena.id}/sessions", user=advisor)
    session = db.session.query(ArenaSession).first()
    pages.get(f"/interactions/{session.id}", user=advisor)
    pages.get(f"/arenas/{arena.id}/sessions/{session.id}", user=advisor)


def _many(arena, number):
    organisation, author = make_organisation("Mange AS"), make_user()
    for place in range(number):
        made = make_interaction(
            kind="arena_session",
            title="Frokost",
            starts_on=today() - timedelta(days=4 + place),
            organisations=[organisation],
            author=author,
        )
        saved(ArenaSession(id=made.id, arena_id=arena.id, decisions="Noe" if place % 2 else None))
