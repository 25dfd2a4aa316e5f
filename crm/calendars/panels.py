"""What other features' pages show of calendars."""

from typing import Any

from flask import url_for

from crm.interactions.models import Interaction
from crm.web.panels import add_panel


def file_of_interaction(interaction: Interaction, _viewer: Any) -> str | None:
    """The address of its file; what has no date, or lies in the bin, has no place in a calendar."""
    if interaction.starts_on is None or interaction.is_binned:
        return None
    return url_for("calendars.interaction", identity=interaction.id)


def register_panels() -> None:
    add_panel("interaction", "calendar_file", file_of_interaction)
    add_panel("profile", "calendar", lambda *_: url_for("calendars.index"))
