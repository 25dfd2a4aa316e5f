"""Which measure of an older plan a newer one's measure continues: what is suggested, and what can be given. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from flask_babel import gettext as _

from crm.database import folded

LIKE = 0.6
"""How alike two texts are, of 1, before they are taken for the same thing in other words."""

Pair = tuple[str | None, str | None]
"""The code of the older and of the newer measure; None on a side says that the other has no counterpart."""


class Because(StrEnum):
    """Why a pair is suggested."""

    mapped = "mapped already"
    wording = "same wording"
    similar = "similar wording"
    code = "same code only"
    none = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A measure as it is compared. `texts` are its label and its wording, as far as it has them."""

    code: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    old: Item | None
    new: Item | None
    because: Because


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """How alike the two most alike of the texts are, from 0 to 1; letters, spaces and marks aside."""
    others = [folded(text) for text in other]
    return max(
        (
            SequenceMatcher(None, text, against, autojunk=False).ratio()
            for text in (folded(text) for text in one)
            for against in others
        ),
        default=0.0,
    )


def suggest(old: Sequence[Item], new: Sequence[Item], mapped: Iterable[Pair] = ()) -> list[Suggestion]:
    """A suggestion for each newer measure, in their order, then the older ones that are left.

    First come those that are mapped already, then the most alike, each measure once; of equally alike ones the pair
    with the same code. What is left is paired by its code alone, which a person must look at.
    """
    olds, news = {item.code: item for item in old}, {item.code: item for item in new}
    taken: dict[str, tuple[str, Because]] = {
        after: (before, Because.mapped) for before, after in mapped if before in olds and after in news
    }
    used = {before for before, _because in taken.values()}
    alike = sorted(
        (-likeness(one.texts, other.texts), one.code != other.code, place, one.code, other.code)
        for place, other in enumerate(new)
        for one in old
        if other.code not in taken and one.code not in used
    )
    for unlike, _other_code, _place, before, after in alike:
        if -unlike >= LIKE and after not in taken and before not in used:
            taken[after] = before, Because.wording if unlike == -1 else Because.similar
            used.add(before)
    for code in news.keys() & olds.keys():
        if code not in taken and code not in used:
            taken[code] = code, Because.code
            used.add(code)
    found = [
        Suggestion(olds[taken[item.code][0]], item, taken[item.code][1])
        if item.code in taken
        else Suggestion(None, item, Because.none)
        for item in new
    ]
    return found + [Suggestion(item, None, Because.none) for item in old if item.code not in used]


def pair_errors(
    pairs: Iterable[Pair], old: Collection[str], new: Collection[str], *, splits: bool
) -> list[str]:
    """Why the pairs cannot be used: codes that are not there, or are given more than once.

    Where it `splits`, several newer measures may come of one older; a newer one never comes of several.
    """
    pairs = list(pairs)
    errors = []
    for side, known in ((0, old), (1, new)):
        given = Counter(code for pair in pairs if (code := pair[side]) is not None)
        errors += [
            _("The older plan has no measure %(code)s", code=code)
            if side == 0
            else _("The newer plan has no measure %(code)s", code=code)
            for code in given
            if code not in known
        ]
        if side == 1 or not splits:
            errors += [
                _("%(code)s stands in more than one pair", code=code) for code, n in given.items() if n > 1
            ]
    return errors
