"""Arenas to be changed: found, and not in the bin; else the request ends here."""

from flask import abort, flash, redirect
from flask_babel import gettext as _
from flask_login import current_user

from crm.arenas.models import Arena
from crm.arenas.policies import can_edit_arena
from crm.arenas.queries.page import LARGEST_ID
from crm.extensions import db


def found_arena(identity: int) -> Arena:
    """404 where there is none."""
    arena = db.session.get(Arena, identity) if 0 < identity <= LARGEST_ID else None
    if arena is None:
        abort(404)
    return arena


def arena_to_change(identity: int) -> Arena:
    """One in the bin sends the reader to its page, where it can be restored."""
    arena = found_arena(identity)
    if not can_edit_arena(current_user, arena):
        flash(_("The arena is in the bin. Restore it before you change it."), "warning")
        abort(redirect(f"/arenas/{identity}"))
    return arena
