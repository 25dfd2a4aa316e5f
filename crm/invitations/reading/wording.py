"""What an invitation says in its own words, as plain text."""

import re

from crm.mail.wording import MARKED_UP, without_markup
from crm.web.forms.fields import tidy_text

MOST_NOTES = 10_000
_JOIN_BLOCK = re.compile(r"(?ms)^(?:_{20,}|-::~:~::~\S*)[^\n]*\n.*?(?:^(?:_{20,}|-::~:~::~\S*)[^\n]*$|\Z)")
"""How to join by video, which Outlook and Google put under a rule of their own."""


def _unless_to_join(found: re.Match[str]) -> str:
    block = found[0]
    return "" if re.search(r"(?i)https?://\S*(teams|meet|zoom|webex)", block) else block


def plain_words(plain: str, marked_up: str) -> str:
    """Text as people read it: without markup, and without how to join by video."""
    text = plain if plain.strip() else marked_up
    if MARKED_UP.search(text):
        text = without_markup(text)
    text = _JOIN_BLOCK.sub(_unless_to_join, tidy_text(text))
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()[
        :MOST_NOTES
    ]
