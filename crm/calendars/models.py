from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.audit.recording import Audited
from crm.database import Base, UtcDateTime, now

NOT_REVOKED = text("revoked_at IS NULL")


class CalendarFeed(Audited, Base):
    """An address at which calendar programs read a user's interactions and follow-ups, until it is revoked.

    The address is made from the application's key and `salt`; it is found by `token_hash`, and not kept.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        Index(
            "ix_calendar_feeds_in_use",
            "user_id",
            unique=True,
            sqlite_where=NOT_REVOKED,
            postgresql_where=NOT_REVOKED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    salt: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    includes_team: Mapped[bool] = mapped_column(default=False, active_history=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
