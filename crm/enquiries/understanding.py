"""What the words of an enquiry are about, and what of a caller is written in them. Pure."""

import re
from dataclasses import dataclass

from crm.database import folded

SHORTEST_WORD = 4


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
