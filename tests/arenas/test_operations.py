"""Arenas, members and sessions on the database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from crm.arenas.models import Arena, ArenaSession
from crm.arenas.operations import (
    add_member,
    bin_arena,
    create_arena,
    end_member,
    leave_out,
    plan_days,
    plan_session,
    remove_member,
    restore_arena,
    save_session,
    take_back,
    update_arena,
)
from crm.arenas.queries import arena_page
from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.operations import bin_interaction, log_interaction, move_interaction
from crm.plan.operations import continue_plan
from crm.web.clock import local, today
from crm.web.validation import Invalid, Stale
from tests.support.factories import make_contact, make_organisation, make_user, measure


def proposed(arena, viewer):
    return [one.day for one in arena_page(arena.id, viewer, today=today()).proposed]


@pytest.fixture(autouse=True)
def _speaking(in_english):
    """Refusals are told in words."""


def test_a_planned_session_is_an_interaction_with_all_that_the_arena_presets(make_arena, advisor, plan):
    arena = make_arena(place="Rådhuset")
    day = proposed(arena, advisor)[0]
    (session,) = plan_days(arena, actor=advisor, days=[day])
    db.session.commit()
    made = session.interaction
    assert (made.kind, made.status, made.title, made.place) == (
        "arena_session",
        "planned",
        "Næringslivsfrokost",
        "Rådhuset",
    )
    assert (local(made.starts_at).time(), local(made.ends_at).time()) == (time(8, 30), time(9, 30))
    assert [one.code for one in made.measures] == ["1.A.1"]
    assert made.advisors == [advisor]
    assert session.proposed_for == made.starts_on == day


def test_what_is_planned_or_left_out_is_proposed_no_more(make_arena, advisor):
    arena = make_arena()
    first, second, third, *_rest = proposed(arena, advisor)
    plan_days(arena, actor=advisor, days=[first, first])
    leave_out(arena, actor=advisor, day=second)
    leave_out(arena, actor=advisor, day=second)
    db.session.commit()
    assert proposed(arena, advisor)[0] == third
    take_back(arena, actor=advisor, day=second)
    db.session.commit()
    assert proposed(arena, advisor)[0] == second


def test_planning_the_same_days_again_makes_nothing(make_arena, advisor):
    arena = make_arena()
    days = proposed(arena, advisor)
    assert len(plan_days(arena, actor=advisor, days=days)) == 6
    assert plan_days(arena, actor=advisor, days=days) == []


def test_a_session_that_is_moved_still_stands_for_its_day(make_arena, advisor):
    arena = make_arena()
    day = proposed(arena, advisor)[0]
    (session,) = plan_days(arena, actor=advisor, days=[day])
    move_interaction(
        session.interaction, actor=advisor, version=None, day=day + timedelta(days=1), begins=time(9)
    )
    db.session.commit()
    assert day not in proposed(arena, advisor)
    bin_interaction(session.interaction, actor=advisor)
    db.session.commit()
    assert proposed(arena, advisor)[0] == day, "one in the bin stands for nothing"


def test_a_session_on_another_day_takes_the_place_of_the_one_proposed(make_arena, advisor):
    arena = make_arena()
    day = proposed(arena, advisor)[0]
    plan_session(arena, actor=advisor, day=day + timedelta(days=1), proposed_for=day)
    db.session.commit()
    assert day not in proposed(arena, advisor)
    with pytest.raises(Invalid, match="already"):
        plan_session(arena, actor=advisor, day=day + timedelta(days=2), proposed_for=day)


def test_only_days_of_the_rhythm_are_planned_by_it_or_left_out(make_arena, advisor):
    arena = make_arena()
    off = proposed(arena, advisor)[0] + timedelta(days=1)
    with pytest.raises(Invalid, match="no coming day of the rhythm"):
        plan_days(arena, actor=advisor, days=[off])
    with pytest.raises(Invalid, match="no coming day of the rhythm"):
        leave_out(arena, actor=advisor, day=off)


def test_measures_follow_a_plan_that_continues(make_arena, advisor, manager, plan):
    arena = make_arena()
    later = continue_plan(
        plan_id=plan.id,
        title="Plan siden",
        starts_on=plan.ends_on + timedelta(days=1),
        ends_on=plan.ends_on + timedelta(days=400),
        actor=manager,
    )
    db.session.commit()
    session = plan_session(arena, actor=advisor, day=later.starts_on)
    assert [(one.code, one.plan_id) for one in session.interaction.measures] == [("1.A.1", later.id)]


def test_the_rules_of_an_arena(advisor, company):
    def refused(**values):
        given = {"name": "Forum", "rhythm": None, "starts_on": None, "begins_at": None, "minutes": None}
        with pytest.raises(Invalid) as caught:
            create_arena(actor=advisor, **given | values)
        return {field: str(messages[0]) for field, messages in caught.value.errors.items()}

    assert refused(name=" ") == {"name": "Enter a name"}
    assert "120" in refused(name="x" * 121)["name"]
    assert "begins_at" in refused(minutes=30)
    assert "minutes" in refused(begins_at=time(9), minutes=-5)
    assert refused(rhythm="FREQ=WEEKLY;BYDAY=TH") == {"starts_on": "Enter the first day of the rhythm"}
    assert "at most once a day" in refused(rhythm="FREQ=HOURLY")["rhythm"]
    never = refused(rhythm="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", starts_on=today())
    assert never == {"rhythm": "No day fits this rule in the three years after the first day"}
    assert "between 2000 and 2059" in refused(rhythm="FREQ=DAILY", starts_on=date(1950, 1, 1))["starts_on"]
    assert "ended_on" in refused(starts_on=date(2026, 5, 1), ended_on=date(2026, 4, 1))
    assert "host_id" in refused(host_id=999_999)
    assert "measures" in refused(measure_ids=[999_999])
    assert db.session.scalar(select(Arena.id)) is None, "nothing half-written stays"


def test_two_people_edit_one_arena(make_arena, advisor, manager):
    arena = make_arena()
    version = arena.version
    update_arena(arena, actor=advisor, version=version, purpose="Møtes om morgenen")
    db.session.commit()
    with pytest.raises(Stale):
        update_arena(arena, actor=manager, version=version, purpose="Noe annet")


def test_a_change_of_measures_alone_is_told_and_moves_the_version(make_arena, advisor, plan):
    arena = make_arena()
    version = arena.version
    update_arena(arena, actor=advisor, version=version, measure_ids=[measure(plan, "1.A.2").id])
    db.session.commit()
    assert arena.version == version + 1
    told = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert told.changes == {"measures": [["1.A.1"], ["1.A.2"]]}


def test_members_come_once_end_and_keep_their_history(make_arena, advisor, company, person):
    arena = make_arena()
    member = add_member(arena, actor=advisor, organisation_id=company.id, started_on=date(2026, 1, 1))
    add_member(arena, actor=advisor, organisation_id=company.id, contact_id=person.id)
    for again in ({"organisation_id": company.id}, {"contact_id": person.id}):
        with pytest.raises(Invalid, match="already"):
            add_member(arena, actor=advisor, **again)
    with pytest.raises(Invalid, match="before the first"):
        end_member(member, actor=advisor, ended_on=date(2025, 12, 31))
    end_member(member, actor=advisor, ended_on=date(2026, 6, 1))
    db.session.commit()
    told = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    ((before,), (after,)) = told.changes["members"]
    assert (before["ended_on"], after["ended_on"]) == (None, "2026-06-01")
    add_member(arena, actor=advisor, organisation_id=company.id, started_on=date(2026, 7, 1))
    remove_member(member, actor=advisor)
    db.session.commit()
    assert member not in arena.members


def test_nobody_and_who_is_in_the_bin_cannot_be_members(make_arena, advisor):
    arena = make_arena()
    with pytest.raises(Invalid, match="Choose an organisation, or a person"):
        add_member(arena, actor=advisor)
    gone = make_organisation("Borte AS", deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(Invalid, match="in the bin"):
        add_member(arena, actor=advisor, organisation_id=gone.id)


def test_held_with_who_came(make_arena, join, hold, company, other, person):
    arena = make_arena()
    members = [
        join(arena, organisation_id=other.id),
        join(arena, organisation_id=company.id, contact_id=person.id),
    ]
    session = hold(arena, 7, members)
    made = session.interaction
    assert made.status == "held"
    assert [one.name for one in made.organisations] == ["Berger AS", "Aas & Sønn AS"]
    assert made.contacts == [person]


def test_somebody_else_brings_where_they_work(make_arena, hold, company, person):
    session = hold(make_arena(), 7, contact_ids=[person.id])
    assert session.interaction.organisations == [company]


def test_who_represents_another_does_not_bring_their_employer(make_arena, join, hold, person, other):
    arena = make_arena()
    session = hold(arena, 7, [join(arena, organisation_id=other.id, contact_id=person.id)])
    assert session.interaction.organisations == [other]


def test_a_coming_session_cannot_be_held_yet(make_arena, advisor, company):
    arena = make_arena()
    (session,) = plan_days(arena, actor=advisor, days=proposed(arena, advisor)[1:2])
    with pytest.raises(Invalid, match="still to come"):
        save(session, advisor, status="held", organisation_ids=[company.id])


def save(session, actor, **values):
    given = {
        "version": None,
        "status": session.interaction.status,
        "member_ids": [],
        "organisation_ids": [],
        "contact_ids": [],
        "measure_ids": [one.id for one in session.interaction.measures],
        "agenda": None,
        "decisions": None,
        "notes": None,
    }
    return save_session(session, actor=actor, **given | values)


def test_agenda_and_minutes_are_edited_as_one_with_the_interaction(make_arena, advisor):
    arena = make_arena()
    (session,) = plan_days(arena, actor=advisor, days=proposed(arena, advisor)[:1])
    db.session.commit()
    version = session.interaction.version
    save(session, advisor, version=version, agenda="Nye tomter")
    db.session.commit()
    assert session.interaction.version > version
    with pytest.raises(Stale):
        save(session, advisor, version=version, agenda="Noe annet")


def test_what_was_typed_too_long_is_refused_by_field(make_arena, advisor):
    arena = make_arena()
    (session,) = plan_days(arena, actor=advisor, days=proposed(arena, advisor)[:1])
    with pytest.raises(Invalid) as caught:
        save(session, advisor, decisions="x" * 100_001)
    assert caught.value.errors.keys() == {"decisions"}


def test_a_session_is_made_by_its_arena_alone(advisor, company):
    with pytest.raises(Invalid, match="is made on its own page"):
        log_interaction(
            actor=advisor,
            kind="arena_session",
            status="draft",
            title="Frokost",
            organisation_ids=[company.id],
        )


def test_an_arena_in_the_bin_keeps_its_sessions(make_arena, advisor, hold, company):
    arena = make_arena()
    hold(arena, 7, organisation_ids=[company.id])
    bin_arena(arena, actor=advisor)
    db.session.commit()
    assert db.session.scalar(select(Interaction.deleted_at)) is None
    restore_arena(arena, actor=advisor)
    db.session.commit()
    assert not arena.is_binned
    assert db.session.scalar(select(ArenaSession.arena_id)) == arena.id


def test_a_service_takes_part_in_nothing(make_arena):
    service = make_user("advisor", is_service=True)
    session = plan_session(make_arena(), actor=service, day=today() + timedelta(days=3))
    assert session.interaction.advisors == []


def test_a_person_alone_is_a_member(make_arena, join, hold):
    arena = make_arena()
    free = make_contact("Nils", "Fri")
    member = join(arena, contact_id=free.id)
    with pytest.raises(Invalid, match="at least one organisation"):
        hold(arena, 7, [member])
