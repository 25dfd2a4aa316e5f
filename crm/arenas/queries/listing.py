"""The list of arenas, as its address narrows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, func, or_, select

from crm.accounts.models import Unit, User
from crm.arenas.models import Arena, ArenaMember, ArenaSession
from crm.database import folded
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.queries.secrecy import READABLE, seen_by
from crm.organisations.models import Organisation
from crm.web.paging import PAGE_SIZE, Key, Page, paged

STATES = ("active", "ended", "all")
KEYS = (Key("sort_key", Arena.__table__.c.sort_key), Key("id", Arena.__table__.c.id))
LATEST_CHANGES = (Key("updated_at", Arena.__table__.c.updated_at), Key("id", Arena.__table__.c.id))


@dataclass(frozen=True)
class ArenaFilter:
    """What the list is narrowed to: arenas that go on unless told otherwise."""

    q: str | None = None
    state: str = "active"

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        state = args.get("state", "")
        return cls(args.get("q", "").strip()[:100] or None, state if state in STATES else "active")

    def conditions(self, today: date) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [Arena.deleted_at.is_(None)]
        goes_on = or_(Arena.ended_on.is_(None), Arena.ended_on >= today)
        if self.state != "all":
            found.append(goes_on if self.state == "active" else ~goes_on)
        if self.q is not None:
            words = folded(self.q).split() or [self.q]
            found += [Arena.search_text.contains(word, autoescape=True) for word in words]
        return found


class ListedArena(NamedTuple):
    """A row of the list; `next_on` is the next session that is planned and that the reader may know of."""

    id: int
    name: str
    rhythm: str | None
    begins_at: Any
    ended_on: date | None
    host: str | None
    unit: str | None
    members: int
    next_on: date | None
    sort_key: str


def list_arenas(wanted: ArenaFilter, viewer: User, *, today: date, cursor: str | None) -> Page[Any]:
    """A page of the list in the order of names. Two statements."""
    conditions = wanted.conditions(today)
    total = db.session.scalar(select(func.count()).select_from(Arena).where(*conditions)) or 0
    members = select(func.count()).where(
        ArenaMember.arena_id == Arena.id, or_(ArenaMember.ended_on.is_(None), ArenaMember.ended_on >= today)
    )
    statement = (
        select(
            *(Arena.id, Arena.name, Arena.rhythm, Arena.begins_at, Arena.ended_on),
            Organisation.name.label("host"),
            Unit.name.label("unit"),
            members.scalar_subquery().label("members"),
            _next_session(today).scalar_subquery().label("next_on"),
            Arena.sort_key,
        )
        .outerjoin(Organisation, Organisation.id == Arena.host_id)
        .outerjoin(Unit, Unit.id == Arena.host_unit_id)
        .where(*conditions)
    )
    return paged(statement, keys=KEYS, total=total, cursor=cursor, size=PAGE_SIZE, parameters=seen_by(viewer))


def _next_session(today: date) -> Any:
    return (
        select(func.min(Interaction.starts_on))
        .join(ArenaSession, ArenaSession.id == Interaction.id)
        .where(ArenaSession.arena_id == Arena.id, Interaction.status == InteractionStatus.planned)
        .where(Interaction.deleted_at.is_(None), Interaction.starts_on >= today, READABLE)
        .correlate(Arena)
    )


def binned_arenas() -> list[Any]:
    """What lies in the bin, latest first. One statement."""
    return list(
        db.session.execute(
            select(Arena.id, Arena.name, Arena.deleted_at)
            .where(Arena.deleted_at.is_not(None))
            .order_by(Arena.deleted_at.desc())
            .limit(100)
        )
    )
