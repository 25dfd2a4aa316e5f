"""All that an arena's page shows, in as many statements for one session as for three hundred."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from crm.accounts.models import Unit, User
from crm.arenas.models import Arena, ArenaMember, ArenaSession, ArenaSkip, arena_measures
from crm.arenas.queries.presence import Presence, presence_at
from crm.arenas.rules import Attendance, Proposal, attendance, lasts, proposals
from crm.extensions import db
from crm.interactions.models import (
    ContactParticipation,
    Interaction,
    InteractionStatus,
    interaction_organisations,
)
from crm.interactions.queries.secrecy import READABLE, seen_by
from crm.organisations.models import Contact, Organisation

LARGEST_ID = 2**31 - 1
MOST_COMING, MOST_HELD, MOST_DECIDED = 30, 12, 10
_ARENA, _TODAY = bindparam("arena", type_=Integer), bindparam("today", type_=Date)
_a, _m, _s, _i = (model.__table__.c for model in (Arena, ArenaMember, ArenaSession, Interaction))
_c, _o = Contact.__table__.c, Organisation.__table__.c
_OF_ARENA = (_s.arena_id == _ARENA, _s.interaction_id == _i.id, _i.deleted_at.is_(None))


class ShownArena(NamedTuple):
    """An arena's own fields, with its host's name, its measures' ids, and the days of the rhythm that are spoken for.
    `hidden` is how many sessions the viewer may not read; nothing else tells of them.
    """

    id: int
    name: str
    purpose: str | None
    host_id: int | None
    host: str | None
    unit: str | None
    rhythm: str | None
    starts_on: date | None
    begins_at: time | None
    minutes: int | None
    place: str | None
    ended_on: date | None
    version: int
    deleted_at: datetime | None
    held_total: int
    hidden: int
    measure_ids: list[int]
    skipped: list[date]
    taken: set[date]

    @property
    def is_binned(self) -> bool:
        return self.deleted_at is not None


class Member(NamedTuple):
    id: int
    organisation_id: int | None
    organisation: str | None
    contact_id: int | None
    contact: str | None
    started_on: date | None
    ended_on: date | None

    @property
    def name(self) -> str:
        """A person's name, else the organisation's."""
        return (self.contact or self.organisation or "").strip()


class MemberShown(NamedTuple):
    member: Member
    attendance: Attendance


class SessionRow(NamedTuple):
    id: int
    title: str
    status: str
    starts_on: date | None
    starts_at: datetime | None
    confidential: bool
    proposed_for: date | None


class Decided(NamedTuple):
    id: int
    starts_on: date | None
    decisions: str


@dataclass(frozen=True, slots=True)
class ArenaPage:
    """What the viewer may read of it; `held` are the latest, newest first, and `present` who came to them."""

    arena: ShownArena
    proposed: Sequence[Proposal]
    coming: Sequence[SessionRow]
    held: Sequence[SessionRow]
    present: Mapping[int, Presence]
    members: Sequence[MemberShown]
    former: Sequence[Member]
    decided: Sequence[Decided]

    @property
    def stopped(self) -> list[MemberShown]:
        return [one for one in self.members if one.attendance.has_stopped]


def _joined(column: Any, *conditions: Any) -> Any:
    """The column's values as one text."""
    text = select(func.aggregate_strings(cast(column, String), ",")).where(*conditions)
    return text.correlate(Arena.__table__).scalar_subquery()


def _number(*conditions: Any) -> Any:
    """How many of its sessions there are, those in the bin aside."""
    of_it = (_s.arena_id == _a.id, _s.interaction_id == _i.id, _i.deleted_at.is_(None))
    return select(func.count()).where(*of_it, *conditions).correlate(Arena.__table__).scalar_subquery()


_SHOWN = (
    select(
        *(_a.id, _a.name, _a.purpose, _a.host_id, _o.name.label("host"), Unit.name.label("unit"), _a.rhythm),
        *(_a.starts_on, _a.begins_at, _a.minutes, _a.place, _a.ended_on, _a.version, _a.deleted_at),
        _number(_i.status == InteractionStatus.held, READABLE).label("held_total"),
        _number(~READABLE).label("hidden"),
        _joined(arena_measures.c.measure_id, arena_measures.c.arena_id == _a.id).label("measure_ids"),
        _joined(ArenaSkip.occurs_on, ArenaSkip.arena_id == _a.id, ArenaSkip.occurs_on >= _TODAY).label(
            "skipped"
        ),
        _joined(
            _s.proposed_for,
            _s.arena_id == _a.id,
            _s.proposed_for >= _TODAY,
            _s.interaction_id == _i.id,
            _i.deleted_at.is_(None),
        ).label("taken"),
    )
    .outerjoin(Organisation.__table__, _o.id == _a.host_id)
    .outerjoin(Unit, Unit.id == _a.host_unit_id)
    .where(_a.id == _ARENA)
)
MEMBER_KEY = func.coalesce(_c.sort_key, _o.sort_key)


def members_where(arena: Any) -> Select[Any]:
    """The columns of Member of who belongs or belonged to the arena, in the order of names; not who is in the bin."""
    return (
        select(
            *(_m.id, _m.organisation_id, _o.name.label("organisation"), _m.contact_id),
            (_c.given_name + " " + _c.family_name).label("contact"),
            *(_m.started_on, _m.ended_on),
        )
        .outerjoin(Organisation.__table__, _o.id == _m.organisation_id)
        .outerjoin(Contact.__table__, _c.id == _m.contact_id)
        .where(_m.arena_id == arena)
        .where(or_(_m.organisation_id.is_(None), _o.deleted_at.is_(None)))
        .where(or_(_m.contact_id.is_(None), _c.deleted_at.is_(None)))
        .order_by(MEMBER_KEY, _m.id)
    )


MEMBERS = members_where(_ARENA)


def _last_came(table: Any, who: Any) -> Any:
    """(who, the last day they came) of what the viewer may read."""
    held = (*_OF_ARENA, _i.status == InteractionStatus.held, READABLE, table.c.interaction_id == _i.id)
    return select(who, func.max(_i.starts_on).label("last_came")).where(*held).group_by(who).subquery()


_person = _last_came(ContactParticipation.__table__, ContactParticipation.__table__.c.contact_id)
_firm = _last_came(interaction_organisations, interaction_organisations.c.organisation_id)
_MEMBERS_AND_LAST = (
    MEMBERS.add_columns(case((_m.contact_id.is_not(None), _person.c.last_came), else_=_firm.c.last_came))
    .outerjoin(_person, _person.c.contact_id == _m.contact_id)
    .outerjoin(_firm, _firm.c.organisation_id == _m.organisation_id)
)

_ROW = (_i.id, _i.title, _i.status, _i.starts_on, _i.starts_at, _i.confidential, _s.proposed_for)


def _some(which: str, statuses: Sequence[str], order: Sequence[Any], most: int) -> Select[Any]:
    """Those of the statuses that the viewer may read."""
    rows = select(literal(which).label("which"), *_ROW).where(*_OF_ARENA, _i.status.in_(statuses), READABLE)
    return select(rows.order_by(*order).limit(most).subquery())


_SESSIONS = union_all(
    _some("coming", [InteractionStatus.planned, InteractionStatus.draft], (_i.listed_on, _i.id), MOST_COMING),
    _some("held", [InteractionStatus.held], (_i.listed_on.desc(), _i.id.desc()), MOST_HELD),
)
_DECIDED = (
    select(_i.id, _i.starts_on, _s.decisions)
    .where(*_OF_ARENA, _i.status == InteractionStatus.held, _s.decisions.is_not(None), READABLE)
    .order_by(_i.listed_on.desc(), _i.id.desc())
    .limit(MOST_DECIDED)
)


def shown_arena(arena_id: int, viewer: User, *, today: date) -> ShownArena:
    """An arena as pages show it, in the bin or not. 404 where there is none. One statement."""
    row = None
    if 0 < arena_id <= LARGEST_ID:
        parameters = seen_by(viewer) | {"arena": arena_id, "today": today}
        row = db.session.execute(_SHOWN, parameters).one_or_none()
    if row is None:
        abort(404)
    *own, measure_ids, skipped, taken = row
    return ShownArena._make(
        [
            *own,
            [int(one) for one in _parted(measure_ids)],
            sorted(date.fromisoformat(one) for one in _parted(skipped)),
            {date.fromisoformat(one) for one in _parted(taken)},
        ]
    )


def _parted(text: str | None) -> list[str]:
    return text.split(",") if text else []


def members_of(arena_id: int, viewer: User) -> list[tuple[Member, date | None]]:
    """Who belongs or belonged to the arena, each with the day they last came, as far as the viewer may know. One
    statement.
    """
    rows = db.session.execute(_MEMBERS_AND_LAST, seen_by(viewer) | {"arena": arena_id})
    return [(Member(*row[:-1]), row[-1]) for row in rows]


def arena_page(arena_id: int, viewer: User, *, today: date) -> ArenaPage:
    """404 where there is none. Five statements, however many sessions there have been."""
    arena = shown_arena(arena_id, viewer, today=today)
    parameters = seen_by(viewer) | {"arena": arena_id}
    found = db.session.execute(_SESSIONS, parameters).all()
    coming = [SessionRow(*row[1:]) for row in found if row.which == "coming"]
    held = [SessionRow(*row[1:]) for row in found if row.which == "held"]
    present = presence_at([row.id for row in held])
    known = [present[row.id] for row in held if present[row.id].is_known(arena.host_id)]
    current, former = [], []
    for member, last_came in members_of(arena_id, viewer):
        if not lasts(None, member.ended_on, today):
            former.append(member)
            continue
        told = attendance(
            known,
            organisation_id=member.organisation_id,
            contact_id=member.contact_id,
            started_on=member.started_on,
            last_came=last_came,
        )
        current.append(MemberShown(member, told))
    decided = [Decided(*row) for row in db.session.execute(_DECIDED, parameters)]
    taken = arena.taken | set(arena.skipped)
    proposed = [] if arena.is_binned else proposals(arena, today=today, taken=taken)
    return ArenaPage(arena, proposed, coming, held, present, current, former, decided)
