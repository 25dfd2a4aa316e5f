from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.audit.recording import Audited
from crm.database import Base
from crm.interactions.models import Interaction


class Stage(StrEnum):
    idea = auto()
    initiated = auto()
    ongoing = auto()
    completed = auto()
    abandoned = auto()

    @property
    def label(self) -> Any:
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.idea: _l("Idea"),
    Stage.initiated: _l("Initiated"),
    Stage.ongoing: _l("Ongoing"),
    Stage.completed: _l("Completed"),
    Stage.abandoned: _l("Abandoned"),
}

FIRST_YEAR, LAST_YEAR = 2000, 2100

collaboration_activities = Table(
    "collaboration_activities",
    Base.metadata,
    Column("collaboration_id", ForeignKey("collaborations.interaction_id"), primary_key=True),
    Column("interaction_id", ForeignKey("interactions.id"), primary_key=True),
    Index("ix_collaboration_activities_back", "interaction_id", "collaboration_id"),
)


class Collaboration(Audited, Base):
    """A year of a partnership between the municipality and universities or companies; it is an interaction.

    Title, partners, contacts, advisors, measures, notes, whether it is confidential, and the day it was initiated are
    the interaction's; its version counts changes of both. `activities` are the interactions that belong to it.
    """

    __tablename__ = "collaborations"
    __table_args__ = (
        CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year_in_range"),
        Index(None, "year", "interaction_id"),
    )
    __audit_parts__ = ("activities",)

    id: Mapped[int] = mapped_column("interaction_id", ForeignKey("interactions.id"), primary_key=True)
    year: Mapped[int] = mapped_column(active_history=True)
    stage: Mapped[str] = mapped_column(String(10), active_history=True)
    aim: Mapped[str | None] = mapped_column(active_history=True)
    result: Mapped[str | None] = mapped_column(active_history=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), active_history=True)
    continues_id: Mapped[int | None] = mapped_column(
        ForeignKey("collaborations.interaction_id"), index=True, active_history=True
    )

    interaction: Mapped[Interaction] = relationship(foreign_keys="Collaboration.id")
    lead: Mapped[User | None] = relationship()
    activities: Mapped[list[Interaction]] = relationship(
        secondary=collaboration_activities, order_by=Interaction.id
    )
