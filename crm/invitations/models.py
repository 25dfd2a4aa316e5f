from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.audit.recording import Audited
from crm.database import Base, UtcDateTime, now
from crm.interactions.models import Interaction
from crm.organisations.models import Contact, Organisation


class Via(StrEnum):
    """How a message came in."""

    upload = auto()
    command = auto()
    mailbox = auto()

    @property
    def label(self) -> Any:
        return {
            Via.upload: _l("Uploaded"),
            Via.command: _l("By the operator"),
            Via.mailbox: _l("By e-mail"),
        }[self]


class Proof(StrEnum):
    """What tells that a message comes from whom it says."""

    sign_in = auto()
    operator = auto()
    dkim = auto()
    mail_server = auto()
    administrator = auto()

    @property
    def label(self) -> Any:
        return {
            Proof.sign_in: _l("Signed in"),
            Proof.operator: _l("By the operator"),
            Proof.dkim: _l("Signature of the sender's mail server (DKIM)"),
            Proof.mail_server: _l("Checked by our mail server"),
            Proof.administrator: _l("An administrator"),
        }[self]


class MessageState(StrEnum):
    """`received`: kept, and not looked at yet."""

    received = auto()
    waiting = auto()
    taken = auto()
    refused = auto()

    @property
    def label(self) -> Any:
        return {
            MessageState.received: _l("Received"),
            MessageState.waiting: _l("Waiting"),
            MessageState.taken: _l("Taken"),
            MessageState.refused: _l("Not taken"),
        }[self]


class InboundMessage(Audited, Base):
    """A message or calendar file that came in, once however often it is sent. `results` tells what became of each meeting
    in it: [what was done, the interaction's id or None, why not or None].
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (Index(None, "state", "id"), Index(None, "sender_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    message_key: Mapped[str | None] = mapped_column(String(64), index=True)
    via: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=MessageState.received, active_history=True)
    reason: Mapped[str | None] = mapped_column(String(20), active_history=True)
    proof: Mapped[str | None] = mapped_column(String(15), active_history=True)
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), active_history=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    results: Mapped[list[Any]] = mapped_column(JSON, default=list, active_history=True)

    sender: Mapped[User | None] = relationship()
    raw: Mapped["RawMessage | None"] = relationship(back_populates="message", cascade="all, delete-orphan")


class RawMessage(Base):
    """What was sent, and by whom: kept for 30 days, then gone with everything it says of anybody."""

    __tablename__ = "raw_messages"

    message_id: Mapped[int] = mapped_column(ForeignKey("inbound_messages.id"), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    from_address: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str | None] = mapped_column(String(200))
    filename: Mapped[str | None] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    message: Mapped[InboundMessage] = relationship(back_populates="raw")


class Meeting(Base):
    """What a calendar knows under one UID, whichever mailboxes it comes through. `series` is what further occurrences are
    made from (see `operations.series`), None for a single meeting; `laid_out_to` is the last day they are made to.
    """

    __tablename__ = "meetings"
    __table_args__ = (Index(None, "laid_out_to"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[datetime | None] = mapped_column(UtcDateTime)
    series: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    laid_out_to: Mapped[date | None]

    occurrences: Mapped[list["Occurrence"]] = relationship(
        back_populates="meeting", order_by="Occurrence.recurrence"
    )


class Occurrence(Base):
    """One time that a meeting takes place, and the interaction that it became. `recurrence` is when a series' rule puts it
    (local, ISO 8601), empty for a single meeting. `written` is what the calendar last wrote, by which is known what people
    have changed by hand since.
    """

    __tablename__ = "meeting_occurrences"
    __table_args__ = (UniqueConstraint("meeting_id", "recurrence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    recurrence: Mapped[str] = mapped_column(String(25), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_exception: Mapped[bool] = mapped_column(default=False)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    written: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), unique=True)

    meeting: Mapped[Meeting] = relationship(back_populates="occurrences")
    interaction: Mapped[Interaction] = relationship()


class Invitee(Base):
    """Somebody in a meeting whom we do not know for certain: with candidates a question, without a person to add."""

    __tablename__ = "meeting_invitees"
    __table_args__ = (UniqueConstraint("meeting_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    meeting: Mapped[Meeting] = relationship()
    candidates: Mapped[list["Candidate"]] = relationship(
        back_populates="invitee", cascade="all, delete-orphan", order_by="Candidate.id"
    )


class Candidate(Base):
    """Whom an invitee may be, or may come from: a contact or an organisation."""

    __tablename__ = "meeting_candidates"
    __table_args__ = (
        CheckConstraint("(organisation_id IS NULL) <> (contact_id IS NULL)", name="one_of_both"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitee_id: Mapped[int] = mapped_column(ForeignKey("meeting_invitees.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)

    invitee: Mapped[Invitee] = relationship(back_populates="candidates")
    organisation: Mapped[Organisation | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
