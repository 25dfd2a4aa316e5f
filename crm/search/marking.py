"""Marks in a title what was typed, however it is spelt."""

import re

from markupsafe import Markup, escape

from crm.database import folded

WORD = re.compile(r"[^\W_]+")


def marked(title: str, query: str) -> Markup:
    """The title, escaped, with <mark> around the beginnings of its words that were typed: *Ås* in *Aas*, too."""
    typed = folded(query).split()
    done, parts = 0, [Markup()]
    for word in WORD.finditer(title):
        length = _beginning(word[0], typed)
        if length:
            start = word.start()
            parts += [
                escape(title[done:start]),
                Markup("<mark>{}</mark>").format(title[start : start + length]),
            ]
            done = start + length
    parts.append(escape(title[done:]))
    return Markup().join(parts)


def _beginning(word: str, typed: list[str]) -> int:
    """How many of the word's first letters were typed, at most; 0 for none."""
    whole = folded(word)
    begun = [one for one in typed if whole.startswith(one)]
    if whole == word.lower():
        return max(map(len, begun), default=0)
    return max((_letters(word, one) for one in begun), default=0)


def _letters(word: str, typed: str) -> int:
    """The shortest beginning of the word that folds to what was typed, or past it: *aa* is one letter when folded."""
    return next(n for n in range(1, len(word) + 1) if folded(word[:n]).startswith(typed))
