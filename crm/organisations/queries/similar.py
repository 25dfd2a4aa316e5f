"""Organisations that a name may already mean."""

from typing import Any

from sqlalchemy import and_, false, or_, select

from crm.database import words_match
from crm.extensions import db
from crm.organisations.models import Organisation
from crm.organisations.similarity import ALIKE, core, likeness

MOST_CANDIDATES = 300


def similar_organisations(name: str, *, besides: int | None = None, most: int = 5) -> list[Any]:
    """Organisations whose names may mean the same, likest first: (id, name, kind, city). At most two statements."""
    wanted = core(name)
    words = sorted(wanted.split(), key=len, reverse=True)
    if not words or len(wanted) < 3:
        return []
    every_word = and_(*(words_match(Organisation, word[:4]) for word in words[:4]))
    longest_word = or_(false(), *(words_match(Organisation, word[:6]) for word in words[:2] if len(word) > 3))
    candidates: dict[int, Any] = {}
    for condition in (every_word, longest_word):
        if len(candidates) < MOST_CANDIDATES:
            columns = (Organisation.id, Organisation.name, Organisation.kind, Organisation.city)
            found = (
                select(*columns).where(condition, Organisation.deleted_at.is_(None)).limit(MOST_CANDIDATES)
            )
            candidates |= {row.id: row for row in db.session.execute(found)}
    candidates.pop(besides, None)  # type: ignore[arg-type]
    ranked = sorted(
        ((likeness(wanted, core(row.name)), row) for row in candidates.values()), key=lambda pair: -pair[0]
    )
    return [row for alike, row in ranked[:most] if alike >= ALIKE]
