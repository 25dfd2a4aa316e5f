from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UtcDateTime, now


class LooseFile(Base):
    """The key of a file that no record holds: it is about to be written, or to be deleted.

    Keys are committed here before their files are written and leave in the transaction that makes the record; they
    come back in the one that removes it, by the database itself where a row is deleted. So a file that was left behind, by
    a power cut say, is always found here, and nothing else is ever deleted.
    """

    __tablename__ = "loose_files"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
