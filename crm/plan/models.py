from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.audit.recording import Audited
from crm.database import Base, Timestamped, Versioned

Labels = dict[str, str]
"""A short label per language, {"nb": …, "nn": …, "en": …}; only bokmål must be there."""


class Labelled:
    labels: Mapped[Labels] = mapped_column(JSON, active_history=True)

    def label(self, language: str) -> str:
        """The short label in the language, else in bokmål."""
        return self.labels.get(language) or self.labels["nb"]


class PlanState(StrEnum):
    draft = auto()
    active = auto()
    closed = auto()

    @property
    def label(self) -> Any:
        return {
            PlanState.draft: _l("Draft"),
            PlanState.active: _l("In force"),
            PlanState.closed: _l("Ended"),
        }[self]


def state_on(day: date, *, state: str, ends_on: date) -> PlanState:
    """A plan whose period is over has ended, whatever was said when it was made."""
    return PlanState.closed if ends_on < day else PlanState(state)


class Plan(Audited, Versioned, Timestamped, Base):
    """An action plan with a period, both days included. Periods of plans do not overlap."""

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), active_history=True)
    starts_on: Mapped[date] = mapped_column(unique=True, active_history=True)
    ends_on: Mapped[date] = mapped_column(active_history=True)
    state: Mapped[str] = mapped_column(String(10), default=PlanState.active, active_history=True)

    goals: Mapped[list["Goal"]] = relationship(back_populates="plan", order_by="Goal.position")
    focus_areas: Mapped[list["FocusArea"]] = relationship(back_populates="plan", order_by="FocusArea.number")
    measures: Mapped[list["Measure"]] = relationship(
        back_populates="plan", order_by="Measure.position", viewonly=True
    )

    def state_on(self, day: date) -> PlanState:
        return state_on(day, state=self.state, ends_on=self.ends_on)


class GoalKind(StrEnum):
    main = auto()
    impact = auto()

    @property
    def label(self) -> Any:
        return {GoalKind.main: _l("Main goal"), GoalKind.impact: _l("Impact goal")}[self]


class Goal(Audited, Labelled, Base):
    """A main goal (hovedmål) or an impact goal (effektmål) of a plan."""

    __tablename__ = "goals"
    __table_args__ = (UniqueConstraint("plan_id", "kind", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    wording: Mapped[str | None] = mapped_column(active_history=True)

    plan: Mapped[Plan] = relationship(back_populates="goals")

    @property
    def kind_label(self) -> Any:
        return GoalKind(self.kind).label


class FocusArea(Audited, Labelled, Base):
    __tablename__ = "focus_areas"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[int]
    wording: Mapped[str | None] = mapped_column(active_history=True)

    plan: Mapped[Plan] = relationship(back_populates="focus_areas")
    strategies: Mapped[list["Strategy"]] = relationship(
        back_populates="focus_area", order_by="Strategy.letter"
    )


class Strategy(Audited, Labelled, Base):
    __tablename__ = "strategies"
    __table_args__ = (UniqueConstraint("focus_area_id", "letter"),)
    __audit_parts__ = ("sub_strategies",)

    id: Mapped[int] = mapped_column(primary_key=True)
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_areas.id"))
    letter: Mapped[str] = mapped_column(String(1))
    wording: Mapped[str | None] = mapped_column(active_history=True)

    focus_area: Mapped[FocusArea] = relationship(back_populates="strategies")
    sub_strategies: Mapped[list["SubStrategy"]] = relationship(
        back_populates="strategy", order_by="SubStrategy.position", cascade="all, delete-orphan"
    )
    measures: Mapped[list["Measure"]] = relationship(back_populates="strategy", order_by="Measure.position")

    @property
    def code(self) -> str:
        return f"{self.focus_area.number}.{self.letter}"


class SubStrategy(Audited, Base):
    __tablename__ = "sub_strategies"
    __table_args__ = (UniqueConstraint("strategy_id", "position"),)
    __audit_whole__ = "strategy"

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategies.id"))
    position: Mapped[int]
    wording: Mapped[str] = mapped_column(active_history=True)

    strategy: Mapped[Strategy] = relationship(back_populates="sub_strategies")

    def audit_value(self) -> str:
        return self.wording


class MeasureStatus(StrEnum):
    not_started = auto()
    ongoing = auto()
    done = auto()
    dropped = auto()

    @property
    def label(self) -> Any:
        return {
            MeasureStatus.not_started: _l("Not started"),
            MeasureStatus.ongoing: _l("Ongoing"),
            MeasureStatus.done: _l("Done"),
            MeasureStatus.dropped: _l("Dropped"),
        }[self]


class Measure(Audited, Labelled, Versioned, Base):
    """What interactions are tagged to. Code 1.B.3 = focus area 1, strategy B, third measure."""

    __tablename__ = "measures"
    __table_args__ = (UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategies.id"), index=True, active_history=True)
    code: Mapped[str] = mapped_column(String(12), index=True, active_history=True)
    position: Mapped[int] = mapped_column(active_history=True)
    wording: Mapped[str | None] = mapped_column(active_history=True)
    status: Mapped[str] = mapped_column(String(15), default=MeasureStatus.ongoing, active_history=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), active_history=True)
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), active_history=True)
    hints: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    """Where it is likely to fit: interaction_kinds, organisation_kinds, industry_prefixes."""

    plan: Mapped[Plan] = relationship(back_populates="measures")
    strategy: Mapped[Strategy] = relationship(back_populates="measures")
    lead: Mapped[User | None] = relationship()
    targets: Mapped[list["Target"]] = relationship(back_populates="measure", order_by="Target.id")

    def audit_value(self) -> str:
        return self.code

    @property
    def status_label(self) -> Any:
        return MeasureStatus(self.status).label


class TargetKind(StrEnum):
    """How a target is counted, always from the log."""

    interactions = auto()
    coverage = auto()
    milestone = auto()
    indicator = auto()

    @property
    def label(self) -> Any:
        return {
            TargetKind.interactions: _l("Interactions"),
            TargetKind.coverage: _l("Coverage"),
            TargetKind.milestone: _l("Milestone"),
            TargetKind.indicator: _l("Indicator"),
        }[self]


class Target(Audited, Labelled, Base):
    """What a measure must reach: at least `goal` a year or in the plan's period, or done by `due_on`."""

    __tablename__ = "targets"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"), index=True)
    kind: Mapped[str] = mapped_column(String(15))
    goal: Mapped[int | None]
    every_year: Mapped[bool] = mapped_column(default=False)
    interaction_kind: Mapped[str | None] = mapped_column(String(20))
    organisation_kind: Mapped[str | None] = mapped_column(String(20))
    due_on: Mapped[date | None]

    measure: Mapped[Measure] = relationship(back_populates="targets")
