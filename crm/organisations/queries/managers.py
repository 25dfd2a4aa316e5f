"""Users who may answer for an organisation."""

from sqlalchemy import and_, or_, select

from crm.accounts.models import Permission, Role, User
from crm.extensions import db

ROLES = [role.value for role in Role if Permission.LOG_INTERACTIONS in role.permissions]
ACTIVE = and_(User.deactivated_at.is_(None), User.is_service.is_(False), User.role.in_(ROLES))


def possible_managers(*besides: int | None) -> list[tuple[int, str]]:
    """(id, name) of active users who log interactions, and of those named besides, in the order of names."""
    kept = [one for one in besides if one is not None]
    wanted = or_(ACTIVE, User.id.in_(kept)) if kept else ACTIVE
    rows = db.session.execute(select(User.id, User.name).where(wanted).order_by(User.sort_key, User.id))
    return [(row.id, row.name) for row in rows]
