"""What the morning's e-mail tells somebody. It leaves the house, so it holds no word of what is confidential."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer, bindparam, case, false, func, or_, select

from crm.accounts.models import Absence, Permission, Role, User
from crm.extensions import db
from crm.interactions.models import FollowUp, Interaction, InteractionStatus
from crm.interactions.queries.rows import in_short, listed
from crm.interactions.queries.secrecy import TOOK_PART
from crm.interactions.rules import is_over
from crm.organisations.models import Organisation
from crm.web.forms.fields import tidy

MOST_SHOWN = 20
_LOGGING = sorted(role.value for role in Role if Permission.LOG_INTERACTIONS in role.permissions)


@dataclass(frozen=True, slots=True)
class Line:
    """`when` is the day something is due, or the time of day it begins at; `about` is the organisations' names."""

    text: str
    about: str
    day: date
    begins: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """`confidential` are how many there are besides, of which nothing else is told, and `more` how many did not fit."""

    shown: Sequence[Line] = ()
    confidential: int = 0
    more: int = 0

    @property
    def number(self) -> int:
        return len(self.shown) + self.confidential + self.more


@dataclass(frozen=True, slots=True)
class Digest:
    overdue: Lines
    due_today: Lines
    due_this_week: Lines
    planned_today: Lines
    passed: Lines

    @property
    def is_empty(self) -> bool:
        parts = (self.overdue, self.due_today, self.due_this_week, self.planned_today, self.passed)
        return not any(part.number for part in parts)


def digest_recipients(today: date) -> list[int]:
    """Ids of active users who want it, can do something about it, and are not away on the local day. One statement."""
    away = select(Absence.id).where(
        Absence.user_id == User.id, Absence.starts_on <= today, Absence.ends_on >= today
    )
    return list(
        db.session.scalars(
            select(User.id)
            .where(User.wants_digest, User.deactivated_at.is_(None), User.is_service.is_(False))
            .where(User.role.in_(_LOGGING), ~away.exists())
            .order_by(User.id)
        )
    )


def digest_of(user: User, today: date, at: datetime) -> Digest:
    """The user's own promises that are due by the end of the week, and interactions planned up to today. `today` is the
    local day of the instant `at`. Three statements, and those for what is kept.
    """
    sunday = today + timedelta(days=6 - today.weekday())
    promised = db.session.execute(_PROMISED, {"viewer_id": user.id, "until": sunday}).all()
    planned = db.session.execute(_PLANNED, {"viewer_id": user.id, "until": today}).all()
    over = {one.id for one in planned if is_over(one.starts_on, one.starts_at, one.ends_at, at)}
    return Digest(
        overdue=_promises(one for one in promised if one.due_on < today),
        due_today=_promises(one for one in promised if one.due_on == today),
        due_this_week=_promises(one for one in promised if one.due_on > today),
        planned_today=_interactions(one for one in planned if one.id not in over),
        passed=_interactions(one for one in planned if one.id in over),
    )


_VIEWER = bindparam("viewer_id", type_=Integer)
_UNTIL = bindparam("until", type_=Date)
_CONFIDENTIAL = func.coalesce(Interaction.confidential, false())
_PROMISED = (
    select(
        FollowUp.due_on,
        _CONFIDENTIAL.label("confidential"),
        case((~_CONFIDENTIAL, FollowUp.text)).label("text"),
        case((~_CONFIDENTIAL, Organisation.name)).label("organisation"),
    )
    .outerjoin(Interaction, Interaction.id == FollowUp.interaction_id)
    .outerjoin(Organisation, Organisation.id == FollowUp.organisation_id)
    .where(FollowUp.owner_id == _VIEWER, FollowUp.done_at.is_(None), FollowUp.due_on <= _UNTIL)
    .where(Interaction.deleted_at.is_(None))
    .order_by(FollowUp.due_on, FollowUp.id)
)
_PLANNED = (
    select(
        Interaction.id,
        Interaction.confidential,
        Interaction.starts_on,
        Interaction.starts_at,
        Interaction.ends_at,
    )
    .where(Interaction.status == InteractionStatus.planned, Interaction.deleted_at.is_(None))
    .where(Interaction.starts_on <= _UNTIL, or_(Interaction.author_id == _VIEWER, TOOK_PART))
    .order_by(Interaction.starts_on, Interaction.starts_at, Interaction.id)
)


def _promises(found: Iterable[Any]) -> Lines:
    rows = list(found)
    told = [Line(tidy(one.text), one.organisation or "", one.due_on) for one in rows if not one.confidential]
    return Lines(told[:MOST_SHOWN], len(rows) - len(told), max(len(told) - MOST_SHOWN, 0))


def _interactions(found: Iterable[Any]) -> Lines:
    rows = list(found)
    told = [one for one in rows if not one.confidential]
    shown = [
        Line(
            tidy(one.title),
            in_short([name for name in one.organisations if name not in one.title]),
            day,
            one.starts_at,
        )
        for one in listed([one.id for one in told[:MOST_SHOWN]])
        if (day := one.starts_on)
    ]
    return Lines(shown, len(rows) - len(told), max(len(told) - MOST_SHOWN, 0))
