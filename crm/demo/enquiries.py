"""What people have asked of late: answered in time and late, waiting, overdue, and in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from crm.accounts.models import Role, User
from crm.audit.recording import record
from crm.demo.numbers import mobile
from crm.demo.staff import Colleague
from crm.demo.word_lists import word_list
from crm.enquiries.deadlines import USUAL_DAYS, due_day, working_day_before, working_minutes
from crm.enquiries.models import Channel, Enquiry, EnquiryStatus, EnquiryStep, StepKind
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.responsibilities.models import Topic
from crm.responsibilities.queries import understood
from crm.web.clock import instant

FEWEST_INTERACTIONS = 100
USUAL, MOST = 60, 400
_CHANNELS = (Channel.phone,) * 6 + (Channel.email,) * 3 + (Channel.in_person, Channel.web, Channel.letter)


@dataclass(frozen=True, slots=True)
class _Fate:
    """How many working days ago it came in, and where it stands now."""

    days_ago: int
    status: EnquiryStatus


_OPEN = (
    *(_Fate(days, EnquiryStatus.new) for days in (1, 1, 2, 6)),
    *(_Fate(days, EnquiryStatus.assigned) for days in (1, 1, 2, 2, 3, 3, 5, 7, 9)),
    *(_Fate(days, EnquiryStatus.waiting) for days in (2, 4, 6)),
)


def enquiries_for(interactions: int) -> int:
    """How many an office of so many interactions has been asked; none where it is no office's years."""
    if interactions < FEWEST_INTERACTIONS:
        return 0
    return max(len(_OPEN) + 4, min(MOST, USUAL * interactions // 1_400))


def tell_enquiries(*, interactions: int, colleagues: Sequence[Colleague], seed: int, today: date) -> int:
    """The enquiries with their steps, flushed and recorded; returns how many rows."""
    number = enquiries_for(interactions)
    if not number:
        return 0
    rng = Random(seed + 2)  # noqa: S311  made-up people, not secrets
    people = {one.id: one for one in db.session.scalars(select(User)).all()}
    teller = _Teller(
        rng=rng,
        today=today,
        first_line=next((people[one.id] for one in colleagues if one.role == Role.first_line), None),
        advisors=[people[one.id] for one in colleagues if one.role == Role.advisor],
        topics=db.session.scalars(select(Topic).where(Topic.is_retired.is_(False)).order_by(Topic.id)).all(),
        known=_known(),
        words=word_list("enquiries"),
    )
    over = [
        _Fate(rng.randint(6, 90), EnquiryStatus.closed if place % 2 else EnquiryStatus.answered)
        for place in range(number - len(_OPEN))
    ]
    rows = 0
    for fate in sorted([*over, *_OPEN], key=lambda one: -one.days_ago):
        rows += 1 + len(teller.tell(fate).steps)
    return rows


def _known() -> list[tuple[int, int]]:
    """Organisations with people of theirs, by ids."""
    rows = db.session.execute(
        select(Affiliation.organisation_id, Affiliation.contact_id)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .join(Contact, Contact.id == Affiliation.contact_id)
        .where(
            Affiliation.ended_on.is_(None), Organisation.deleted_at.is_(None), Contact.deleted_at.is_(None)
        )
        .order_by(Affiliation.id)
        .limit(300)
    )
    return [(row.organisation_id, row.contact_id) for row in rows]


@dataclass(slots=True)
class _Teller:
    rng: Random
    today: date
    first_line: User | None
    advisors: list[User]
    topics: Sequence[Topic]
    known: list[tuple[int, int]]
    words: dict[str, Any]

    def tell(self, fate: _Fate) -> Enquiry:
        rng = self.rng
        asked = rng.choice(self.words["asked"])
        subject, text, answer = asked["subject"], asked["text"] or None, asked["answer"]
        received = self._moment(fate.days_ago)
        about = understood(f"{subject} {text or ''}")
        topic = next((one for one in self.topics if one.id == about.topic_id), None)
        author = self.first_line or self.advisors[0]
        assignee = rng.choice(self.advisors) if fate.status is not EnquiryStatus.new else None
        enquiry = Enquiry(
            subject=subject,
            text=text,
            channel=rng.choice(_CHANNELS),
            status=fate.status,
            topic=topic,
            author=author,
            assignee=assignee,
            received_at=received,
            due_on=due_day(received, topic.working_days if topic is not None else USUAL_DAYS),
            created_at=received,
            updated_at=received,
        )
        self._put_caller(enquiry)
        self._step(enquiry, StepKind.registered, received, author, to=assignee)
        if fate.status is EnquiryStatus.waiting:
            self._step(
                enquiry,
                StepKind.waiting,
                received + timedelta(hours=1),
                assignee,
                rng.choice(self.words["waiting_for"]),
            )
        elif not fate.status.is_open:
            self._answer(enquiry, answer, fate.days_ago)
        db.session.add(enquiry)
        record(enquiry, actor=author)
        return enquiry

    def _moment(self, days_ago: int) -> datetime:
        """Some time in office hours, so many working days before today."""
        day = self.today
        for _each in range(days_ago):
            day = working_day_before(day)
        return instant(day, time(self.rng.randint(8, 14), self.rng.randint(0, 59))).astimezone(UTC)

    def _put_caller(self, enquiry: Enquiry) -> None:
        if self.known and self.rng.random() < 0.6:
            enquiry.organisation_id, contact = self.rng.choice(self.known)
            enquiry.contact_id = contact if self.rng.random() < 0.7 else None
            return
        name, organisation = self.rng.choice(self.words["callers"])
        enquiry.caller_name, enquiry.caller_organisation = name, organisation or None
        enquiry.caller_phone = mobile(self.rng)

    def _answer(self, enquiry: Enquiry, answer: str, days_ago: int) -> None:
        later = min(days_ago - 1, self.rng.choice((0, 0, 1, 1, 2, 3, 6)))
        at = self._moment(days_ago - later)
        at = max(at, enquiry.received_at + timedelta(minutes=self.rng.randint(10, 50)))
        enquiry.answer, enquiry.answered_at = answer, at
        enquiry.working_minutes = working_minutes(enquiry.received_at, at)
        self._step(enquiry, StepKind.answered, at, enquiry.assignee, answer)
        if enquiry.status == EnquiryStatus.closed:
            enquiry.closed_at = at + timedelta(minutes=5)
            self._step(enquiry, StepKind.closed, enquiry.closed_at, enquiry.assignee)
        enquiry.updated_at = enquiry.closed_at or at

    @staticmethod
    def _step(
        enquiry: Enquiry,
        kind: StepKind,
        at: datetime,
        actor: User | None,
        words: str | None = None,
        *,
        to: User | None = None,
    ) -> None:
        enquiry.steps.append(EnquiryStep(kind=kind, at=at, actor=actor, words=words, to_user=to))
