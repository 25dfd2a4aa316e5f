"""From here on nobody else changes the arena before the transaction ends."""

from sqlalchemy import select

from crm.arenas.models import Arena
from crm.extensions import db
from crm.web.validation import check_version


def lock_arena(arena: Arena, version: int | None = None) -> None:
    """The arena as it is now. Raises Stale where `version`, what the writer read, is no longer it; None takes any."""
    current = db.session.scalar(select(Arena.version).where(Arena.id == arena.id).with_for_update())
    if current != arena.version:
        db.session.refresh(arena)
    check_version(arena, version)
