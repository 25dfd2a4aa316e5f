"""What somebody's day holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, func, literal, or_, select, union_all

from crm.accounts.models import User
from crm.database import now
from crm.extensions import db
from crm.interactions.joined import KEPT_ELSEWHERE
from crm.interactions.models import AdvisorParticipation, Interaction, InteractionStatus
from crm.interactions.queries.follow_ups import FollowUps, due_follow_ups
from crm.interactions.queries.rows import ListedInteraction, listed
from crm.interactions.queries.secrecy import readable
from crm.interactions.rules import is_over

_USER = bindparam("user_id", type_=Integer)
PLANNED_MOST, DRAFTS_MOST, LATEST_MOST = 12, 5, 5
DAYS_AHEAD = 14
FOLLOW_UP_DAYS = 7


@dataclass(frozen=True, slots=True)
class MyDay:
    """`passed`: planned ones whose time is over, so that somebody must say whether they took place."""

    passed: Sequence[ListedInteraction]
    planned_today: Sequence[ListedInteraction]
    coming: Sequence[ListedInteraction]
    drafts: Sequence[ListedInteraction]
    latest: Sequence[ListedInteraction]
    follow_ups: FollowUps

    @property
    def is_empty(self) -> bool:
        return not (self.passed or self.planned_today or self.coming or self.drafts or self.follow_ups.rows)


def my_day(user: User, today: date) -> MyDay:
    """The user's own planned interactions of two weeks, drafts, latest logged and follow-ups due within a week.
    Three statements.
    """
    horizon = today + timedelta(days=DAYS_AHEAD)
    found = db.session.execute(_OWN, {"user_id": user.id, "until": horizon}).all()
    rows = {row.id: row for row in listed(list({row.id for row in found}))}
    parts: dict[str, list[ListedInteraction]] = {"planned": [], "draft": [], "latest": []}
    for row in found:
        parts[row.part].append(rows[row.id])
    planned = sorted(parts["planned"], key=lambda row: (row.starts_on or today, _clock(row), row.id))
    over = {row.id for row in planned if is_over(row.starts_on, row.starts_at, row.ends_at, now())}
    return MyDay(
        passed=[row for row in planned if row.id in over],
        planned_today=[row for row in planned if row.starts_on == today and row.id not in over],
        coming=[row for row in planned if row.starts_on and row.starts_on > today],
        drafts=sorted(parts["draft"], key=lambda row: -row.id),
        latest=sorted(parts["latest"], key=lambda row: -row.id),
        follow_ups=due_follow_ups(user, today + timedelta(days=FOLLOW_UP_DAYS)),
    )


def _clock(row: ListedInteraction) -> str:
    return row.starts_at.isoformat() if row.starts_at else ""


def _part(name: str, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    inner = statement.subquery()
    return select(literal(name).label("part"), inner.c.id)


def _planned() -> Select[*tuple[Any, ...]]:
    i, took_part = Interaction, AdvisorParticipation
    mine = select(took_part.interaction_id).where(
        took_part.interaction_id == i.id, took_part.user_id == _USER
    )
    return (
        select(i.id)
        .where(i.status == InteractionStatus.planned, i.deleted_at.is_(None))
        .where(i.starts_on <= bindparam("until", type_=Date), or_(i.author_id == _USER, mine.exists()))
        .order_by(i.starts_on, i.id)
        .limit(PLANNED_MOST)
    )


def _written(status: InteractionStatus, most: int) -> Select[*tuple[Any, ...]]:
    i = Interaction
    return (
        select(i.id)
        .where(i.author_id == _USER, i.status == status, i.deleted_at.is_(None))
        .order_by(i.id.desc())
        .limit(most)
    )


def _drafts() -> Select[*tuple[Any, ...]]:
    """What its author has not finished: an idea for a collaboration is none, it may stay one for long."""
    return _written(InteractionStatus.draft, DRAFTS_MOST).where(Interaction.kind.not_in(KEPT_ELSEWHERE))


_OWN = union_all(
    _part("planned", _planned()),
    _part("draft", _drafts()),
    _part("latest", _written(InteractionStatus.held, LATEST_MOST)),
)
"""Made once, since making it costs more than asking it."""


def latest_interactions(viewer: User, most: int = 8) -> list[ListedInteraction]:
    """What the office has done last, of what the viewer may read. Two statements."""
    i = Interaction
    return listed(
        db.session.scalars(
            select(i.id)
            .where(i.status == InteractionStatus.held, i.deleted_at.is_(None), readable(viewer))
            .order_by(i.listed_on.desc(), i.id.desc())
            .limit(most)
        ).all()
    )


def held_between(first: date, last: date) -> int:
    """How many count in the period, both days included."""
    i = Interaction
    return int(
        db.session.scalar(
            select(func.count()).where(
                i.status == InteractionStatus.held, i.deleted_at.is_(None), i.starts_on.between(first, last)
            )
        )
        or 0
    )
