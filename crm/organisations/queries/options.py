"""What comboboxes offer while somebody types. One statement each."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, func, literal, select, union_all

from crm.database import among
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation, OrganisationKind
from crm.organisations.presentation import labels_of
from crm.organisations.queries.page import LARGEST_ID
from crm.organisations.queries.words import (
    Findable,
    Sought,
    begins_with,
    found_by,
    query_parameters,
    sought,
)
from crm.web.formatting import organisation_number
from crm.web.forms.fields import tidy

MOST = 10
MOST_CANDIDATES = 2_000
"""Of a beginning that more rows have than anybody would read: narrower typing finds the others."""
Option = dict[str, Any]

_o, _c, _a = Organisation.__table__.c, Contact.__table__.c, Affiliation.__table__.c


def _named(model: Findable, rank: int) -> Any:
    """(id, sort_key, rank) of the first names that begin with the query."""
    columns = model.__table__.c
    rows = select(columns.id, columns.sort_key, literal(rank).label("rank"))
    first = rows.where(begins_with(model), columns.deleted_at.is_(None))
    return first.order_by(columns.sort_key, columns.id).limit(MOST).subquery()


def _found(model: Findable, how: Sought, rank: int) -> Any:
    """(id, sort_key, rank) of what the words of the query find. Planned on its own, as if all were wanted: for some of
    them PostgreSQL would leave its index aside.
    """
    columns = model.__table__.c
    rows = select(columns.id, columns.sort_key, literal(rank).label("rank"))
    found = rows.where(found_by(model, how), columns.deleted_at.is_(None)).cte()
    found = found.prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found).limit(MOST_CANDIDATES).subquery()


def _best(candidates: Sequence[Any]) -> Any:
    """The first candidates by rank and name, each once: (id, sort_key, rank)."""
    all_of_them = union_all(*(select(one) for one in candidates)).subquery()
    rank = func.min(all_of_them.c.rank)
    each = select(all_of_them.c.id, all_of_them.c.sort_key, rank.label("rank"))
    grouped = each.group_by(all_of_them.c.id, all_of_them.c.sort_key)
    return grouped.order_by(rank, all_of_them.c.sort_key, all_of_them.c.id).limit(MOST).subquery()


def _searched(model: Findable, how: Sought, rank: int) -> list[Any]:
    if how is Sought.names:
        return [_named(model, rank)]
    return [_named(model, rank), _found(model, how, rank + 1)]


@cache
def _organisations(how: Sought) -> Select[Any]:
    best = _best(_searched(Organisation, how, 0))
    return (
        select(_o.id, _o.name, _o.kind, _o.city, _o.organisation_number)
        .join(best, best.c.id == _o.id)
        .order_by(best.c.rank, best.c.sort_key, best.c.id)
    )


def organisation_options(query: str) -> list[Option]:
    """At most ten organisations found by name or number, names that begin with the query first."""
    query = tidy(query)[:100]
    how = sought(query)
    if how is Sought.nothing:
        return []
    rows = db.session.execute(_organisations(how), query_parameters(query)).all()
    kinds = labels_of(OrganisationKind)
    return [{"id": row.id, "label": row.name, "hint": _hint(row, kinds[row.kind])} for row in rows]


def _hint(row: Any, kind: str) -> str:
    parts = (kind, row.city, organisation_number(row.organisation_number))
    return " · ".join(filter(None, parts))


@cache
def _contacts(how: Sought | None, *, preferred: bool) -> Select[Any]:
    """Contacts found so, None for all; `preferred` where there are organisations whose people come first."""
    candidates = _searched(Contact, how, 2) if how is not None else []
    if preferred:
        candidates.append(_colleagues(how))
    best = _best(candidates)
    works_there = and_(_a.contact_id == best.c.id, _a.ended_on.is_(None))
    organisation_there = and_(_o.id == _a.organisation_id, _o.deleted_at.is_(None))
    return (
        select(
            _c.id,
            _c.given_name,
            _c.family_name,
            _a.title,
            _a.organisation_id,
            _o.name.label("organisation"),
        )
        .select_from(best)
        .join(Contact.__table__, _c.id == best.c.id)
        .outerjoin(Affiliation.__table__, works_there)
        .outerjoin(Organisation.__table__, organisation_there)
        .order_by(best.c.rank, best.c.sort_key, best.c.id, _a.primary.desc(), _a.id)
    )


def _colleagues(how: Sought | None) -> Any:
    """(id, sort_key, rank) of the organisations' people, the primary ones before the others."""
    rank = case((_a.primary, 0), else_=1)
    found = (
        select(_c.id, _c.sort_key, rank.label("rank"))
        .join(Affiliation.__table__, _a.contact_id == _c.id)
        .where(among(_a.organisation_id), _a.ended_on.is_(None), _c.deleted_at.is_(None))
    )
    return (found.where(found_by(Contact, how)) if how is not None else found).subquery()


def contact_options(query: str, organisation_ids: Sequence[int] = ()) -> list[Option]:
    """At most ten contacts found by name, e-mail or telephone, those of the organisations first. Without a query:
    people of the organisations, the primary ones first.
    """
    query = tidy(query)[:100]
    how = sought(query) if query else None
    if how is Sought.nothing or (how is None and not organisation_ids):
        return []
    parameters = query_parameters(query) | {"ids": list(organisation_ids)}
    rows = db.session.execute(_contacts(how, preferred=bool(organisation_ids)), parameters).all()
    return _one_each(rows, set(organisation_ids))


def _one_each(rows: Sequence[Any], preferred: set[int]) -> list[Option]:
    """One option a contact; its hint tells of the preferred organisation where they work at several."""
    options: dict[int, Option] = {}
    hinted_from: dict[int, bool] = {}
    for row in rows:
        hint = ", ".join(filter(None, (row.title, row.organisation)))
        better = row.organisation_id in preferred and not hinted_from.get(row.id)
        if row.id not in options or better:
            name = f"{row.given_name} {row.family_name}".strip()
            options[row.id] = {"id": row.id, "label": name, "hint": hint}
            hinted_from[row.id] = row.organisation_id in preferred
    return list(options.values())


_ORGANISATION_NAMED = select(_o.name).where(
    _o.id == bindparam("identity", type_=Integer), _o.deleted_at.is_(None)
)
_CONTACT_NAMED = select(_c.given_name, _c.family_name).where(
    _c.id == bindparam("identity", type_=Integer), _c.deleted_at.is_(None)
)


def chosen_organisation(identity: int | None) -> Sequence[Option]:
    """What a combobox shows of a picked organisation; nothing for one that cannot be picked. One statement."""
    return _chosen(_ORGANISATION_NAMED, identity)


def chosen_contact(identity: int | None) -> Sequence[Option]:
    """What a combobox shows of a picked contact; nothing for one that cannot be picked. One statement."""
    return _chosen(_CONTACT_NAMED, identity)


def _chosen(statement: Select[Any], identity: int | None) -> Sequence[Option]:
    if identity is None or identity > LARGEST_ID:
        return []
    names = db.session.execute(statement, {"identity": identity}).one_or_none()
    return [{"id": identity, "label": " ".join(names).strip()}] if names is not None else []
