from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.audit.recording import Audited
from crm.database import Base, Timestamped, UtcDateTime
from crm.interactions.models import Interaction


class Attachment(Audited, Timestamped, Base):
    """A file that is kept with an interaction: minutes, a picture.

    `name` is for people; the file itself lies under `storage_key`, a picture's small one under `thumbnail_key`. Width
    and height are in points, `size` in bytes. `digest` is that of the file as it was sent, so that one sent twice is kept
    once. When it is removed its files go and the row stays, so that history can name it.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("(removed_at IS NULL) = (storage_key IS NOT NULL)", name="file_until_removed"),
        Index(None, "interaction_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str | None] = mapped_column(String(32), active_history=True)
    thumbnail_key: Mapped[str | None] = mapped_column(String(32), active_history=True)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)

    interaction: Mapped[Interaction] = relationship()
    uploaded_by: Mapped[User] = relationship()
