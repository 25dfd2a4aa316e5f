from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.audit.recording import Audited
from crm.calendars.writing import Answer
from crm.database import Base, Timestamped, UtcDateTime
from crm.interactions.models import Interaction
from crm.organisations.models import Contact

ANSWERS = {
    Answer.none: _l("No answer yet"),
    Answer.accepted: _l("Coming"),
    Answer.tentative: _l("May come"),
    Answer.declined: _l("Not coming"),
    Answer.delegated: _l("Sends somebody else"),
}


CANCELLED = "cancelled"


class Guest(Audited, Timestamped, Base):
    """A contact or a colleague who is invited to a planned interaction by e-mail.

    `told` says which invitation they have: the fingerprint of what it said, CANCELLED, or None while they have none;
    `told_sequence` is the SEQUENCE it bore. `claimed_at` is set while somebody is sending to them.
    """

    __tablename__ = "guests"
    __table_args__ = (
        CheckConstraint("(contact_id IS NULL) <> (user_id IS NULL)", name="one_person"),
        UniqueConstraint("interaction_id", "contact_id", name="uq_guests_contact"),
        UniqueConstraint("interaction_id", "user_id", name="uq_guests_user"),
        Index(None, "contact_id"),
        Index(None, "user_id"),
    )
    __audit_leaves_out__ = frozenset(
        {"answered_at", "email", "told", "told_at", "told_sequence", "claimed_at", "failed_at"}
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    message: Mapped[str | None] = mapped_column(String(1000), active_history=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    answer: Mapped[str] = mapped_column(String(20), default=Answer.none, active_history=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    email: Mapped[str | None] = mapped_column(String(254))
    told: Mapped[str | None] = mapped_column(String(64))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_sequence: Mapped[int | None]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    interaction: Mapped[Interaction] = relationship()
    contact: Mapped[Contact | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    invited_by: Mapped[User] = relationship(foreign_keys=[invited_by_id])

    @property
    def person(self) -> Contact | User:
        person = self.contact or self.user
        assert person is not None  # by the constraint
        return person

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def answer_label(self) -> Any:
        return ANSWERS[Answer(self.answer)]
