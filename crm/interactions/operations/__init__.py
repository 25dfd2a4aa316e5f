from crm.interactions.operations.follow_ups import (
    complete_follow_up,
    create_follow_up,
    reopen_follow_up,
    update_follow_up,
)
from crm.interactions.operations.happenings import (
    bin_interaction,
    change_status,
    join_interaction,
    move_interaction,
    restore_interaction,
)
from crm.interactions.operations.interactions import (
    log_interaction,
    set_further_words,
    update_interaction,
)
from crm.interactions.operations.locking import lock_interaction
from crm.interactions.operations.participants import NewContact
from crm.interactions.operations.values import InteractionValues, NewFollowUp

__all__ = [
    "InteractionValues",
    "NewContact",
    "NewFollowUp",
    "bin_interaction",
    "change_status",
    "complete_follow_up",
    "create_follow_up",
    "join_interaction",
    "lock_interaction",
    "log_interaction",
    "move_interaction",
    "reopen_follow_up",
    "restore_interaction",
    "set_further_words",
    "update_follow_up",
    "update_interaction",
]
