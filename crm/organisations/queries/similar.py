"""Organisations that a name may already mean."""

from typing import Any

from sqlalchemy import and_, false, or_, select

from crm.database import words_match
from crm.extensions import db
from crm.organisations.models import Organisation, OrganisationName
from crm.organisations.similarity import ALIKE, core, likeness

MOST_CANDIDATES = 300


def similar_organisations(name: str, *, besides: int | None = None, most: int = 5) -> list[Any]:
    """Organisations of which one name may mean the same, likest first: (id, name, kind, city, another name that it is
    found by). At most two statements.
    """
    wanted = core(name)
    words = sorted(wanted.split(), key=len, reverse=True)
    if not words or len(wanted) < 3:
        return []
    every_word = and_(*(words_match(Organisation, word[:4]) for word in words[:4]))
    longest_word = or_(false(), *(words_match(Organisation, word[:6]) for word in words[:2] if len(word) > 3))
    candidates: dict[tuple[int, str | None], Any] = {}
    other = OrganisationName.name.label("other_name")
    for condition in (every_word, longest_word):
        if len(candidates) < MOST_CANDIDATES:
            columns = (Organisation.id, Organisation.name, Organisation.kind, Organisation.city, other)
            found = (
                select(*columns)
                .outerjoin(Organisation.names)
                .where(condition, Organisation.deleted_at.is_(None))
                .limit(MOST_CANDIDATES)
            )
            candidates |= {(row.id, row.other_name): row for row in db.session.execute(found)}
    alike: dict[int, tuple[float, Any]] = {}
    for row in candidates.values():
        likest = max(likeness(wanted, core(name)) for name in (row.name, row.other_name) if name)
        if row.id != besides and likest >= max(ALIKE, alike.get(row.id, (0.0, None))[0]):
            alike[row.id] = likest, row
    return [row for _likeness, row in sorted(alike.values(), key=lambda pair: -pair[0])[:most]]
