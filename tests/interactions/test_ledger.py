"""The promise ledger, and what becomes of plans."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from crm.extensions import db
from crm.interactions import operations
from crm.interactions.models import FollowUp, Interaction
from crm.interactions.rules import is_over
from crm.web.clock import OSLO, instant, local, today
from crm.web.validation import Invalid
from tests.support.factories import (
    make_follow_up,
    make_interaction,
    make_organisation,
    make_unit,
    make_user,
    measure,
)


def promises():
    return db.session.scalars(select(FollowUp).order_by(FollowUp.id)).all()


def test_a_follow_up_is_made_alone_from_the_organisations_page(pages, advisor, colleague, company):
    page = pages.get(f"/organisations/{company.id}", user=advisor)
    (address,) = [a.get("href") for a in page.all("#follow-ups a") if "/follow-ups/new" in a.get("href")]
    form = pages.get(address, user=advisor)
    assert form.fields()["organisation"] == [str(company.id)]
    due = today() + timedelta(days=3)
    done = form.submit(text="Sende kart", due_on=due.isoformat(), owner=str(colleague.id))
    assert done.location == f"/organisations/{company.id}#follow-ups"
    (made,) = promises()
    assert (made.text, made.due_on, made.owner, made.organisation) == ("Sende kart", due, colleague, company)


def test_a_follow_up_needs_no_organisation(pages, advisor):
    pages.get("/follow-ups/new", user=advisor).submit(text="Ringe banken")
    (made,) = promises()
    assert (made.owner, made.organisation_id) == (advisor, None)
    assert "Ringe banken" in pages.get("/follow-ups/", user=advisor).text


def test_what_is_wrong_is_told_at_the_field_and_the_rest_stays(pages, advisor):
    page = pages.get("/follow-ups/new", user=advisor).submit(
        text="Ringe banken", due_on=(today() - timedelta(days=1)).isoformat()
    )
    assert page.status == 422
    assert "has passed" in page.text
    assert page.fields()["text"] == ["Ringe banken"]
    assert promises() == []


def test_without_javascript_an_organisation_is_found_by_a_button(pages, advisor):
    make_organisation("Berger Bakeri AS")
    page = pages.get("/follow-ups/new", user=advisor).submit(organisation_query="berger", find="organisation")
    assert page.status == 200
    assert "Berger Bakeri AS" in page.text


def test_an_organisation_in_the_bin_is_refused(in_english, advisor):
    with pytest.raises(Invalid) as refused:
        operations.create_follow_up(actor=advisor, text="Ringe", due_on=today(), organisation_id=4711)
    assert set(refused.value.errors) == {"organisation"}


def test_mine_my_units_and_everybodys(pages):
    unit = make_unit()
    me, near, far = make_user(unit=unit), make_user(unit=unit), make_user()
    for owner, text in ((me, "Min"), (near, "Nabo"), (far, "Fjern")):
        make_follow_up(text, owner=owner)
    make_follow_up("Forfalt", owner=near, due_on=today() - timedelta(days=1))

    def listed(query):
        return pages.get(f"/follow-ups/{query}", user=me).texts(".follow-ups .entry-title")

    assert listed("") == ["Min"]
    assert listed("?owner=unit") == ["Forfalt", "Min", "Nabo"]
    assert listed("?owner=all") == ["Forfalt", "Min", "Nabo", "Fjern"]


def test_done_with_a_word_and_the_next_in_one_step(pages, advisor, company, events):
    promised = make_follow_up("Sende kart", owner=advisor, organisation=company)
    page = pages.get(f"/follow-ups/{promised.id}/finish", user=advisor)
    due = today() + timedelta(days=30)
    sent = page.submit(
        done_note="Sendt i posten", next_text="Høre om kartet", next_due_on=due.isoformat(), schedule="yes"
    )
    assert sent.status == 302
    assert page.submit(next_text="Høre om kartet", schedule="yes").status == 302  # sent twice
    first, following = promises()
    assert first.done_at is not None
    assert first.done_note == "Sendt i posten"
    assert (following.text, following.due_on, following.organisation) == ("Høre om kartet", due, company)
    assert [event.action for event in events(first)][-1] == "done"
    assert "Sendt i posten" in pages.get("/follow-ups/?state=done", user=advisor).text


def test_done_alone_schedules_nothing(pages, advisor):
    promised = make_follow_up(owner=advisor)
    pages.get(f"/follow-ups/{promised.id}/finish", user=advisor).submit(next_due_on="tull")
    (only,) = promises()
    assert only.done_at is not None


def test_a_next_one_with_a_wrong_date_leaves_the_first_open(pages, advisor):
    promised = make_follow_up(owner=advisor)
    page = pages.get(f"/follow-ups/{promised.id}/finish", user=advisor).submit(
        done_note="Ringte", next_due_on="2020-01-01", schedule="yes"
    )
    assert page.status == 422
    assert page.fields()["done_note"] == ["Ringte"]
    (only,) = promises()
    assert only.done_at is None


def test_somebody_elses_is_not_finished_by_me(pages, advisor, colleague):
    promised = make_follow_up(owner=colleague)
    pages.get(f"/follow-ups/{promised.id}/finish", user=advisor, status=403)


@pytest.fixture
def passed(advisor):
    """Planned for yesterday from ten to eleven."""
    day = today() - timedelta(days=1)
    begins = instant(day, time(10))
    return make_interaction(
        title="Befaring",
        status="planned",
        advisors=[advisor],
        starts_on=day,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
    )


def test_the_day_asks_and_held_leads_to_the_form_where_something_is_missing(pages, advisor, passed):
    asked = pages.get("/", user=advisor).submit("#passed form")
    assert asked.status == 422
    assert "Choose at least one measure" in asked.text
    assert db.session.get(Interaction, passed.id).status == "planned"


def test_held_at_once_where_nothing_is_missing(pages, advisor, passed, plan):
    passed.measures = [measure(plan, "1.A.1")]
    operations.interactions.record(passed, actor=advisor)
    db.session.commit()
    pages.get("/", user=advisor).submit("#passed form")
    assert db.session.get(Interaction, passed.id).status == "held"


@pytest.mark.parametrize(("by", "words"), [("us", "Cancelled by us"), ("them", "Cancelled by them")])
def test_who_cancelled_is_kept(pages, advisor, passed, by, words):
    address = f"/interactions/{passed.id}"
    page = pages.get(address, user=advisor)
    (form,) = [one.getparent() for one in page.all("input[name=cancelled_by]") if one.get("value") == by]
    sent = {one.get("name"): one.get("value") for one in form.iter("input")}
    assert pages.post(form.get("action"), sent, user=advisor).status == 302
    assert db.session.get(Interaction, passed.id).cancelled_by == by
    assert words in pages.get(address, user=advisor).text


def test_planned_again_forgets_who_cancelled(advisor, passed, in_english):
    operations.change_status(passed, actor=advisor, version=None, status="cancelled", cancelled_by="us")
    operations.move_interaction(
        passed, actor=advisor, version=None, day=today() + timedelta(days=1), begins=None
    )
    assert (passed.status, passed.cancelled_by) == ("planned", None)


def test_nobody_else_can_have_cancelled(advisor, passed, in_english):
    with pytest.raises(Invalid) as refused:
        operations.change_status(passed, actor=advisor, version=None, status="cancelled", cancelled_by="x")
    assert set(refused.value.errors) == {"cancelled_by"}


def test_moved_in_one_step_lasts_as_long(pages, advisor, passed):
    address = f"/interactions/{passed.id}"
    day = today() + timedelta(days=5)
    page = pages.get(address, user=advisor)
    page.submit(f"form[action='{address}/move']", starts_on=day.isoformat(), starts_at="14:30")
    moved = db.session.get(Interaction, passed.id)
    assert (moved.starts_on, f"{local(moved.starts_at):%H:%M}") == (day, "14:30")
    assert moved.ends_at - moved.starts_at == timedelta(hours=1)


def test_a_move_into_the_past_is_refused_at_the_field(pages, advisor, passed):
    address = f"/interactions/{passed.id}"
    page = pages.get(address, user=advisor).submit(
        f"form[action='{address}/move']", starts_on=(today() - timedelta(days=3)).isoformat()
    )
    assert page.status == 422
    assert page.all("#starts_on[aria-invalid=true]")


def test_when_a_plan_is_over():
    noon = datetime(2026, 7, 3, 12, tzinfo=OSLO)
    hour = timedelta(hours=1)
    assert not is_over(date(2026, 7, 3), None, None, noon)
    assert is_over(date(2026, 7, 2), None, None, noon)
    assert not is_over(date(2026, 7, 3), noon - hour, noon + hour, noon)
    assert is_over(date(2026, 7, 3), noon - hour, noon, noon)
    assert is_over(date(2026, 7, 3), noon - hour, None, noon)
