from datetime import date, time
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Unit
from crm.audit.recording import Audited
from crm.database import Base, Binned, SortKey, Timestamped, Versioned, folded, sort_key
from crm.interactions.models import Interaction
from crm.organisations.models import Contact, Organisation
from crm.plan.models import Measure

arena_measures = Table(
    "arena_measures",
    Base.metadata,
    Column("arena_id", ForeignKey("arenas.id"), primary_key=True),
    Column("measure_id", ForeignKey("measures.id"), primary_key=True, index=True),
)
"""What its sessions are tagged with unless somebody says otherwise."""


class Arena(Audited, Versioned, Timestamped, Binned, Base):
    """A standing forum with members and a rhythm. Its host is an organisation, a unit of ours, or simply the municipality.

    `rhythm` is an iCalendar recurrence rule that counts from `starts_on`; None where sessions are called as needed.
    `begins_at` is a time of day in Europe/Oslo, all year round; None for whole days. `ended_on` is its last day.
    """

    __tablename__ = "arenas"
    __table_args__ = (
        CheckConstraint("rhythm IS NULL OR starts_on IS NOT NULL", name="rhythm_has_start"),
        Index(None, "sort_key", "id"),
    )
    __audit_parts__ = ("members", "measures", "skips")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), active_history=True)
    purpose: Mapped[str | None] = mapped_column(active_history=True)
    host_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id"), index=True, active_history=True
    )
    host_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), active_history=True)
    rhythm: Mapped[str | None] = mapped_column(String(300), active_history=True)
    starts_on: Mapped[date | None] = mapped_column(active_history=True)
    begins_at: Mapped[time | None] = mapped_column(active_history=True)
    minutes: Mapped[int | None] = mapped_column(active_history=True)
    place: Mapped[str | None] = mapped_column(String(200), active_history=True)
    ended_on: Mapped[date | None] = mapped_column(active_history=True)
    sort_key: Mapped[str] = mapped_column(SortKey(200))
    search_text: Mapped[str]

    host: Mapped[Organisation | None] = relationship()
    host_unit: Mapped[Unit | None] = relationship()
    measures: Mapped[list[Measure]] = relationship(secondary=arena_measures, order_by=Measure.position)
    members: Mapped[list["ArenaMember"]] = relationship(
        back_populates="arena", cascade="all, delete-orphan", order_by="ArenaMember.id"
    )
    skips: Mapped[list["ArenaSkip"]] = relationship(back_populates="arena", cascade="all, delete-orphan")


class ArenaMember(Audited, Base):
    """An organisation in an arena, or a contact, who may represent one; from–to. Ending it keeps the history."""

    __tablename__ = "arena_members"
    __table_args__ = (
        CheckConstraint("organisation_id IS NOT NULL OR contact_id IS NOT NULL", name="somebody"),
        CheckConstraint("ended_on >= started_on", name="ends_after_start"),
    )
    __audit_whole__ = "arena"

    id: Mapped[int] = mapped_column(primary_key=True)
    arena_id: Mapped[int] = mapped_column(ForeignKey("arenas.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    started_on: Mapped[date | None] = mapped_column(active_history=True)
    ended_on: Mapped[date | None] = mapped_column(active_history=True)

    arena: Mapped[Arena] = relationship(back_populates="members")
    organisation: Mapped[Organisation | None] = relationship()
    contact: Mapped[Contact | None] = relationship()

    def audit_value(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation_id or (self.organisation.id if self.organisation else None),
            "contact": self.contact_id or (self.contact.id if self.contact else None),
            "started_on": self.started_on.isoformat() if self.started_on else None,
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
        }


class ArenaSkip(Audited, Base):
    """A day of the rhythm on which there is to be no session."""

    __tablename__ = "arena_skips"
    __audit_whole__ = "arena"

    arena_id: Mapped[int] = mapped_column(ForeignKey("arenas.id"), primary_key=True)
    occurs_on: Mapped[date] = mapped_column(primary_key=True)

    arena: Mapped[Arena] = relationship(back_populates="skips")

    def audit_value(self) -> str:
        return self.occurs_on.isoformat()


class ArenaSession(Audited, Base):
    """What an interaction of the kind `arena_session` has besides. `proposed_for` is the day of the rhythm that it
    answers, which it keeps when it is moved; None for one that was called outside the rhythm.

    A change of it moves the version of its interaction on: they are edited as one.
    """

    __tablename__ = "arena_sessions"
    __table_args__ = (Index(None, "arena_id", "proposed_for"),)

    id: Mapped[int] = mapped_column("interaction_id", ForeignKey("interactions.id"), primary_key=True)
    arena_id: Mapped[int] = mapped_column(ForeignKey("arenas.id"))
    proposed_for: Mapped[date | None] = mapped_column(active_history=True)
    agenda: Mapped[str | None] = mapped_column(active_history=True)
    decisions: Mapped[str | None] = mapped_column(active_history=True)

    arena: Mapped[Arena] = relationship()
    interaction: Mapped[Interaction] = relationship()


@event.listens_for(Arena, "before_insert")
@event.listens_for(Arena, "before_update")
def _keep_findable(_mapper: Any, _connection: Any, arena: Arena) -> None:
    arena.sort_key = sort_key(arena.name)
    arena.search_text = folded(f"{arena.name} {arena.purpose or ''}")
