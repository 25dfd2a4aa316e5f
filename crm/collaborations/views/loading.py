"""The collaboration of an address, as far as its reader may open or change it."""

from typing import NamedTuple

from flask import abort, flash, redirect
from flask_babel import gettext as _
from flask_login import current_user

from crm.collaborations.models import Collaboration
from crm.collaborations.queries import collaboration_to_change
from crm.interactions.models import Interaction
from crm.interactions.policies import can_edit
from crm.interactions.queries import interaction_to_fill_in


class Opened(NamedTuple):
    collaboration: Collaboration
    interaction: Interaction


def opened(identity: int) -> Opened:
    """404 where there is none, or where it is in the bin and the reader could not restore it; 403 where it is not for
    them. Two statements.
    """
    interaction = interaction_to_fill_in(identity, current_user)
    return Opened(collaboration_to_change(identity) or abort(404), interaction)


def opened_to_change(identity: int) -> Opened:
    """As `opened`, for whoever may change it; one in the bin sends them to its page, where it can be restored."""
    found = opened(identity)
    if not can_edit(current_user, found.interaction):
        abort(403)
    refuse_binned(found.interaction)
    return found


def refuse_binned(interaction: Interaction) -> None:
    if interaction.is_binned:
        flash(_("The interaction is in the bin. Restore it before you change it."), "warning")
        abort(redirect(f"/collaborations/{interaction.id}"))
