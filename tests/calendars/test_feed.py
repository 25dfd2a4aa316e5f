"""The calendar that an address gives: what is in it, for whom, and what programs go by."""

import gzip
from datetime import UTC, datetime, time, timedelta

import pytest

from crm.accounts.operations import deactivate_user
from crm.calendars import operations, queries
from crm.interactions import operations as interactions
from crm.web.clock import instant, today
from tests.support.factories import (
    make_follow_up,
    make_interaction,
    make_organisation,
    make_plan,
    make_unit,
    make_user,
    measure,
)

IN_A_WEEK = timedelta(days=7)


@pytest.fixture
def user(app):
    return make_user(name="Kari Ås", language="nb")


def key(interaction):
    return f"interaction-{interaction.id}"


def test_an_own_plan_is_told_with_all_that_one_needs_on_the_way(subscribe, user):
    plan = make_plan()
    planned = make_interaction(
        title="Besøk hos Blåbær AS",
        status="planned",
        author=user,
        organisations=[make_organisation("Blåbær AS")],
        measures=[measure(plan, "1.B.1"), measure(plan, "1.A.2")],
        place="Storgata 1; 2. etasje",
        notes="Ta med kart.\nSpør om tomten.",
        starts_at=instant(today() + IN_A_WEEK, time(9, 30)),
    )
    event = subscribe(user).entries[key(planned)]
    assert event["SUMMARY"] == "Besøk hos Blåbær AS"
    assert event["LOCATION"] == "Storgata 1; 2. etasje"
    assert event["DESCRIPTION"] == (
        "Virksomheter: Blåbær AS\nFra kommunen: Kari Ås\n\nTa med kart.\nSpør om tomten."
    )
    assert event["CATEGORIES"].cats == ["1.A.2", "1.B.1"]
    assert event["URL"] == f"http://127.0.0.1:8000/interactions/{planned.id}"
    assert event["UID"] == f"interaction-{planned.id}@127.0.0.1"
    assert event["STATUS"] == "CONFIRMED"
    assert planned.starts_at == event.DTSTART
    assert "DTEND" not in event
    assert "ORGANIZER" not in event


def test_own_is_what_one_wrote_or_takes_part_in(subscribe, user):
    other = make_user()
    make_interaction(title="Skrev", status="planned", author=user, advisors=[other])
    make_interaction(title="Blir med", status="planned", author=other, advisors=[other, user])
    make_interaction(title="Andres", status="planned", author=other)
    assert subscribe(user).summaries == ["Blir med", "Skrev"]


def test_drafts_what_is_in_the_bin_and_what_is_far_off_are_not_in_it(subscribe, user):
    make_interaction(title="Kladd", status="draft", author=user)
    make_interaction(title="Kastet", status="planned", author=user, deleted_at=datetime.now(UTC))
    make_interaction(title="Lenge siden", author=user, starts_on=today() - timedelta(days=91))
    make_interaction(
        title="Langt frem", status="planned", author=user, starts_on=today() + timedelta(days=366)
    )
    make_interaction(title="I vår", author=user, starts_on=today() - timedelta(days=90))
    make_interaction(title="Neste år", status="planned", author=user, starts_on=today() + timedelta(days=365))
    assert subscribe(user).summaries == ["I vår", "Neste år"]


def test_arena_sessions_come_like_other_interactions(subscribe, user):
    make_interaction(title="Næringsforum", kind="arena_session", status="planned", author=user)
    assert subscribe(user).summaries == ["Næringsforum"]


def test_open_follow_ups_are_whole_days_that_take_no_time_and_vanish_when_done(subscribe, user):
    source = make_interaction(title="Om tomten", author=user)
    promised = make_follow_up("Sende kart", owner=user, due_on=today() + IN_A_WEEK, interaction=source)
    make_follow_up("Andres", owner=make_user())
    calendar = subscribe(user)
    event = calendar.entries[f"follow-up-{promised.id}"]
    assert event["SUMMARY"] == "Oppfølging: Sende kart"
    assert today() + IN_A_WEEK == event.DTSTART
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["DESCRIPTION"] == "Om tomten"
    assert event["URL"].endswith(f"/interactions/{source.id}#follow-ups")
    interactions.complete_follow_up(promised, actor=user)
    assert calendar.summaries == ["Om tomten"]


def test_a_change_keeps_the_uid_and_raises_the_sequence(subscribe, user):
    planned = make_interaction(title="Møte", status="planned", author=user)
    calendar = subscribe(user)
    before = calendar.entries[key(planned)]
    moved = today() + timedelta(days=9)
    interactions.move_interaction(planned, actor=user, version=planned.version, day=moved, begins=None)
    after = calendar.entries[key(planned)]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.DTSTAMP >= before.DTSTAMP
    assert (today() + IN_A_WEEK, moved) == (before.DTSTART, after.DTSTART)


def test_what_is_cancelled_says_so_and_takes_no_time(subscribe, user):
    planned = make_interaction(title="Møte", status="planned", author=user)
    calendar = subscribe(user)
    before = calendar.entries[key(planned)]
    interactions.change_status(
        planned, actor=user, version=planned.version, status="cancelled", cancelled_by="them"
    )
    after = calendar.entries[key(planned)]
    assert (after["STATUS"], after["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert after["SUMMARY"] == "Avlyst: Møte"
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_own_confidential_meetings_are_there_without_notes(subscribe, user):
    made = make_interaction(
        title="Om salget", status="planned", author=user, confidential=True, notes="hemmelig", place="Rom 1"
    )
    promised = make_follow_up("Ringe dem", owner=user, interaction=made)
    calendar = subscribe(user, includes_team=True)
    event = calendar.entries[key(made)]
    assert (event["SUMMARY"], event["LOCATION"], event["CLASS"]) == ("Om salget", "Rom 1", "CONFIDENTIAL")
    assert "DESCRIPTION" not in event
    assert "DESCRIPTION" not in calendar.entries[f"follow-up-{promised.id}"]
    assert "hemmelig" not in calendar.text


def test_the_team_is_the_unit_and_only_by_choice(subscribe):
    unit = make_unit()
    user = make_user(unit_id=unit.id)
    colleague = make_user(name="Ola Vik", unit_id=unit.id)
    stranger = make_user(unit_id=make_unit().id)
    for advisor, title in ((user, "Eget"), (colleague, "Kollegas"), (stranger, "Fremmed")):
        make_interaction(title=title, status="planned", author=advisor, notes=f"notat {title}")
        make_follow_up(title, owner=advisor)
    assert subscribe(user).summaries == ["Eget", "Oppfølging: Eget"]
    calendar = subscribe(user, includes_team=True)
    assert calendar.summaries == [
        "Eget",
        "Kollegas (Ola Vik)",
        "Oppfølging: Eget",
        "Oppfølging: Kollegas (Ola Vik)",
    ]
    assert "notat Eget" in calendar.text
    assert "notat Kollegas" not in calendar.text


@pytest.mark.parametrize("role", ["advisor", "first_line", "reader", "manager"])
def test_of_a_colleagues_confidential_meeting_only_who_may_read_it_sees_more_than_the_time(subscribe, role):
    unit = make_unit()
    reader, colleague = make_user(role, unit_id=unit.id), make_user(name="Ola Vik", unit_id=unit.id)
    made = make_interaction(
        title="Om salget",
        status="planned",
        author=colleague,
        confidential=True,
        notes="hemmelig",
        place="Rom Glomma",
        organisations=[make_organisation("Selges AS")],
        measures=[measure(make_plan(), "1.B.1")],
    )
    promised = make_follow_up("Ringe megler", owner=colleague, interaction=made)
    calendar = subscribe(reader, includes_team=True)
    entries, text = calendar.entries, calendar.text
    assert "hemmelig" not in text
    if role == "manager":
        assert entries[key(made)]["SUMMARY"] == "Om salget (Ola Vik)"
        assert f"follow-up-{promised.id}" in entries
        return
    assert list(entries) == [key(made)]
    assert set(entries[key(made)]) == {
        *("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "SUMMARY", "STATUS", "TRANSP", "CLASS"),
        *("DTSTART", "DTEND"),
    }
    assert entries[key(made)]["SUMMARY"] == "Fortrolig aktivitet"
    for told in ("salget", "Glomma", "Selges", "megler", "1.B.1", "Ola Vik"):
        assert told not in text


def test_a_follow_up_of_a_meeting_that_its_owner_may_not_read_tells_nothing_of_it(subscribe, user):
    source = make_interaction(title="Om salget", author=make_user(), confidential=True)
    promised = make_follow_up("Sende skjema", owner=user, interaction=source)
    event = subscribe(user).entries[f"follow-up-{promised.id}"]
    assert event["SUMMARY"] == "Oppfølging: Sende skjema"
    assert event["URL"].endswith(f"/follow-ups/{promised.id}/edit")
    assert "DESCRIPTION" not in event


def test_what_may_not_be_read_does_not_leave_the_database(subscribe):
    unit = make_unit()
    reader, colleague = make_user(unit_id=unit.id), make_user(unit_id=unit.id)
    secret = {"confidential": True, "notes": "hemmelig", "place": "Rom Glomma", "status": "planned"}
    others = make_interaction(title="Om salget", author=colleague, **secret)
    make_follow_up(owner=reader, interaction=others)
    own = make_interaction(title="Mitt", author=reader, **secret)
    feed = subscribe(reader, includes_team=True).feed
    found = {one.id: one for one in queries.engagements(feed, today())}
    assert (found[others.id].title, found[others.id].place, found[others.id].notes) == (None, None, None)
    assert (found[own.id].title, found[own.id].place, found[own.id].notes) == ("Mitt", "Rom Glomma", None)
    (promised,) = queries.promises(feed, today())
    assert (promised.interaction_id, promised.interaction_title) == (None, None)
    assert queries.engagement(own.id, reader).notes is None


def test_long_notes_are_told_in_their_beginning(subscribe, user):
    made = make_interaction(status="planned", author=user, notes="ord " * 2_000)
    text = str(subscribe(user).entries[key(made)]["DESCRIPTION"])
    assert len(text) < 1_700
    assert text.endswith(" …")


def test_the_words_are_in_the_users_language(subscribe):
    user = make_user(name="Ann", language="en")
    make_interaction(title="Visit", status="cancelled", author=user)
    calendar = subscribe(user)
    assert calendar.summaries == ["Cancelled: Visit"]
    assert "X-WR-CALNAME:Næringskontakt – Ann\r\n" in calendar.text


def test_what_has_not_changed_is_not_sent_again(subscribe, user):
    planned = make_interaction(title="Møte", status="planned", author=user)
    calendar = subscribe(user)
    first = calendar.get().response
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in first.headers
    etag = first.headers["ETag"]
    again = calendar.get(status=304, headers={"If-None-Match": etag}).response
    assert not again.data
    assert again.headers["ETag"] == etag
    interactions.move_interaction(
        planned, actor=user, version=planned.version, day=today() + timedelta(days=2), begins=None
    )
    changed = calendar.get(headers={"If-None-Match": etag}).response
    assert changed.headers["ETag"] != etag


def test_it_may_be_sent_compressed(subscribe, user):
    for _ in range(10):
        make_interaction(status="planned", author=user)
    calendar = subscribe(user)
    headers = {"Accept-Encoding": "gzip"}
    packed = calendar.get(headers=headers).response
    assert gzip.decompress(packed.data) == calendar.raw
    calendar.get(status=304, headers={**headers, "If-None-Match": packed.headers["ETag"]})


def test_the_same_number_of_statements_however_much_there_is(subscribe, user):
    calendar = subscribe(user, includes_team=True)
    make_interaction(status="planned", author=user)
    make_follow_up(owner=user)
    few = calendar.get().statements
    for _ in range(50):
        make_interaction(status="planned", author=user)
        make_follow_up(owner=user)
    assert len(calendar.entries) == 102
    assert len(calendar.get().statements) == len(few) <= 8


def test_an_address_stops_when_it_is_revoked_or_replaced(subscribe, user):
    first = subscribe(user)
    second = subscribe(user)
    assert first.path != second.path
    first.get(status=404)
    second.get()
    operations.close_feed(user=user, actor=user)
    second.get(status=404)


def test_an_address_that_nobody_has_been_given_leads_nowhere(pages):
    for guess in ("x", "a" * 32, "a" * 5_000, "æøå", "%00", "%ff%fe", "%2e%2e"):
        assert pages.request("GET", f"/calendar/{guess}.ics").status == 404, guess


def test_the_calendar_of_somebody_who_has_left_stops(subscribe, user):
    calendar = subscribe(user)
    calendar.get()
    deactivate_user(user=user, actor=make_user("administrator"))
    calendar.get(status=404)


def test_it_is_read_by_a_program_that_is_not_signed_in_and_cannot_be_written_to(subscribe, user, pages):
    calendar = subscribe(user)
    for method in ("POST", "PUT", "DELETE", "PROPFIND"):
        assert pages.request(method, calendar.path).status in {400, 405}
    head = pages.request("HEAD", calendar.path)
    assert head.status == 200
    assert head.response.headers["ETag"]
