"""Who may read which interactions, as conditions: the one place where every query of interactions gets them from.

A confidential interaction is read by its author, its advisors, and those who may read all. It counts in every number; where
it cannot be shown, it is told that there is one.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, bindparam, or_, select, true

from crm.accounts.models import Permission, User
from crm.interactions.models import AdvisorParticipation, Interaction


def readable(viewer: User) -> ColumnElement[bool]:
    """True for interactions that the viewer may read: the same as `policies.can_view`, in the database."""
    if viewer.may(Permission.READ_CONFIDENTIAL):
        return true()
    return _open_to(viewer.id)


def _took_part(viewer_id: Any) -> ColumnElement[bool]:
    took_part = AdvisorParticipation
    mine = select(took_part.interaction_id).where(
        took_part.interaction_id == Interaction.id, took_part.user_id == viewer_id
    )
    return mine.exists()


def _open_to(viewer_id: Any) -> ColumnElement[bool]:
    return or_(Interaction.confidential.is_(False), Interaction.author_id == viewer_id, _took_part(viewer_id))


VIEWER = bindparam("viewer_id", type_=Integer)
TOOK_PART = _took_part(VIEWER)
OPEN_TO_VIEWER = _open_to(VIEWER)
READABLE = or_(bindparam("reads_all", type_=Boolean), OPEN_TO_VIEWER)
"""`readable` for statements that are made once, since making one costs more than asking it: see `seen_by`."""


def seen_by(viewer: User) -> dict[str, Any]:
    """The parameters of READABLE."""
    return {"viewer_id": viewer.id, "reads_all": viewer.may(Permission.READ_CONFIDENTIAL)}
