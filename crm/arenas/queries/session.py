"""One session: found to be changed, and as the page of its interaction shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import Integer, Select, bindparam, func, join, select, true
from sqlalchemy.orm import joinedload

from crm.accounts.models import User
from crm.arenas.models import Arena, ArenaMember, ArenaSession
from crm.arenas.queries.page import LARGEST_ID, MEMBER_KEY, MEMBERS, Member, members_where
from crm.arenas.queries.presence import presence_at
from crm.arenas.rules import came, lasts
from crm.database import among
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.queries import interaction_to_fill_in
from crm.interactions.queries.listing import KEYS
from crm.interactions.queries.secrecy import READABLE, seen_by
from crm.web.paging import Page, paged

_s, _i = ArenaSession.__table__.c, Interaction.__table__.c
_IDENTITY, _ARENA = bindparam("identity", type_=Integer), bindparam("arena", type_=Integer)
_own = ArenaSession.__table__.alias().c
_MEMBER = (
    members_where(select(_own.arena_id).where(_own.interaction_id == _IDENTITY).scalar_subquery())
    .add_columns(MEMBER_KEY.label("key"))
    .order_by(None)
    .subquery()
)
_SESSION = (
    select(_s.arena_id, Arena.name, Arena.host_id, _s.agenda, _s.decisions, _s.proposed_for, _MEMBER)
    .select_from(join(ArenaSession.__table__, Arena, Arena.id == _s.arena_id).outerjoin(_MEMBER, true()))
    .where(_s.interaction_id == _IDENTITY)
    .order_by(_MEMBER.c.key, _MEMBER.c.id)
)
"""A session with the members of its arena, a row for each; one row without a member where there are none."""
_ARENAS = select(_s.interaction_id, _s.arena_id).where(among(_s.interaction_id))


@dataclass(frozen=True, slots=True)
class SessionPanel:
    """What the page of an interaction shows of a session; None of `absent` is known where nobody said who came."""

    arena_id: int
    arena: str
    agenda: str | None
    decisions: str | None
    proposed_for: date | None
    invited: Sequence[Member]
    present: Sequence[Member]
    absent: Sequence[Member]
    is_held: bool
    is_known: bool


def session_panel(interaction: Interaction, _viewer: User) -> SessionPanel | None:
    """None for interactions of other kinds, which cost nothing. One statement, two where it is held."""
    if interaction.kind != InteractionKind.arena_session:
        return None
    rows = db.session.execute(_SESSION, {"identity": interaction.id}).all()
    if not rows:
        return None
    row, day = rows[0], interaction.starts_on or interaction.listed_on
    members = [
        Member(*one[6:13]) for one in rows if one.id is not None and lasts(one.started_on, one.ended_on, day)
    ]
    is_held = interaction.status == InteractionStatus.held
    presence = presence_at([interaction.id])[interaction.id] if is_held else None
    there = [one for one in members if presence and came(presence, one.organisation_id, one.contact_id)]
    return SessionPanel(
        arena_id=row.arena_id,
        arena=row.name,
        agenda=row.agenda,
        decisions=row.decisions,
        proposed_for=row.proposed_for,
        invited=members,
        present=there,
        absent=[one for one in members if one not in there],
        is_held=is_held,
        is_known=presence is not None and presence.is_known(row.host_id),
    )


def members_on(arena_id: int, day: date) -> list[Member]:
    """Who belonged to the arena on the local day, in the order of names. One statement."""
    found = (Member(*row) for row in db.session.execute(MEMBERS, {"arena": arena_id}))
    return [one for one in found if lasts(one.started_on, one.ended_on, day)]


def found_session(arena_id: int, interaction_id: int, viewer: User) -> ArenaSession:
    """The session with its arena and its interaction. 404 where there is none, or in another arena; 403 where it is
    confidential and not for the viewer.
    """
    if not 0 < interaction_id <= LARGEST_ID:
        abort(404)
    found = db.session.scalar(
        select(ArenaSession)
        .where(ArenaSession.id == interaction_id, ArenaSession.arena_id == arena_id)
        .options(joinedload(ArenaSession.arena))
    )
    if found is None:
        abort(404)
    interaction_to_fill_in(interaction_id, viewer)
    return found


def arenas_by_interaction(interaction_ids: Sequence[int]) -> dict[int, int]:
    """The arena of each that is a session. One statement, or none."""
    rows = db.session.execute(_ARENAS, {"ids": interaction_ids}) if interaction_ids else ()
    return dict(tuple(row) for row in rows)


class ListedSession(NamedTuple):
    id: int
    title: str
    status: str
    starts_on: date | None
    starts_at: Any
    confidential: bool
    listed_on: date


_LISTED: Select[Any] = select(
    *(_i.id, _i.title, _i.status, _i.starts_on, _i.starts_at, _i.confidential, _i.listed_on)
).where(_s.arena_id == _ARENA, _s.interaction_id == _i.id, _i.deleted_at.is_(None), READABLE)
_HOW_MANY = select(func.count()).select_from(_LISTED.subquery())


def list_sessions(arena_id: int, viewer: User, cursor: str | None) -> Page[Any]:
    """A page of the sessions that the viewer may read, newest first. Two statements."""
    parameters = seen_by(viewer) | {"arena": arena_id}
    total = db.session.scalar(_HOW_MANY, parameters) or 0
    return paged(_LISTED, keys=KEYS, total=total, cursor=cursor, parameters=parameters)


def found_member(arena: Arena, member_id: int) -> ArenaMember:
    """404 where it is none of the arena's."""
    member = db.session.get(ArenaMember, member_id) if 0 < member_id <= LARGEST_ID else None
    if member is None or member.arena_id != arena.id:
        abort(404)
    return member
