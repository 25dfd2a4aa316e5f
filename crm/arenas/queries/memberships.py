"""Which organisations have to do with which arenas, kept by the process: every organisation's page asks for it.

It cannot be stale: see crm/web/editions.py.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, String, literal, null, select, true, union_all
from sqlalchemy import cast as sql_cast

from crm.arenas.models import Arena, ArenaMember
from crm.arenas.rules import lasts
from crm.extensions import db
from crm.web.editions import Kept

_a, _m = Arena.__table__.c, ArenaMember.__table__.c


class Belonging(NamedTuple):
    """That an organisation hosts an arena or is a member of it, itself or by somebody who represents it."""

    organisation_id: int
    id: int
    name: str
    sort_key: str
    is_host: bool
    started_on: date | None
    ended_on: date | None
    arena_ended_on: date | None


_HOSTS = select(
    *(_a.host_id, _a.id, _a.name, sql_cast(_a.sort_key, String).label("place"), true()),
    *(sql_cast(null(), Date), sql_cast(null(), Date), _a.ended_on),
).where(_a.host_id.is_not(None), _a.deleted_at.is_(None))
_MEMBERS = select(
    *(_m.organisation_id, _a.id, _a.name, sql_cast(_a.sort_key, String).label("place"), literal(False)),
    *(_m.started_on, _m.ended_on, _a.ended_on),
).where(_m.arena_id == _a.id, _m.organisation_id.is_not(None), _a.deleted_at.is_(None))


def _read() -> Mapping[int, list[Belonging]]:
    """By organisation. One statement."""
    found: defaultdict[int, list[Belonging]] = defaultdict(list)
    for row in db.session.execute(union_all(_HOSTS, _MEMBERS)):
        one = Belonging(*row)
        found[one.organisation_id].append(one)
    return dict(found)


memberships = Kept("arenas", _read)


def arenas_of_organisation(organisation: Any, *, today: date) -> list[Belonging]:
    """The arenas that go on which it hosts or is a member of on the local day, in the order of names, each once."""
    found: dict[int, Belonging] = {}
    for one in memberships().get(organisation.id, ()):
        goes_on = one.arena_ended_on is None or one.arena_ended_on >= today
        if goes_on and lasts(None, one.ended_on, today) and (one.id not in found or one.is_host):
            found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.sort_key, one.id))
