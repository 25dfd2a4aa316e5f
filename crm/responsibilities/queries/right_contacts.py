"""The right contacts of organisations, many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Date, String, and_, bindparam, cast, func, or_, select

from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    Interaction,
    InteractionStatus,
    interaction_organisations,
)
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.responsibilities.facts import Asked, Caller, Ours, Theirs
from crm.responsibilities.queries.keeping import ours
from crm.responsibilities.routing import RightContact, right_contact
from crm.sites.models import Site

_o, _a, _c = (model.__table__.c for model in (Organisation, Affiliation, Contact))
_i, _part, _with = Interaction.__table__.c, AdvisorParticipation.__table__.c, interaction_organisations.c
_DAY = bindparam("day", type_=Date)

_CALLERS = (
    select(
        *(_o.id, _o.account_manager_id, _o.deputy_id, _o.kind, _o.industry_code),
        *(_c.id.label("contact_id"), _c.given_name, _c.family_name, _a.title, _c.phone, _c.email),
        *(_a.topics, _a.primary),
    )
    .select_from(Organisation.__table__)
    .outerjoin(
        Affiliation.__table__,
        and_(
            _a.organisation_id == _o.id,
            or_(_a.started_on.is_(None), _a.started_on <= _DAY),
            or_(_a.ended_on.is_(None), _a.ended_on >= _DAY),
            or_(
                _a.primary,
                _a.title.is_not(None),
                cast(_a.topics, String) != "[]",
                _a.contact_id.in_(select(Site.contact_id)),
            ),
        ),
    )
    .outerjoin(Contact.__table__, and_(_c.id == _a.contact_id, _c.deleted_at.is_(None)))
    .where(among(_o.id))
    .order_by(_o.id, _c.sort_key, _c.id)
)
_MET = (
    select(_with.organisation_id, _part.user_id, func.max(_i.starts_on).label("on"))
    .select_from(interaction_organisations)
    .join(Interaction.__table__, _i.id == _with.interaction_id)
    .join(AdvisorParticipation.__table__, _part.interaction_id == _i.id)
    .where(
        among(_with.organisation_id),
        _i.status == InteractionStatus.held,
        _i.deleted_at.is_(None),
        _i.confidential.is_(False),
        _i.starts_on <= _DAY,
    )
    .group_by(_with.organisation_id, _part.user_id)
    .order_by(_with.organisation_id, func.max(_i.starts_on).desc(), _part.user_id)
)
"""Who met whom in confidence is nobody's business, whoever asks: the name is read out to whoever calls."""


def right_contacts(
    organisations: Sequence[int] = (),
    *,
    topic: int | None = None,
    site: int | None = None,
    day: date,
    focus_areas: Collection[int] = (),
) -> dict[int | None, RightContact]:
    """The right contact for each of the organisations, by id, for somebody who asks about the topic or the site on the
    local day, or names focus areas; under None for a caller whose organisation is unknown. At most two statements and
    those for what is kept, as many for one as for many. The same for every viewer: it holds nothing confidential.
    """
    kept, asked = ours(), Asked(day, topic, site, frozenset(focus_areas))
    found: dict[int | None, RightContact] = {None: right_contact(Caller(), asked, kept)}
    if not organisations:
        return found
    given = {"ids": list(organisations), "day": day}
    callers = {caller.organisation_id: caller for caller in _callers(db.session.execute(_CALLERS, given))}
    for identity in organisations:
        caller = callers.get(identity)
        found[identity] = right_contact(caller, asked, kept) if caller is not None else found[None]
    return found | _by_meetings(callers, found, asked, kept)


def _by_meetings(
    callers: dict[int | None, Caller], found: dict[int | None, RightContact], asked: Asked, kept: Ours
) -> dict[int | None, RightContact]:
    """Those whom no other rule has an answer for, by who met them."""
    open_ones = [identity for identity in callers if found[identity].rule == "nobody"]
    if not open_ones:
        return {}
    met: defaultdict[int, list[tuple[int, date]]] = defaultdict(list)
    for organisation_id, user_id, on in db.session.execute(_MET, {"ids": open_ones, "day": asked.day}):
        met[organisation_id].append((user_id, on))
    return {
        identity: right_contact(replace(callers[identity], met=meetings), asked, kept)
        for identity, meetings in met.items()
    }


def _callers(rows: Iterable[Any]) -> Iterable[Caller]:
    """A caller of each organisation, from the rows of its people."""
    people: defaultdict[int, list[Theirs]] = defaultdict(list)
    callers = {}
    for row in rows:
        callers[row.id] = Caller(
            row.id, row.account_manager_id, row.deputy_id, row.kind, row.industry_code, people[row.id]
        )
        if row.contact_id is not None:
            people[row.id].append(
                Theirs(
                    id=row.contact_id,
                    name=f"{row.given_name} {row.family_name}".strip(),
                    title=row.title,
                    phone=row.phone,
                    email=row.email,
                    topics=row.topics or (),
                    primary=bool(row.primary),
                )
            )
    return callers.values()
