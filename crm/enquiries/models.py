from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Unit, User
from crm.audit.recording import Audited
from crm.database import Base, Binned, Timestamped, UtcDateTime, Versioned, folded, now
from crm.interactions.models import Interaction
from crm.organisations.models import BINNED, NOT_BINNED, Contact, Organisation
from crm.responsibilities.models import Topic
from crm.sites.models import Site


class Channel(StrEnum):
    phone = auto()
    email = auto()
    in_person = auto()
    web = auto()
    letter = auto()
    other = auto()

    @property
    def label(self) -> Any:
        return _CHANNELS[self]


_CHANNELS = {
    Channel.phone: _l("Telephone"),
    Channel.email: _l("E-mail"),
    Channel.in_person: _l("In person"),
    Channel.web: _l("Web form"),
    Channel.letter: _l("By letter"),
    Channel.other: _l("Another way"),
}


class EnquiryStatus(StrEnum):
    """new: nobody has it; assigned: somebody of ours; waiting: for the caller; answered; closed: nothing more to do."""

    new = auto()
    assigned = auto()
    waiting = auto()
    answered = auto()
    closed = auto()

    @property
    def label(self) -> Any:
        return _STATUSES[self]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self in {EnquiryStatus.new, EnquiryStatus.assigned, EnquiryStatus.waiting}


_STATUSES = {
    EnquiryStatus.new: _l("New"),
    EnquiryStatus.assigned: _l("Assigned"),
    EnquiryStatus.waiting: _l("Waiting for them"),
    EnquiryStatus.answered: _l("Answer given"),
    EnquiryStatus.closed: _l("Closed"),
}


class Enquiry(Audited, Versioned, Timestamped, Binned, Base):
    """Somebody contacts the municipality. It has somebody who is to answer, a deadline and an answer.

    The caller is an organisation or a contact that is known, or only what they said (`caller_…`). `assignee` is a person,
    `unit` the team whose queue it is in; neither while it is new and nobody is responsible. `due_on` is the last local
    day for an answer. `working_minutes` is how long the answer took, in working time, written when it is given.
    `message_key` is what the e-mail it came from is known by, so that it is taken in once; `submission_key` the form that was
    filled in, so that a second press on the button makes no second enquiry.
    """

    __tablename__ = "enquiries"
    __table_args__ = (
        Index(
            "ix_enquiries_latest", "received_at", "id", sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED
        ),
        Index(
            "ix_enquiries_queue",
            "status",
            "due_on",
            "id",
            sqlite_where=NOT_BINNED,
            postgresql_where=NOT_BINNED,
        ),
        Index(
            "ix_enquiries_assignee",
            "assignee_id",
            "status",
            "due_on",
            sqlite_where=NOT_BINNED,
            postgresql_where=NOT_BINNED,
        ),
        Index("ix_enquiries_bin", "deleted_at", sqlite_where=BINNED, postgresql_where=BINNED),
        Index(
            "uq_enquiries_message_key",
            "message_key",
            unique=True,
            sqlite_where=NOT_BINNED,
            postgresql_where=NOT_BINNED,
        ),
        CheckConstraint("working_minutes >= 0", name="working_minutes_not_negative"),
    )
    __audit_leaves_out__ = frozenset({"message_key", "deputy_told_at", "manager_told_at"})

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), active_history=True)
    text: Mapped[str | None] = mapped_column(active_history=True)
    channel: Mapped[str] = mapped_column(String(12), default=Channel.phone, active_history=True)
    status: Mapped[str] = mapped_column(String(12), default=EnquiryStatus.new, active_history=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True, active_history=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True, active_history=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id"), index=True, active_history=True
    )
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True, active_history=True)
    caller_name: Mapped[str | None] = mapped_column(String(200), active_history=True)
    caller_organisation: Mapped[str | None] = mapped_column(String(200), active_history=True)
    caller_phone: Mapped[str | None] = mapped_column(String(20), index=True, active_history=True)
    caller_email: Mapped[str | None] = mapped_column(String(254), index=True, active_history=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), active_history=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True, active_history=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, active_history=True)
    due_on: Mapped[date] = mapped_column(active_history=True)
    answer: Mapped[str | None] = mapped_column(active_history=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    working_minutes: Mapped[int | None] = mapped_column(active_history=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interactions.id"), index=True, active_history=True
    )
    message_key: Mapped[str | None] = mapped_column(String(64))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    deputy_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    manager_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    search_text: Mapped[str]

    topic: Mapped[Topic | None] = relationship()
    site: Mapped[Site | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    assignee: Mapped[User | None] = relationship(foreign_keys=assignee_id)
    unit: Mapped[Unit | None] = relationship()
    author: Mapped[User] = relationship(foreign_keys=author_id)
    interaction: Mapped[Interaction | None] = relationship()
    steps: Mapped[list["EnquiryStep"]] = relationship(
        back_populates="enquiry", cascade="all, delete-orphan", order_by="EnquiryStep.id"
    )


class StepKind(StrEnum):
    """What happened to an enquiry on its way, as its page tells it."""

    registered = auto()
    assigned = auto()
    noted = auto()
    waiting = auto()
    resumed = auto()
    answered = auto()
    closed = auto()
    reopened = auto()
    escalated = auto()
    converted = auto()


class EnquiryStep(Base):
    """A step on the way from the caller to the answer, with the word that went along. Kept as long as the enquiry."""

    __tablename__ = "enquiry_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiries.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None where the clock did it."""
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    words: Mapped[str | None]

    enquiry: Mapped[Enquiry] = relationship(back_populates="steps")
    actor: Mapped[User | None] = relationship(foreign_keys=actor_id)
    to_user: Mapped[User | None] = relationship(foreign_keys=to_user_id)
    to_unit: Mapped[Unit | None] = relationship()


@event.listens_for(Enquiry, "before_insert")
@event.listens_for(Enquiry, "before_update")
def _keep_findable(_mapper: Any, _connection: Any, enquiry: Enquiry) -> None:
    phone = (enquiry.caller_phone or "").removeprefix("+")
    enquiry.search_text = " ".join(
        filter(
            None,
            [
                folded(
                    " ".join(
                        filter(
                            None,
                            [
                                enquiry.subject,
                                enquiry.text,
                                enquiry.caller_name,
                                enquiry.caller_organisation,
                                enquiry.caller_email,
                            ],
                        )
                    )
                ),
                phone,
                phone.removeprefix("47"),
            ],
        )
    )
