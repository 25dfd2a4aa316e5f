from crm.arenas.operations.arenas import ArenaValues, bin_arena, create_arena, restore_arena, update_arena
from crm.arenas.operations.members import add_member, end_member, remove_member, replace_members
from crm.arenas.operations.sessions import (
    SessionTimes,
    leave_out,
    plan_days,
    plan_session,
    save_session,
    take_back,
)

__all__ = [
    "ArenaValues",
    "SessionTimes",
    "add_member",
    "bin_arena",
    "create_arena",
    "end_member",
    "leave_out",
    "plan_days",
    "plan_session",
    "remove_member",
    "replace_members",
    "restore_arena",
    "save_session",
    "take_back",
    "update_arena",
]
