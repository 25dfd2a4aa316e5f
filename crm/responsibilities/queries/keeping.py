"""Who answers for what, with the people, units, topics and sites that belong to it: kept by the process.

It cannot be stale: see crm/web/editions.py; migration 0016 names the tables that give it a new number.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crm.accounts.models import Absence, Unit, User
from crm.database import folded
from crm.extensions import db
from crm.responsibilities.facts import Answering, Away, Colleague, Ours, SiteFacts, TopicFacts
from crm.responsibilities.models import Responsibility, Topic
from crm.responsibilities.words import known_by
from crm.sites.models import Site
from crm.web.editions import Kept

_u, _a, _t, _s, _r = (model.__table__.c for model in (User, Absence, Topic, Site, Responsibility))
_ABSENCES = select(_a.user_id, _a.starts_on, _a.ends_on, _a.deputy_id).order_by(_a.starts_on)
_USERS = select(
    *(_u.id, _u.name, _u.sort_key, _u.phone, _u.email, _u.unit_id),
    (_u.deactivated_at.is_(None) & _u.is_service.is_(False)).label("is_active"),
)
_UNITS = select(Unit.id, Unit.name).order_by(Unit.name)
_TOPICS = select(
    *(_t.id, _t.name_nb, _t.name_nn, _t.name_en, _t.words_no, _t.words_en, _t.working_days, _t.is_retired)
).order_by(_t.sort_key, _t.id)
_SITES = (
    select(_s.id, _s.name, _s.developer_id, _s.focus_areas, _s.contact_id)
    .where(_s.deleted_at.is_(None))
    .order_by(_s.sort_key, _s.id)
)
_ANSWERING = select(
    *(_r.id, _r.topic_id, _r.focus_area, _r.industry_prefix, _r.organisation_kind, _r.site_id),
    *(_r.organisation_id, _r.user_id, _r.unit_id, _r.deputy_id, _r.phone_hours),
).order_by(_r.id)


def _read() -> Ours:
    """Six statements."""
    run = db.session.execute
    absences: defaultdict[int, list[Away]] = defaultdict(list)
    for user_id, *away in run(_ABSENCES):
        absences[user_id].append(Away(*away))
    return Ours(
        colleagues={row.id: _colleague(row, absences[row.id]) for row in run(_USERS)},
        units={row.id: row.name for row in run(_UNITS)},
        topics={row.id: _topic(row) for row in run(_TOPICS)},
        sites={
            row.id: SiteFacts(
                row.id,
                row.name,
                tuple(folded(row.name).split()),
                row.developer_id,
                frozenset(row.focus_areas or ()),
                row.contact_id,
            )
            for row in run(_SITES)
        },
        answering=[Answering(*row) for row in run(_ANSWERING)],
    )


def _colleague(row: Any, absences: Sequence[Away]) -> Colleague:
    identity, name, key, phone, email, unit_id, is_active = row
    return Colleague(identity, name, key, phone, email, unit_id, is_active, tuple(absences))


def _topic(row: Any) -> TopicFacts:
    identity, nb, nn, en, words_no, words_en, working_days, is_retired = row
    names = {"nb": nb, "nn": nn or nb, "en": en or nb}
    single = [word for name in names.values() for word in folded(name).split()]
    words = known_by([*names.values(), *single, *(words_no or ()), *(words_en or ())])
    return TopicFacts(identity, names, words, working_days, is_retired)


ours = Kept("responsibilities", _read)
