from datetime import datetime

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.enquiries import rules
from crm.enquiries.deadlines import due_day, minutes_with_us
from crm.enquiries.models import Enquiry, EnquiryStatus, StepKind
from crm.enquiries.operations.handing_over import move_deadline
from crm.enquiries.operations.registering import working_days_of
from crm.enquiries.operations.steps import add_step, lock_enquiry
from crm.interactions.models import Interaction
from crm.web.validation import Invalid


def wait_for_them(enquiry: Enquiry, *, actor: User, version: int | None, words: str | None) -> None:
    """The caller must do something first: what, the word says. Nothing is escalated meanwhile."""
    lock_enquiry(enquiry, version)
    rules.check_step(StepKind.waiting, enquiry.status)
    told = rules.checked_words(words, needed=_("Write what you wait for"))
    _answered_by(enquiry, actor)
    enquiry.status = EnquiryStatus.waiting
    add_step(enquiry, StepKind.waiting, actor=actor, words=told)
    record(enquiry, actor=actor, action="waiting")


def resume(enquiry: Enquiry, *, actor: User, version: int | None, words: str | None = None) -> None:
    """It is for us again. The deadline moves by the working days that were waited."""
    lock_enquiry(enquiry, version)
    rules.check_step(StepKind.resumed, enquiry.status)
    told = rules.checked_words(words)
    move_deadline(enquiry)
    enquiry.status = EnquiryStatus.assigned
    add_step(enquiry, StepKind.resumed, actor=actor, words=told)
    record(enquiry, actor=actor, action="resumed")


def answer(
    enquiry: Enquiry, *, actor: User, version: int | None, answer: str | None, at: datetime | None = None
) -> None:
    """Keep what was answered, by whom and when, and how much working time it took. Raises Stale or Invalid."""
    lock_enquiry(enquiry, version)
    rules.check_step(StepKind.answered, enquiry.status)
    words = rules.checked_values({"answer": answer})["answer"]
    if not words:
        raise Invalid({"answer": [_("Write in a few words what was answered")]})
    _answered_by(enquiry, actor)
    _mark_answered(enquiry, words, at or now())
    add_step(enquiry, StepKind.answered, actor=actor, words=words, at=enquiry.answered_at)
    record(enquiry, actor=actor, action="answer_given")


def _answered_by(enquiry: Enquiry, actor: User) -> None:
    """What stood in the queue is theirs who do something about it."""
    if enquiry.assignee_id is None:
        enquiry.assignee = actor


def _mark_answered(enquiry: Enquiry, words: str, at: datetime) -> None:
    steps = [(step.kind, step.at) for step in enquiry.steps]
    enquiry.answer, enquiry.answered_at, enquiry.status = words, at, EnquiryStatus.answered
    enquiry.working_minutes = minutes_with_us(enquiry.received_at, at, rules.pauses(steps, at))


def close(enquiry: Enquiry, *, actor: User, version: int | None, words: str | None = None) -> None:
    """Nothing more is to be done. What was never answered needs a word that says why."""
    lock_enquiry(enquiry, version)
    rules.check_step(StepKind.closed, enquiry.status)
    is_answered = enquiry.status == EnquiryStatus.answered
    why = None if is_answered else _("Write why it is closed without an answer")
    told = rules.checked_words(words, needed=why)
    enquiry.status, enquiry.closed_at = EnquiryStatus.closed, now()
    add_step(enquiry, StepKind.closed, actor=actor, words=told)
    record(enquiry, actor=actor, action="closed")


def reopen(enquiry: Enquiry, *, actor: User, version: int | None, words: str | None) -> None:
    """An answer is owed again, within the topic's working days from now. The earlier answer stays among the steps."""
    lock_enquiry(enquiry, version)
    rules.check_step(StepKind.reopened, enquiry.status)
    told = rules.checked_words(words, needed=_("Write why it is opened again"))
    has_somebody = enquiry.assignee_id is not None
    enquiry.status = EnquiryStatus.assigned if has_somebody else EnquiryStatus.new
    enquiry.answered_at = enquiry.working_minutes = enquiry.closed_at = None
    enquiry.due_on = max(enquiry.due_on, due_day(now(), working_days_of(enquiry.topic_id)))
    enquiry.deputy_told_at = enquiry.manager_told_at = None
    add_step(enquiry, StepKind.reopened, actor=actor, words=told)
    record(enquiry, actor=actor, action="reopened")


def add_note(enquiry: Enquiry, *, actor: User, words: str | None) -> Enquiry:
    """A word on it, whatever its status; what somebody else has open meanwhile does not become stale by it."""
    lock_enquiry(enquiry)
    told = rules.checked_words(words, needed=_("Write the note"))
    add_step(enquiry, StepKind.noted, actor=actor, words=told)
    record(enquiry, actor=actor, action="noted")
    return enquiry


def convert(enquiry: Enquiry, interaction: Interaction, *, actor: User) -> None:
    """It was a meeting or a call with measures: the two lead to each other. What is still open counts as answered by it."""
    lock_enquiry(enquiry)
    if enquiry.interaction_id is not None:
        return
    enquiry.interaction = interaction
    step = add_step(enquiry, StepKind.converted, actor=actor)
    if EnquiryStatus(enquiry.status).is_open:
        _answered_by(enquiry, actor)
        _mark_answered(enquiry, enquiry.answer or _("Answered in an interaction"), step.at)
        add_step(enquiry, StepKind.answered, actor=actor, at=step.at)
    record(enquiry, actor=actor, action="converted")
