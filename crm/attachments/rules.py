"""How much may be kept; shared by whoever takes files in."""

from flask_babel import gettext as _

MOST_FILES = 10
"""At a time."""
MOST_MEGABYTES = 60
"""At a time, together."""
MOST_KEPT = 100
"""With one interaction."""


def too_many(chosen: int, kept: int) -> str | None:
    """Why so many more cannot be kept, if they cannot."""
    if chosen > MOST_FILES:
        return str(
            _(
                "Choose at most %(most)s files at a time. You chose %(chosen)s.",
                most=MOST_FILES,
                chosen=chosen,
            )
        )
    if kept + chosen > MOST_KEPT:
        return str(
            _("At most %(most)s files can be kept here. There are %(kept)s now.", most=MOST_KEPT, kept=kept)
        )
    return None
