"""What somebody typed, as it is looked for. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from crm.database import folded

LONGEST: Final = 120
FEWEST_DIGITS: Final = 4
FEWEST_LETTERS: Final = 3
_NUMBER = re.compile(r"\+?[0-9][0-9\s()./+-]*")
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([^\s/]+\.[a-z]{2,})(?:/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`folded` is the whole of it, `words` its words. `digits` is a number in it, of Norwegian telephone numbers without
    the country's code; `is_number` where there is nothing else.
    """

    folded: str
    words: tuple[str, ...]
    digits: str | None = None
    is_number: bool = False
    is_address: bool = False
    open_ended: bool = True

    @property
    def telling(self) -> list[str]:
        """The words to look for in the text index: what has one or two letters is in too many, as is an address's end."""
        words = self.words[:-1] if self.is_address else self.words
        return [word for word in words if len(word) >= FEWEST_LETTERS]


def wanted(query: str) -> Wanted:
    """The query, of which no more than 120 characters count."""
    query = query.strip("\n\r\t")[:LONGEST]
    address = _ADDRESS.fullmatch(query.strip())
    text = folded(address[1] if address else query)
    digits = _digits_of(query)
    only = digits is not None and re.fullmatch(r"[\s\d()./+-]*", query) is not None
    words = tuple(dict.fromkeys(text.split()))
    return Wanted(text, words, digits, only, address is not None, not query.endswith(" "))


def _digits_of(query: str) -> str | None:
    found = max(_NUMBER.findall(query), key=len, default="")
    digits = re.sub(r"\D", "", found)
    abroad = found.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    if digits.startswith("47") and (abroad or len(digits) == 10):
        digits = digits[2:]
    has_letters = re.search(r"[^\W\d_]", query) is not None
    return digits if len(digits) >= (FEWEST_DIGITS + 2 if has_letters else FEWEST_DIGITS) else None
