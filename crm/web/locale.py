"""Which language the reader wants: their own setting, else the cookie of a signed-out choice, else bokmål.

Norwegian is chosen over the browser's wish on purpose: municipal machines often ask for English by accident.
"""

from blinker import signal
from flask import has_request_context, request, session
from flask_babel import get_locale
from flask_login import current_user

LOCALES = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
"""Babel's bare nb and nn number weeks wrongly, so the country goes with the language."""

language_chosen = signal("language-chosen")
"""Sent by the application with `language` when somebody chooses one: whoever keeps users' settings listens."""


def select_locale() -> str:
    if not has_request_context():
        return LOCALES["nb"]
    chosen = (
        getattr(current_user, "language", None) or session.get("language") or request.cookies.get("language")
    )
    return LOCALES.get(str(chosen), LOCALES["nb"])


def language() -> str:
    """nb, nn or en: what the page, or the mail, at hand is written in."""
    locale = get_locale()
    return str(locale.language) if locale else "nb"
