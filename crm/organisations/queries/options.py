"""What comboboxes offer while somebody types. One statement each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, case, func, literal, select, union_all

from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation, OrganisationKind
from crm.organisations.queries.words import begins_with, found_by
from crm.web.formatting import organisation_number
from crm.web.forms.fields import tidy

MOST = 10
MOST_CANDIDATES = 2_000
"""Of a beginning that more rows have than anybody would read: narrower typing finds the others."""
Option = dict[str, Any]
Findable = type[Organisation] | type[Contact]


def _named(model: Findable, query: str, rank: int) -> Any:
    """(id, sort_key, rank) of the first names that begin with the query."""
    rows = select(model.id, model.sort_key, literal(rank).label("rank"))
    first = rows.where(begins_with(model, query), model.deleted_at.is_(None))
    return first.order_by(model.sort_key, model.id).limit(MOST).subquery()


def _found(model: Findable, query: str, rank: int) -> Any:
    """(id, sort_key, rank) of what the words of the query find. Planned on its own, as if all were wanted: for some of
    them PostgreSQL would leave its index aside.
    """
    rows = select(model.id, model.sort_key, literal(rank).label("rank"))
    found = rows.where(found_by(model, query), model.deleted_at.is_(None)).cte()
    found = found.prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found).limit(MOST_CANDIDATES).subquery()


def _best(candidates: Sequence[Any]) -> Any:
    """The first candidates by rank and name, each once: (id, sort_key, rank)."""
    all_of_them = union_all(*(select(one) for one in candidates)).subquery()
    rank = func.min(all_of_them.c.rank)
    each = select(all_of_them.c.id, all_of_them.c.sort_key, rank.label("rank"))
    grouped = each.group_by(all_of_them.c.id, all_of_them.c.sort_key)
    return grouped.order_by(rank, all_of_them.c.sort_key, all_of_them.c.id).limit(MOST).subquery()


def _searched(model: Findable, query: str, rank: int) -> list[Any]:
    if len(query) == 1:
        return [_named(model, query, rank)]
    return [_named(model, query, rank), _found(model, query, rank + 1)]


def organisation_options(query: str) -> list[Option]:
    """At most ten organisations found by name or number, names that begin with the query first."""
    query = tidy(query)[:100]
    if not query:
        return []
    best = _best(_searched(Organisation, query, 0))
    rows = db.session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            Organisation.city,
            Organisation.organisation_number,
        )
        .join(best, best.c.id == Organisation.id)
        .order_by(best.c.rank, best.c.sort_key, best.c.id)
    )
    return [{"id": row.id, "label": row.name, "hint": _hint(row)} for row in rows]


def _hint(row: Any) -> str:
    parts = (str(OrganisationKind(row.kind).label), row.city, organisation_number(row.organisation_number))
    return " · ".join(filter(None, parts))


def contact_options(query: str, organisation_ids: Sequence[int] = ()) -> list[Option]:
    """At most ten contacts found by name, e-mail or telephone, those of the organisations first. Without a query:
    people of the organisations, the primary ones first.
    """
    query = tidy(query)[:100]
    if not query and not organisation_ids:
        return []
    candidates = _searched(Contact, query, 2) if query else []
    if organisation_ids:
        candidates.append(_colleagues(query, organisation_ids))
    best = _best(candidates)
    rows = db.session.execute(
        select(
            Contact.id,
            Contact.given_name,
            Contact.family_name,
            Affiliation.title,
            Affiliation.organisation_id,
            Organisation.name.label("organisation"),
        )
        .select_from(best)
        .join(Contact, Contact.id == best.c.id)
        .outerjoin(Affiliation, and_(Affiliation.contact_id == best.c.id, Affiliation.ended_on.is_(None)))
        .outerjoin(
            Organisation,
            and_(Organisation.id == Affiliation.organisation_id, Organisation.deleted_at.is_(None)),
        )
        .order_by(best.c.rank, best.c.sort_key, best.c.id, Affiliation.primary.desc(), Affiliation.id)
    )
    return _one_each(rows.all(), set(organisation_ids))


def _colleagues(query: str, organisation_ids: Sequence[int]) -> Any:
    """(id, sort_key, rank) of the organisations' people, the primary ones before the others."""
    rank = case((Affiliation.primary, 0), else_=1)
    found = (
        select(Contact.id, Contact.sort_key, rank.label("rank"))
        .join(Affiliation, Affiliation.contact_id == Contact.id)
        .where(
            Affiliation.organisation_id.in_(organisation_ids),
            Affiliation.ended_on.is_(None),
            Contact.deleted_at.is_(None),
        )
    )
    return (found.where(found_by(Contact, query)) if query else found).subquery()


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
