"""Who may change arenas and their sessions. Pure."""

from crm.accounts.models import Permission, User
from crm.arenas.models import Arena


def can_edit_arena(user: User, arena: Arena) -> bool:
    """Whoever logs interactions keeps arenas, too; one in the bin is restored first."""
    return user.may(Permission.LOG_INTERACTIONS) and not arena.is_binned
