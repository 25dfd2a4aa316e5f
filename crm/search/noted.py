"""Interactions by their words: only those that the viewer may read, since even a number would give words away."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import and_, select

from crm.accounts.models import User
from crm.database import Groups, first_by_words, groups_of_words
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.queries.secrecy import READABLE, seen_by
from crm.search.wanted import Wanted

MOST: Final = 60
LONG: Final = 5
"""So many letters are enough to look for longer words too."""
_i = Interaction.__table__.c
_FOUND: Final = (
    select(
        _i.id,
        _i.title,
        _i.kind,
        _i.listed_on,
        _i.status,
    )
    .where(and_(first_by_words(Interaction), _i.deleted_at.is_(None), READABLE))
    .order_by(_i.listed_on.desc(), _i.id.desc())
)


def noted(wanted: Wanted, viewer: User) -> Sequence[Any]:
    """The latest interactions that have the words (a single one may be only begun), the latest first."""
    words = wanted.telling
    if not words or wanted.is_number or wanted.is_address:
        return []
    rows = _rows([([], [word]) for word in words], viewer)
    if not rows and len(words) == 1 and wanted.open_ended and len(words[0]) >= LONG:
        rows = _rows([(words, [])], viewer)
    return rows


def _rows(groups: Groups, viewer: User) -> Sequence[Any]:
    return db.session.execute(_FOUND, {"most": MOST} | groups_of_words(groups) | seen_by(viewer)).all()
