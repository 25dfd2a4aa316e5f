from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.audit.recording import Audited
from crm.database import Base
from crm.enquiries.models import Enquiry
from crm.interactions.models import Interaction
from crm.organisations.models import Organisation
from crm.sites.models import Site


class EstablishmentStage(StrEnum):
    """How far a search for a place has come."""

    seeking = auto()
    proposed = auto()
    viewing = auto()
    negotiating = auto()
    established = auto()
    given_up = auto()

    @property
    def label(self) -> Any:
        return _STAGES[self]


_STAGES = {
    EstablishmentStage.seeking: _l("Seeking a place"),
    EstablishmentStage.proposed: _l("Sites proposed"),
    EstablishmentStage.viewing: _l("Viewing sites"),
    EstablishmentStage.negotiating: _l("Negotiating"),
    EstablishmentStage.established: _l("Established here"),
    EstablishmentStage.given_up: _l("Came to nothing"),
}


class Establishment(Audited, Base):
    """What an enquiry from somebody who seeks a place has besides: what they need, and how far it has come.

    Areas in square metres, power in kilowatts. `organisation` is the company that was established, `site` where. It is
    edited as one with its enquiry, whose version a change moves on.
    """

    __tablename__ = "establishments"
    __audit_parts__ = ("proposals",)
    __table_args__ = (
        CheckConstraint("area_from >= 0", name="area_from_not_negative"),
        CheckConstraint("area_to >= area_from", name="area_to_after_from"),
        CheckConstraint("jobs >= 0", name="jobs_not_negative"),
        CheckConstraint("power >= 0", name="power_not_negative"),
    )

    id: Mapped[int] = mapped_column("enquiry_id", ForeignKey("enquiries.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(
        String(12), default=EstablishmentStage.seeking, index=True, active_history=True
    )
    area_from: Mapped[int | None] = mapped_column(active_history=True)
    area_to: Mapped[int | None] = mapped_column(active_history=True)
    premises: Mapped[list[str]] = mapped_column(JSON, default=list, active_history=True)
    needed_from: Mapped[date | None] = mapped_column(active_history=True)
    jobs: Mapped[int | None] = mapped_column(active_history=True)
    power: Mapped[int | None] = mapped_column(active_history=True)
    focus_area: Mapped[int | None] = mapped_column(active_history=True)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), index=True, active_history=True)
    """The measure that it counts under, as the plan of the day it came in has it."""
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id"), index=True, active_history=True
    )
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True, active_history=True)
    established_on: Mapped[date | None] = mapped_column(active_history=True)

    enquiry: Mapped[Enquiry] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    site: Mapped[Site | None] = relationship()
    proposals: Mapped[list["Proposal"]] = relationship(
        back_populates="establishment", cascade="all, delete-orphan", order_by="Proposal.id"
    )


class ProposalState(StrEnum):
    proposed = auto()
    introduced = auto()
    viewed = auto()
    declined = auto()
    chosen = auto()

    @property
    def label(self) -> Any:
        return _STATES[self]


_STATES = {
    ProposalState.proposed: _l("Proposed"),
    ProposalState.introduced: _l("Introduced to the developer"),
    ProposalState.viewed: _l("Viewed"),
    ProposalState.declined: _l("Declined"),
    ProposalState.chosen: _l("Chosen"),
}


class Proposal(Audited, Base):
    """A site that was proposed to somebody who seeks a place. `interaction` is the introduction to its developer,
    `viewing` the meeting at which they saw it.
    """

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("establishment_id", "site_id"),)
    __audit_whole__ = "establishment"

    id: Mapped[int] = mapped_column(primary_key=True)
    establishment_id: Mapped[int] = mapped_column(ForeignKey("establishments.enquiry_id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=ProposalState.proposed, active_history=True)
    words: Mapped[str | None] = mapped_column(active_history=True)
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interactions.id"), index=True, active_history=True
    )

    viewing_id: Mapped[int | None] = mapped_column(
        ForeignKey("interactions.id"), index=True, active_history=True
    )

    establishment: Mapped[Establishment] = relationship(back_populates="proposals")
    site: Mapped[Site] = relationship()
    interaction: Mapped[Interaction | None] = relationship(foreign_keys=interaction_id)
    viewing: Mapped[Interaction | None] = relationship(foreign_keys=viewing_id)

    def audit_value(self) -> dict[str, Any]:
        return {
            "site": self.site_id or self.site.id,
            "state": str(self.state),
            "words": self.words,
            "interaction": self.interaction_id,
            "viewing": self.viewing_id,
        }
