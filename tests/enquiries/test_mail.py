"""Who is told by e-mail when an enquiry is handed over, and when its deadline nears."""

import email
import email.policy
from datetime import UTC, date, datetime, time, timedelta

import pytest

from crm.accounts.models import Absence
from crm.audit.recording import record
from crm.enquiries import operations
from crm.enquiries.escalation import escalate
from crm.enquiries.models import Enquiry
from crm.extensions import db
from crm.jobs import JobFailed
from crm.responsibilities.models import Responsibility
from crm.web.clock import instant, today
from tests.support.factories import make_user

MONDAY = date(2026, 11, 23)


def at(clock: str, days: int = 0) -> datetime:
    return instant(MONDAY + timedelta(days=days), time.fromisoformat(clock)).astimezone(UTC)


def letters(outbox):
    found = sorted(outbox.glob("*.eml")) if outbox.exists() else []
    return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in found]


def told(outbox):
    return sorted(one["To"].addresses[0].addr_spec for one in letters(outbox))


def absent(user, deputy):
    user.absences.append(Absence(starts_on=today(), ends_on=today() + timedelta(days=7), deputy=deputy))
    record(user, actor=None)
    db.session.commit()


def test_whoever_gets_it_is_told_once_with_one_link_and_not_who_called(pages, outbox, first_line, advisor):
    page = pages.get("/enquiries/new", user=first_line)
    sent = {"subject": "Om lokaler", "caller_name": "Ola Hemmelig", "to": f"user-{advisor.id}"}
    page.submit("#enquiry-form", **sent).follow()
    page.submit("#enquiry-form", **sent)
    assert told(outbox) == [advisor.email]
    (letter,) = letters(outbox)
    body = letter.get_content()
    assert "Frida Førstelinje has handed you an enquiry." in body
    assert body.count("http") == 1
    assert f"/enquiries/{db.session.query(Enquiry.id).scalar()}" in body
    assert "Ola Hemmelig" not in letter.as_string()


def test_nobody_is_told_what_they_did_themselves_nor_of_what_was_refused(
    pages, outbox, advisor, colleague, ring
):
    enquiry = ring()
    page = pages.get(f"/enquiries/{enquiry.id}", user=advisor)
    page.submit(f'form[action="/enquiries/{enquiry.id}/take"]').follow()
    refused = page.submit(f'form[action="/enquiries/{enquiry.id}/assign"]', to=f"user-{colleague.id}")
    assert refused.status == 422  # it was read before it was taken
    assert told(outbox) == []


def test_the_deputy_of_whoever_is_away_is_told_as_well_and_so_is_who_hands_it_over(
    pages, outbox, first_line, advisor, colleague, ring
):
    absent(advisor, colleague)
    enquiry = ring()
    page = pages.get(f"/enquiries/{enquiry.id}", user=first_line)
    shown = page.submit(f'form[action="/enquiries/{enquiry.id}/assign"]', to=f"user-{advisor.id}").follow()
    assert told(outbox) == sorted([advisor.email, colleague.email])
    assert "Bjørn Kollega stands in" in shown.text
    assert any("You stand in." in one.get_content() for one in letters(outbox))


def test_of_a_unit_all_who_handle_enquiries_are_told(pages, outbox, first_line, advisor, ring):
    make_user("reader", unit=advisor.unit)
    other = make_user("first_line", unit=advisor.unit)
    enquiry = ring()
    page = pages.get(f"/enquiries/{enquiry.id}", user=first_line)
    page.submit(f'form[action="/enquiries/{enquiry.id}/assign"]', to=f"unit-{advisor.unit_id}").follow()
    assert told(outbox) == sorted([advisor.email, other.email])


def test_each_is_told_in_their_own_language(pages, outbox, first_line, ring):
    nynorsk = make_user(name="Nils Nynorsk", language="nn")
    enquiry = ring()
    page = pages.get(f"/enquiries/{enquiry.id}", user=first_line)
    page.submit(f'form[action="/enquiries/{enquiry.id}/assign"]', to=f"user-{nynorsk.id}").follow()
    assert "Hei, Nils Nynorsk" in letters(outbox)[0].get_content()


@pytest.fixture
def due_thursday(ring, advisor, topic):
    """Handed to the advisor on Monday morning, due on Thursday."""

    def made(**values):
        given = {"assignee": advisor.id, "due_on": MONDAY + timedelta(days=3), "received_at": at("09:00")}
        enquiry = ring(**given | {"topic": topic.id} | values)
        for step in enquiry.steps:
            step.at = at("09:00")
        db.session.commit()
        return enquiry

    return made


@pytest.fixture
def deputy(advisor, colleague, topic):
    db.session.execute(
        Responsibility.__table__.insert().values(
            topic_id=topic.id,
            user_id=advisor.id,
            deputy_id=colleague.id,
            version=1,
            created_at=at("08:00"),
            updated_at=at("08:00"),
        )
    )
    db.session.commit()
    return colleague


def test_first_the_deputy_then_the_manager_each_once(outbox, due_thursday, deputy, manager):
    enquiry = due_thursday()
    version = enquiry.version
    assert escalate(at("09:00", 1)) == ""  # Tuesday: two days are left
    assert escalate(at("09:00", 2)) == "1 told"
    assert escalate(at("09:15", 2)) == ""
    assert told(outbox) == [deputy.email]
    assert escalate(at("09:00", 3)) == "1 told"  # the day it is due
    assert escalate(at("09:15", 3)) == ""
    assert told(outbox) == sorted([deputy.email, manager.email])
    db.session.expire_all()
    assert [step.to_user for step in enquiry.steps if step.kind == "escalated"] == [deputy, manager]
    assert enquiry.version == version  # whoever is writing the answer is not disturbed


@pytest.mark.parametrize(("clock", "days"), [("07:45", 2), ("15:30", 2), ("10:00", 5), ("10:00", 6)])
def test_nobody_is_told_outside_office_hours(outbox, due_thursday, deputy, clock, days):
    due_thursday()
    assert escalate(at(clock, days)) == ""
    assert told(outbox) == []


def test_without_a_deputy_the_manager_of_the_unit_is_told_on_the_day(outbox, due_thursday, advisor, manager):
    own = make_user("manager", unit=advisor.unit)
    due_thursday()
    escalate(at("09:00", 2))
    assert told(outbox) == []
    escalate(at("11:00", 3))
    assert told(outbox) == [own.email]


def test_what_stands_in_the_queue_for_a_working_day_is_told_the_managers(outbox, due_thursday, manager):
    due_thursday(assignee=None, due_on=MONDAY + timedelta(days=14))
    assert escalate(at("15:00")) == ""
    assert escalate(at("09:00", 1)) == "1 told"
    assert "nobody has taken it" in letters(outbox)[0].get_content()


def test_what_waits_for_them_and_what_is_answered_is_left_alone(
    outbox, due_thursday, advisor, deputy, manager
):
    waiting, answered = due_thursday(), due_thursday()
    operations.wait_for_them(waiting, actor=advisor, version=None, words="Tegninger")
    operations.answer(answered, actor=advisor, version=None, answer="Ja")
    db.session.commit()
    escalate(at("10:00", 3))
    assert told(outbox) == []


def test_whoever_got_it_just_now_has_two_working_hours(outbox, due_thursday, deputy, manager):
    due_thursday(due_on=MONDAY)
    assert escalate(at("10:30")) == ""
    assert escalate(at("11:00")) == "1 told"
    assert escalate(at("12:30")) == ""
    assert escalate(at("13:00")) == "1 told"


def test_what_could_not_be_sent_is_tried_again(outbox, due_thursday, deputy, monkeypatch):
    due_thursday()
    monkeypatch.setattr("crm.enquiries.escalation.tell_deadline", lambda *_args, **_more: False)
    with pytest.raises(JobFailed):
        escalate(at("09:00", 2))
    monkeypatch.undo()
    assert escalate(at("09:15", 2)) == "1 told"
    assert told(outbox) == [deputy.email]
