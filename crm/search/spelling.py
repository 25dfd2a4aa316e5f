"""Words that somebody may have meant. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rapidfuzz.distance import OSA

HEAD: Final = 7
SHORTEST: Final = 3
MOST_CORRECTIONS: Final = 12


@dataclass(frozen=True, slots=True)
class Correction:
    word: str
    errors: int


def errors_allowed(word: str) -> int:
    """How many slips a word may have: none with one or two letters or in a number, one up to four letters, else two."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) <= 4 else 2


def spellings(word: str) -> set[str]:
    """What the vocabulary is asked for: the word's first seven letters, and these without one or two of them."""
    if not errors_allowed(word):
        return set()
    head = word[:HEAD]
    left_out = range(errors_allowed(word) + 1)
    return {"".join(letters) for n in left_out for letters in combinations(head, len(head) - n)}


def distance(word: str, meant: str, *, open_ended: bool, most: int) -> int:
    """Slips between what was typed and a word: a letter too many, too few, wrong, or two swapped; `most` + 1 for more.

    Somebody who has not come to the end of a word (`open_ended`) is compared with as much of it.
    """
    errors = OSA.distance(word, meant, score_cutoff=most)
    if open_ended and errors and len(meant) > len(word):
        for size in range(max(len(word) - 1, 1), min(len(word) + most, len(meant) - 1) + 1):
            errors = min(errors, OSA.distance(word, meant[:size], score_cutoff=most))
    return errors


def corrections(word: str, vocabulary: Iterable[str], *, open_ended: bool) -> list[Correction]:
    """The nearest words of the vocabulary, the nearest first."""
    most = errors_allowed(word)
    found = []
    for meant in vocabulary:
        errors = distance(word, meant, open_ended=open_ended, most=most)
        if errors <= most:
            found.append(Correction(meant, errors))
    found.sort(
        key=lambda one: (one.errors, one.word[:1] != word[:1], abs(len(one.word) - len(word)), one.word)
    )
    return found[:MOST_CORRECTIONS]
