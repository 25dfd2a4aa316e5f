from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UtcDateTime, now


class OrganisationMerge(Base):
    """The organisation `loser_id` is the same as `survivor_id` and lies in the bin; `steps` is what was done, as
    `journal.Journal` has it. Undoing the merge deletes the row.
    """

    __tablename__ = "organisation_merges"

    loser_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, autoincrement=False
    )
    survivor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class ContactMerge(Base):
    """As OrganisationMerge, of contacts."""

    __tablename__ = "contact_merges"

    loser_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True, autoincrement=False)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
