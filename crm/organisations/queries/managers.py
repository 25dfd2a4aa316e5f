"""Users who may answer for an organisation."""

from sqlalchemy import and_, or_, select

from crm.accounts.models import Permission, Role, User
from crm.database import among
from crm.extensions import db

_u = User.__table__.c

ROLES = [role.value for role in Role if Permission.LOG_INTERACTIONS in role.permissions]
ACTIVE = and_(
    _u.deactivated_at.is_(None), _u.is_service.is_(False), or_(*(_u.role == role for role in ROLES))
)
POSSIBLE = or_(ACTIVE, among(_u.id, "besides"))
"""True for active users who log interactions, and for those whose ids come along as `besides`."""

_MANAGERS = select(_u.id, _u.name).where(POSSIBLE).order_by(_u.sort_key, _u.id)


def possible_managers(*besides: int | None) -> list[tuple[int, str]]:
    """(id, name) of active users who log interactions, and of those named besides, in the order of names."""
    kept = [one for one in besides if one is not None]
    return [(row.id, row.name) for row in db.session.execute(_MANAGERS, {"besides": kept}).all()]
