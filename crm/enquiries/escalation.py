"""What nobody has answered is told to the deputy, then to the managers.

- The deputy: from the last working day before an assigned enquiry is due. Who stands in for whoever is away; else the
  deputy of the responsibility that led there.
- The managers (those of its unit or its assignee's; else all): from the day it is due. Of what stands in the queue, also
  when nobody has taken it for a working day.

Nobody is told before whoever got it last, or the deputy, has had two working hours. What waits for the caller is left
alone. All this in office hours on working days, each once, until it is handed over, reopened or given another deadline.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CursorResult, or_, select, update

from crm.accounts.absences import standing_in
from crm.accounts.models import Role, User
from crm.audit.recording import record
from crm.database import now
from crm.enquiries.deadlines import CLOSES, DAY_MINUTES, OPENS, working_days_after, working_minutes
from crm.enquiries.models import Enquiry, EnquiryStatus, StepKind
from crm.enquiries.notices import is_reached, tell_deadline
from crm.enquiries.operations.steps import add_step
from crm.extensions import db
from crm.jobs import JobFailed
from crm.responsibilities.models import Responsibility
from crm.web.clock import local
from crm.web.working_days import is_working_day

JOB: Final = "enquiries"
GRACE: Final = 120
GIVEN: Final = frozenset({StepKind.registered, StepKind.assigned, StepKind.resumed, StepKind.reopened})

_enquiries: Any = Enquiry.__table__


def escalate(at: datetime) -> str:
    """Tell whoever is to be told at the instant. Commits, one by one. Raises JobFailed where some could not be told: they
    are tried again.
    """
    today = local(at).date()
    if not is_working_day(today) or not OPENS <= local(at).time() < CLOSES:
        return ""
    told = failed = 0
    for identity in _candidates(at):
        for tell in (_tell_deputy, _tell_managers):
            outcome = tell(db.session.get_one(Enquiry, identity, populate_existing=True), at)
            told, failed = told + (outcome is True), failed + (outcome is False)
    if failed:
        raise JobFailed(f"{told} told, {failed} could not be handed over and will be tried again")
    return f"{told} told" if told else ""


def _candidates(at: datetime) -> Sequence[int]:
    e = Enquiry
    near = e.due_on <= working_days_after(local(at).date(), 1)
    queued = e.status == EnquiryStatus.new
    return db.session.scalars(
        select(e.id)
        .where(e.deleted_at.is_(None), e.manager_told_at.is_(None))
        .where(or_(queued, (e.status == EnquiryStatus.assigned) & near))
        .order_by(e.due_on, e.id)
    ).all()


def _tell_deputy(enquiry: Enquiry, at: datetime) -> bool | None:
    """Whether they were told; None where nobody is to be."""
    today = local(at).date()
    is_due = enquiry.due_on <= working_days_after(today, 1)
    if enquiry.assignee is None or enquiry.deputy_told_at is not None or not is_due:
        return None
    if working_minutes(_given_at(enquiry), at) < GRACE:
        return None
    deputy = _deputy(enquiry, at)
    return _told(enquiry, "deputy_told_at", [deputy] if deputy is not None else [], at)


def _tell_managers(enquiry: Enquiry, at: datetime) -> bool | None:
    """Whether they were told; None where nobody is to be."""
    if enquiry.manager_told_at is not None:
        return None
    waited = working_minutes(enquiry.deputy_told_at or _given_at(enquiry), at)
    is_due = enquiry.due_on <= local(at).date() and waited >= GRACE
    is_left = enquiry.assignee_id is None and waited >= DAY_MINUTES
    if not (is_due or is_left) or (enquiry.assignee_id is not None and enquiry.deputy_told_at is None):
        return None
    return _told(enquiry, "manager_told_at", _managers(enquiry), at)


def _given_at(enquiry: Enquiry) -> datetime:
    """When it was last given to whoever is to answer, or to the queue."""
    return max((step.at for step in enquiry.steps if step.kind in GIVEN), default=enquiry.received_at)


def _deputy(enquiry: Enquiry, at: datetime) -> User | None:
    assignee = enquiry.assignee
    assert assignee is not None  # asked for before
    deputy = standing_in(assignee, local(at).date())
    if deputy is None:
        r = Responsibility
        fits = [
            or_(column.is_(None), column == value)
            for column, value in (
                (r.topic_id, enquiry.topic_id),
                (r.site_id, enquiry.site_id),
                (r.organisation_id, enquiry.organisation_id),
            )
        ]
        found = db.session.scalars(
            select(r).where(r.user_id == assignee.id, r.deputy_id.is_not(None), *fits).order_by(r.id)
        ).all()
        # The one that names most of what the enquiry has is the one that led there.
        found = sorted(
            found, key=lambda one: -sum(map(bool, (one.topic_id, one.site_id, one.organisation_id)))
        )
        deputy = found[0].deputy if found else None
    return deputy if deputy is not None and is_reached(deputy) else None


def _managers(enquiry: Enquiry) -> list[User]:
    managers = [
        one
        for one in db.session.scalars(select(User).where(User.role == Role.manager).order_by(User.id))
        if is_reached(one) and one.id != enquiry.assignee_id
    ]
    unit = enquiry.unit_id or (enquiry.assignee.unit_id if enquiry.assignee is not None else None)
    return [one for one in managers if unit is not None and one.unit_id == unit] or managers


def _told(enquiry: Enquiry, mark: str, users: Sequence[User], at: datetime) -> bool | None:
    """Claimed, sent and then kept among the steps. The claim changes no version: a form that somebody has open is not made
    stale by the clock.
    """
    if not _claimed(enquiry.id, mark, at):
        return None
    is_deputy = mark == "deputy_told_at"
    sent = [
        user
        for user in users
        if tell_deadline(enquiry, user, as_deputy_of=enquiry.assignee if is_deputy else None)
    ]
    if users and not sent:
        db.session.execute(update(_enquiries).where(_enquiries.c.id == enquiry.id).values({mark: None}))
        db.session.commit()
        return False
    for user in sent:
        add_step(enquiry, StepKind.escalated, actor=None, to_user=user, at=now())
    if sent:
        record(enquiry, actor=None, action="escalated")
    db.session.commit()
    return True if sent else None


def _claimed(identity: int, mark: str, at: datetime) -> bool:
    """Whether nobody else is at it, nor has answered it meanwhile."""
    c = _enquiries.c
    done: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        update(_enquiries)
        .where(c.id == identity, c[mark].is_(None), c.deleted_at.is_(None))
        .where(c.status.in_([EnquiryStatus.new, EnquiryStatus.assigned]))
        .values({mark: at})
    )
    db.session.commit()
    return done.rowcount == 1
