"""How a file is said no to."""

from typing import Any

from flask_babel import lazy_gettext as _l


class Refused(Exception):
    """The file is not taken; `reason` is a sentence on why and what to do, in the reader's language."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


DAMAGED = _l("The file is damaged and cannot be opened.")
