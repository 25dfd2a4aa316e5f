from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Unit, User
from crm.audit.recording import Audited
from crm.database import Base, SortKey, Timestamped, Versioned, sort_key
from crm.organisations.models import Organisation
from crm.sites.models import Site


class Topic(Audited, Versioned, Timestamped, Base):
    """What callers ask about. Administrators give it its names and the words callers use for it.

    `working_days` is how long an enquiry about it may wait for its answer. One that is no longer used is retired, and
    stays on what was tagged with it.
    """

    __tablename__ = "topics"
    __table_args__ = (CheckConstraint("working_days BETWEEN 0 AND 60", name="working_days_within_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Which of the topics that ship with the product it is; None for one's own."""
    name_nb: Mapped[str] = mapped_column(String(80), unique=True, active_history=True)
    name_nn: Mapped[str | None] = mapped_column(String(80), active_history=True)
    name_en: Mapped[str | None] = mapped_column(String(80), active_history=True)
    words_no: Mapped[list[str]] = mapped_column(JSON, default=list, active_history=True)
    words_en: Mapped[list[str]] = mapped_column(JSON, default=list, active_history=True)
    working_days: Mapped[int] = mapped_column(default=3, active_history=True)
    is_retired: Mapped[bool] = mapped_column(default=False, active_history=True)
    sort_key: Mapped[str] = mapped_column(SortKey(200))

    def audit_value(self) -> str:
        return self.name_nb


class Responsibility(Audited, Versioned, Timestamped, Base):
    """Who of ours answers for a topic, a focus area, an industry, a kind of organisation, a site or one organisation: a
    user or a unit, with a deputy. What several columns name must all hold: the more they name, the more specific.
    """

    __tablename__ = "responsibilities"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="user_or_unit"),
        CheckConstraint(
            "topic_id IS NOT NULL OR focus_area IS NOT NULL OR industry_prefix IS NOT NULL "
            "OR organisation_kind IS NOT NULL OR site_id IS NOT NULL OR organisation_id IS NOT NULL",
            name="for_something",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True, active_history=True)
    focus_area: Mapped[int | None] = mapped_column(active_history=True)
    """The number of a focus area, which plans share."""
    industry_prefix: Mapped[str | None] = mapped_column(String(10), active_history=True)
    organisation_kind: Mapped[str | None] = mapped_column(String(20), active_history=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True, active_history=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id"), index=True, active_history=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True, active_history=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), active_history=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), active_history=True)
    phone_hours: Mapped[str | None] = mapped_column(String(120), active_history=True)
    note: Mapped[str | None] = mapped_column(active_history=True)

    topic: Mapped[Topic | None] = relationship()
    site: Mapped[Site | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    unit: Mapped[Unit | None] = relationship()
    deputy: Mapped[User | None] = relationship(foreign_keys=deputy_id)


@event.listens_for(Topic, "before_insert")
@event.listens_for(Topic, "before_update")
def _keep_sortable(_mapper: Any, _connection: Any, topic: Topic) -> None:
    topic.sort_key = sort_key(topic.name_nb)
