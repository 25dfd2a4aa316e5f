from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UtcDateTime, now


class AuditEvent(Base):
    """Who did what to which record, when. The database refuses to change or delete one."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "subject_type", "subject_id", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str | None]

    actor: Mapped["User | None"] = relationship("User", lazy="raise")  # type: ignore[name-defined]  # noqa: F821  accounts stand above audit
