"""What the words of an enquiry are about, and what of a caller is written in them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm.database import folded

SHORTEST_WORD = 4


def understood_topic(words: str | None, topics: Iterable[Any]) -> Any | None:
    """The first of the topics whose name, or one of whose words, begins a word of the text; the longest match wins."""
    text = f" {folded(words or '')} "
    best: tuple[int, Any] | None = None
    for topic in topics:
        names = [topic.name_nb, topic.name_nn, topic.name_en, *topic.words_no, *topic.words_en]
        for name in filter(None, names):
            word = folded(name)
            if len(word) >= SHORTEST_WORD and f" {word}" in text and (best is None or len(word) > best[0]):
                best = len(word), topic
    return best[1] if best is not None else None


def phone_digits(value: str | None) -> str:
    """The digits of a telephone number without Norway's code; "" where they are too few to tell anybody apart."""
    digits = re.sub(r"\D", "", value or "").removeprefix("00")
    digits = digits.removeprefix("47") if len(digits) > 8 else digits
    return digits if len(digits) >= 6 else ""


def are_alike(subject: str | None, other: str | None) -> bool:
    """Whether two subjects share a word that means something."""
    return bool(_telling(subject) & _telling(other))


def _telling(text: str | None) -> set[str]:
    return {word[:7] for word in folded(text or "").split() if len(word) >= SHORTEST_WORD}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in the search box, as the fields of a new enquiry."""

    phone: str | None = None
    email: str | None = None
    subject: str | None = None


def typed(query: str | None) -> Typed:
    text = (query or "").strip()[:200]
    if not text:
        return Typed()
    if "@" in text and " " not in text:
        return Typed(email=text)
    if re.fullmatch(r"\+?[\d\s().-]{6,20}", text):
        return Typed(phone=text)
    return Typed(subject=text)
