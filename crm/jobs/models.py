from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UtcDateTime


class JobRun(Base):
    """Something claimed by one process, so that no other does it as well.

    `about` is "" for the job itself, whose row of the local day tells of its latest run that day; else it names one
    piece of the day's work, a user's mail say, which is done once. `said` is what the job told of itself.
    """

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "about", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(80), default="")
    day: Mapped[date]
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    said: Mapped[str] = mapped_column(String(200), default="")
