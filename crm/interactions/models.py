from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Unit, User
from crm.audit.recording import Audited
from crm.database import Base, Binned, Timestamped, UtcDateTime, Versioned, folded, now
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.plan.models import Measure
from crm.web.clock import OSLO


class InteractionKind(StrEnum):
    company_visit = auto()
    meeting = auto()
    phone_call = auto()
    email = auto()
    event = auto()
    introduction = auto()
    arena_session = auto()
    collaboration = auto()

    @property
    def label(self) -> Any:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    InteractionKind.company_visit: _l("Company visit"),
    InteractionKind.meeting: _l("Meeting"),
    InteractionKind.phone_call: _l("Phone call"),
    InteractionKind.email: _l("E-mail"),
    InteractionKind.event: _l("Event"),
    InteractionKind.introduction: _l("Introduction"),
    InteractionKind.arena_session: _l("Arena session"),
    InteractionKind.collaboration: _l("University collaboration"),
}


class InteractionStatus(StrEnum):
    draft = auto()
    planned = auto()
    held = auto()
    cancelled = auto()

    @property
    def label(self) -> Any:
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    InteractionStatus.draft: _l("Draft"),
    InteractionStatus.planned: _l("Planned"),
    InteractionStatus.held: _l("Held"),
    InteractionStatus.cancelled: _l("Cancelled"),
}


class CancelledBy(StrEnum):
    """Whose doing it was that an interaction did not take place."""

    us = auto()
    them = auto()

    @property
    def label(self) -> Any:
        return {CancelledBy.us: _l("Cancelled by us"), CancelledBy.them: _l("Cancelled by them")}[self]


COUNTED = text("status = 'held' AND deleted_at IS NULL")
"""Only held interactions that are not in the bin count."""
PLANNED = text("status = 'planned' AND deleted_at IS NULL")
UNTOLD = text("kind = 'introduction' AND status = 'held' AND outcome IS NULL AND deleted_at IS NULL")
"""Introductions of which nobody has said yet what came of them."""
TOLD = text("outcome IS NOT NULL AND deleted_at IS NULL")
NOT_BINNED = text("deleted_at IS NULL")
OPEN = text("done_at IS NULL")

interaction_organisations = Table(
    "interaction_organisations",
    Base.metadata,
    Column("interaction_id", ForeignKey("interactions.id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True),
    Index("ix_interaction_organisations_back", "organisation_id", "interaction_id"),
)

interaction_measures = Table(
    "interaction_measures",
    Base.metadata,
    Column("interaction_id", ForeignKey("interactions.id"), primary_key=True),
    Column("measure_id", ForeignKey("measures.id"), primary_key=True),
    Index("ix_interaction_measures_back", "measure_id", "interaction_id"),
)


class Interaction(Audited, Versioned, Timestamped, Binned, Base):
    """One dated contact between the municipality and one or more organisations.

    `starts_on` is the local day (Europe/Oslo) that it counts in; `starts_at` and `ends_at` are instants, None
    for a whole-day interaction. A draft may lack anything but title and author.
    `listed_on` is where lists put it: its day, for an undated draft the day it was begun; never NULL, so that
    one index serves order and paging. `submission_key` names the form it came in: the same form sent twice
    makes one interaction. `further_words` are what it is found by besides its own: words of what upper features keep
    with it.
    """

    __tablename__ = "interactions"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        CheckConstraint(
            "status IN ('draft', 'cancelled') OR starts_on IS NOT NULL", name="dated_unless_draft"
        ),
        Index(
            "ix_interactions_order", "listed_on", "id", sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED
        ),
        Index(
            "ix_interactions_latest", "updated_at", "id", sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED
        ),
        Index(
            "ix_interactions_counted",
            "starts_on",
            "id",
            "kind",
            sqlite_where=COUNTED,
            postgresql_where=COUNTED,
        ),
        Index("ix_interactions_planned", "starts_on", "id", sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index(
            "ix_interactions_confidential",
            "starts_on",
            "id",
            sqlite_where=text("confidential = 1 AND deleted_at IS NULL"),
            postgresql_where=text("confidential AND deleted_at IS NULL"),
        ),
        Index("ix_interactions_untold", "listed_on", "id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
        Index("ix_interactions_told", "outcome", "listed_on", "id", sqlite_where=TOLD, postgresql_where=TOLD),
        Index(None, "author_id", "status", "id"),
    )
    __audit_parts__ = (
        "organisations",
        "measures",
        "contact_participations",
        "advisor_participations",
        "signals",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), active_history=True)
    status: Mapped[str] = mapped_column(String(10), active_history=True)
    title: Mapped[str] = mapped_column(String(200), active_history=True)
    starts_on: Mapped[date | None] = mapped_column(active_history=True)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    place: Mapped[str | None] = mapped_column(String(200), active_history=True)
    notes: Mapped[str | None] = mapped_column(active_history=True)
    confidential: Mapped[bool] = mapped_column(default=False, active_history=True)
    cancelled_by: Mapped[str | None] = mapped_column(String(10), active_history=True)
    outcome: Mapped[str | None] = mapped_column(String(20), active_history=True)
    outcome_note: Mapped[str | None] = mapped_column(String(500), active_history=True)
    outcome_on: Mapped[date | None] = mapped_column(active_history=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    listed_on: Mapped[date]
    search_text: Mapped[str]
    further_words: Mapped[str | None]

    author: Mapped[User] = relationship()
    organisations: Mapped[list[Organisation]] = relationship(
        secondary=interaction_organisations, order_by=Organisation.sort_key
    )
    measures: Mapped[list[Measure]] = relationship(secondary=interaction_measures, order_by=Measure.position)
    contact_participations: Mapped[list["ContactParticipation"]] = relationship(
        back_populates="interaction", cascade="all, delete-orphan"
    )
    advisor_participations: Mapped[list["AdvisorParticipation"]] = relationship(
        back_populates="interaction", cascade="all, delete-orphan"
    )
    signals: Mapped[list["InteractionSignal"]] = relationship(
        back_populates="interaction", cascade="all, delete-orphan", order_by="InteractionSignal.signal"
    )
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        back_populates="interaction", order_by="FollowUp.due_on"
    )

    @property
    def all_day(self) -> bool:
        return self.starts_at is None

    @property
    def advisors(self) -> list[User]:
        return [participation.user for participation in self.advisor_participations]

    @property
    def contacts(self) -> list[Contact]:
        return [participation.contact for participation in self.contact_participations]


class ContactParticipation(Audited, Base):
    """A contact in an interaction, with the affiliation they came in: a change of job rewrites no history."""

    __tablename__ = "interaction_contacts"
    __table_args__ = (Index("ix_interaction_contacts_back", "contact_id", "interaction_id"),)
    __audit_whole__ = "interaction"

    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliations.id"))

    interaction: Mapped[Interaction] = relationship(back_populates="contact_participations")
    contact: Mapped[Contact] = relationship()
    affiliation: Mapped[Affiliation | None] = relationship()

    def audit_value(self) -> int:
        return self.contact_id or self.contact.id


class AdvisorParticipation(Audited, Base):
    """A user in an interaction, with the unit they belonged to then."""

    __tablename__ = "interaction_advisors"
    __table_args__ = (Index("ix_interaction_advisors_back", "user_id", "interaction_id"),)
    __audit_whole__ = "interaction"

    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))

    interaction: Mapped[Interaction] = relationship(back_populates="advisor_participations")
    user: Mapped[User] = relationship()
    unit: Mapped[Unit | None] = relationship()

    def audit_value(self) -> int:
        return self.user_id or self.user.id


class InteractionSignal(Audited, Base):
    """Something that an interaction gave a hint of: one of `Signal`."""

    __tablename__ = "interaction_signals"
    __table_args__ = (Index("ix_interaction_signals_back", "signal", "interaction_id"),)
    __audit_whole__ = "interaction"

    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), primary_key=True)
    signal: Mapped[str] = mapped_column(String(20), primary_key=True)

    interaction: Mapped[Interaction] = relationship(back_populates="signals")

    def audit_value(self) -> str:
        return self.signal


class FollowUp(Audited, Versioned, Timestamped, Base):
    """Something promised, with an owner and a due date."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_open", "owner_id", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_follow_ups_open_all", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "done_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interactions.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    text: Mapped[str] = mapped_column(String(500), active_history=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), active_history=True)
    due_on: Mapped[date] = mapped_column(active_history=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    done_note: Mapped[str | None] = mapped_column(String(500), active_history=True)

    interaction: Mapped[Interaction | None] = relationship(back_populates="follow_ups")
    organisation: Mapped[Organisation | None] = relationship()
    owner: Mapped[User] = relationship()


def interaction_search_text(interaction: Any) -> str:
    """The words an interaction is found by: its title and place, and those of what is kept with it."""
    return folded(f"{interaction.title} {interaction.place or ''} {interaction.further_words or ''}")


@event.listens_for(Interaction, "before_insert")
@event.listens_for(Interaction, "before_update")
def _keep_findable(_mapper: Any, _connection: Any, interaction: Interaction) -> None:
    interaction.search_text = interaction_search_text(interaction)


@event.listens_for(Interaction, "before_insert")
@event.listens_for(Interaction, "before_update")
def _keep_listed(_mapper: Any, _connection: Any, interaction: Interaction) -> None:
    begun: datetime | None = interaction.created_at
    interaction.listed_on = interaction.starts_on or (begun or now()).astimezone(OSLO).date()
