from crm.arenas.queries.listing import (
    ArenaFilter,
    binned_arenas,
    list_arenas,
)
from crm.arenas.queries.memberships import arenas_of_organisation, memberships
from crm.arenas.queries.page import arena_page, shown_arena
from crm.arenas.queries.session import (
    arenas_by_interaction,
    found_member,
    found_session,
    list_sessions,
    members_on,
    session_panel,
)

__all__ = [
    "ArenaFilter",
    "arena_page",
    "arenas_by_interaction",
    "arenas_of_organisation",
    "binned_arenas",
    "found_member",
    "found_session",
    "list_arenas",
    "list_sessions",
    "members_on",
    "memberships",
    "session_panel",
    "shown_arena",
]
