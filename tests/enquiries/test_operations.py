"""An enquiry on its way from the caller to the answer."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEvent
from crm.database import now
from crm.enquiries import operations
from crm.enquiries.deadlines import due_day
from crm.enquiries.models import Enquiry, EnquiryStatus, StepKind
from crm.enquiries.queries import EnquiryFilter, EnquiryQuery
from crm.enquiries.rules import ALLOWED, may_be
from crm.enquiries.wording import due
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.web.validation import Invalid, Stale
from tests.support.factories import make_unit


@pytest.fixture(autouse=True)
def _speaking(in_english):
    """Refusals are told in words."""


def kinds(enquiry):
    return [step.kind for step in enquiry.steps]


def test_an_unknown_caller_makes_no_organisation_and_no_contact(ring):
    enquiry = ring(
        caller_name="Ola", caller_organisation="Ola Bygg", caller_phone="63 80 00 00", caller_email="OLA@x.no"
    )
    assert (enquiry.caller_phone, enquiry.caller_email) == ("+4763800000", "ola@x.no")
    assert (enquiry.status, enquiry.assignee_id, enquiry.unit_id) == ("new", None, None)
    assert db.session.scalar(select(func.count(Organisation.id))) == 0
    assert db.session.scalar(select(func.count(Contact.id))) == 0
    assert kinds(enquiry) == ["registered"]


def test_the_topic_sets_the_deadline_and_three_working_days_where_there_is_none(ring, topic):
    assert ring().due_on == due_day(now(), 3)
    assert ring(topic=topic.id).due_on == due_day(now(), 5)


def test_nobody_nothing_and_nonsense_are_refused_by_field(first_line, reader):
    with pytest.raises(Invalid) as refused:
        operations.register(actor=first_line, subject=" ", channel="owl", caller_phone="12")
    assert refused.value.errors.keys() == {"subject", "channel", "caller_phone"}
    with pytest.raises(Invalid) as refused:
        operations.register(actor=first_line, subject="Hei")
    assert refused.value.errors.keys() == {"organisation_id"}
    with pytest.raises(Invalid) as refused:
        operations.register(
            actor=first_line,
            subject="Hei",
            organisation=999,
            assignee=reader.id,
            due_on=now().date() - timedelta(2),
        )
    assert refused.value.errors.keys() == {"organisation_id", "assignee_id", "due_on"}


def test_who_is_handed_it_has_it_and_may_hand_it_on_with_a_word(ring, advisor, colleague):
    enquiry = ring(assignee=advisor.id)
    assert enquiry.status == "assigned"
    operations.hand_over(
        enquiry, actor=advisor, version=1, assignee_id=colleague.id, unit_id=None, words="Du kan dette"
    )
    db.session.commit()
    assert enquiry.assignee == colleague
    step = enquiry.steps[-1]
    assert (step.kind, step.actor, step.to_user, step.words) == (
        "assigned",
        advisor,
        colleague,
        "Du kan dette",
    )


def test_handed_to_a_unit_it_stands_in_the_queue(ring, advisor):
    unit = make_unit("Plan og bygg")
    enquiry = ring(assignee=advisor.id)
    operations.hand_over(enquiry, actor=advisor, version=None, assignee_id=None, unit_id=unit.id)
    db.session.commit()
    assert (enquiry.status, enquiry.assignee_id, enquiry.unit_id) == ("new", None, unit.id)
    assert enquiry.steps[-1].to_unit == unit


def test_of_two_who_take_it_at_once_the_second_is_told(ring, advisor, colleague):
    enquiry = ring()
    read = enquiry.version
    operations.take(enquiry, actor=advisor, version=read)
    db.session.commit()
    with pytest.raises(Stale):
        operations.take(enquiry, actor=colleague, version=read)
    assert enquiry.assignee == advisor


def test_the_whole_way_and_back(ring, advisor):
    enquiry = ring(received_at=now() - timedelta(days=30))
    due = enquiry.due_on
    operations.take(enquiry, actor=advisor, version=None)
    operations.wait_for_them(enquiry, actor=advisor, version=None, words="Tegninger")
    enquiry.steps[-1].at = now() - timedelta(days=14)
    db.session.flush()
    operations.resume(enquiry, actor=advisor, version=None)
    assert enquiry.due_on > due
    operations.answer(enquiry, actor=advisor, version=None, answer="Ring Heia Utvikling")
    db.session.commit()
    assert enquiry.status == "answered"
    assert enquiry.answered_at is not None
    with_us = enquiry.working_minutes
    assert 0 < with_us < 14 * 450  # thirty days came in, of which fourteen were theirs
    operations.close(enquiry, actor=advisor, version=None)
    operations.reopen(enquiry, actor=advisor, version=None, words="De fant ikke fram")
    db.session.commit()
    assert (enquiry.status, enquiry.answered_at, enquiry.working_minutes) == ("assigned", None, None)
    assert enquiry.due_on >= due_day(now(), 3)
    assert kinds(enquiry) == [
        *("registered", "assigned", "waiting", "resumed", "answered", "closed", "reopened"),
    ]
    actions = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_type == "Enquiry").order_by(AuditEvent.id)
    )
    assert list(actions) == [
        *("created", "assigned", "waiting", "resumed", "answer_given", "closed", "reopened"),
    ]


@pytest.mark.parametrize(
    ("kind", "status", "allowed"),
    [
        ("assigned", "answered", False),
        ("assigned", "waiting", True),
        ("waiting", "waiting", False),
        ("resumed", "assigned", False),
        ("answered", "new", True),
        ("answered", "answered", False),
        ("closed", "new", True),
        ("closed", "closed", False),
        ("reopened", "assigned", False),
        ("reopened", "closed", True),
    ],
)
def test_what_may_be_done_from_where(kind, status, allowed):
    assert may_be(StepKind(kind), status) is allowed
    assert (EnquiryStatus(status) in ALLOWED[StepKind(kind)]) is allowed


def test_what_is_over_is_not_handed_over_before_it_is_opened_again(ring, advisor):
    enquiry = ring()
    operations.answer(enquiry, actor=advisor, version=None, answer="Ja")
    with pytest.raises(Invalid) as refused:
        operations.take(enquiry, actor=advisor, version=None)
    assert refused.value.errors.keys() == {"status"}
    with pytest.raises(Invalid):
        operations.answer(enquiry, actor=advisor, version=None, answer="Nei")
    assert enquiry.answer == "Ja"


def test_whoever_answers_what_stood_in_the_queue_has_it(ring, advisor):
    enquiry = ring()
    operations.answer(enquiry, actor=advisor, version=None, answer="Ja")
    db.session.commit()
    assert enquiry.assignee == advisor


def test_closing_without_an_answer_needs_a_word(ring, advisor):
    enquiry = ring()
    with pytest.raises(Invalid) as refused:
        operations.close(enquiry, actor=advisor, version=None)
    assert refused.value.errors.keys() == {"words"}
    operations.close(enquiry, actor=advisor, version=None, words="Feil nummer")
    assert enquiry.status == "closed"


def test_a_note_makes_nobody_elses_form_stale(ring, advisor, colleague):
    enquiry = ring(assignee=advisor.id)
    read = enquiry.version
    operations.add_note(enquiry, actor=colleague, words="Ringte igjen")
    db.session.commit()
    operations.answer(enquiry, actor=advisor, version=read, answer="Ja")
    db.session.commit()
    assert [step.words for step in enquiry.steps if step.kind == "noted"] == ["Ringte igjen"]


def test_an_unknown_caller_is_known_later(ring, advisor, company, person):
    enquiry = ring(caller_name="Kari")
    operations.edit(enquiry, actor=advisor, version=1, organisation_id=company.id, contact_id=person.id)
    db.session.commit()
    assert (enquiry.organisation, enquiry.contact, enquiry.caller_name) == (company, person, "Kari")
    with pytest.raises(Stale):
        operations.edit(enquiry, actor=advisor, version=1, subject="Noe annet")


def test_the_bin_and_back(ring, advisor):
    enquiry = ring()
    operations.bin_enquiry(enquiry, actor=advisor)
    db.session.commit()
    assert enquiry.is_binned
    operations.restore_enquiry(enquiry, actor=advisor)
    db.session.commit()
    assert not db.session.get(Enquiry, enquiry.id).is_binned


def test_while_it_waits_for_them_the_clock_stands_and_it_is_not_overdue(ring, advisor):
    enquiry = ring(received_at=now() - timedelta(days=30))
    assert "late" in due(enquiry, now())
    operations.wait_for_them(enquiry, actor=advisor, version=None, words="Tegninger")
    assert due(enquiry, now()).startswith("The clock stands still")
    db.session.flush()
    overdue = EnquiryQuery(EnquiryFilter(overdue=True), advisor, today=now().date())
    assert overdue.count() == 0
