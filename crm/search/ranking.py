"""Which of what was found comes first. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto
from typing import NamedTuple

from rapidfuzz import fuzz

from crm.search.models import BITS, EntryKind, NameKind
from crm.search.spelling import errors_allowed
from crm.search.wanted import Wanted


class Way(IntEnum):
    """How something was found, the best first."""

    exact_number = auto()
    exact_name = auto()
    beginning = auto()
    words = auto()
    misspelt = auto()
    nowhere_near = auto()


class Row(NamedTuple):
    """What a statement found: by a name of a kind, by a number (`whole` or part of one), or by its words."""

    entry_id: int
    name: str | None
    name_kind: int | None
    label: str | None
    whole: bool | None
    ended: bool
    place: str | None
    text: str


@dataclass(slots=True)
class Candidate:
    """An entry that may be what is wanted. `found_as` is the folded name that it was found by, `label`
    how that is shown where it is not its main name.
    """

    entry_id: int
    way: Way
    ended: bool
    place: str | None
    text: str
    errors: float = 0.0
    unlike: float = 0.0
    found_as: str | None = None
    label: str | None = None
    kind: EntryKind = field(init=False)
    record_id: int = field(init=False)

    def __post_init__(self) -> None:
        self.kind = EntryKind(self.entry_id >> BITS)
        self.record_id = self.entry_id & ((1 << BITS) - 1)


_WHOLE_NAMES = frozenset(
    {NameKind.main, NameKind.other_order, NameKind.other, NameKind.address, NameKind.domain}
)


MOST_OF_A_NAME, SAME = 3, 14

Meanings = Mapping[str, Mapping[str, int]]
"""For words that may be misspelt: which others may be meant, and by how many slips."""


def candidates(wanted: Wanted, rows: Iterable[Row], meanings: Meanings) -> dict[int, Candidate]:
    """Each entry once, by the best way that it was found."""
    found: dict[int, Candidate] = {}
    for row in rows:
        way = _way(wanted, row)
        before = found.get(row.entry_id)
        if before is not None and before.way <= way:
            continue
        ended = bool(row.ended) or row.name_kind == NameKind.earlier
        candidate = Candidate(row.entry_id, way, ended, row.place, row.text)
        candidate.found_as, candidate.label = row.name, row.label
        if way is Way.words or way is Way.misspelt:
            candidate.errors = _errors(wanted, row.text, meanings)
            if candidate.errors >= 1:
                candidate.way = Way.misspelt
            if candidate.errors > 2 * len(wanted.words) + 1:
                candidate.way = Way.nowhere_near
        if candidate.way >= Way.beginning:
            candidate.unlike = _unlike(wanted, candidate)
        if before is None or candidate.way < before.way:
            found[row.entry_id] = candidate
    return found


def _way(wanted: Wanted, row: Row) -> Way:
    if row.whole is not None:
        return Way.exact_number if row.whole else Way.beginning
    if row.name is None:
        return Way.words
    if row.name_kind == NameKind.context:
        return Way.words
    if row.name == wanted.folded:
        return Way.exact_name
    if row.name.startswith(wanted.folded):
        return Way.beginning
    return Way.misspelt


def _unlike(wanted: Wanted, candidate: Candidate) -> float:
    """Less the liker: whole names in any order of their words, but of beginnings only as much as was typed."""
    size = len(wanted.folded)
    if candidate.way is Way.beginning:
        return -float((candidate.found_as or "").startswith(f"{wanted.folded} "))
    return -fuzz.token_sort_ratio(wanted.folded, candidate.found_as or candidate.text[: size + 4])


def _errors(wanted: Wanted, text: str, meanings: Meanings) -> float:
    """Slips, all in all, between what was typed and the nearest words of an entry; a part of one for a word that is
    only begun. A short word that is not there counts as half.
    """
    words = text[:400].partition(" xm")[0].split()
    total = 0.0
    for word in wanted.words:
        if word in words:
            continue
        if any(one.startswith(word) for one in words):
            total += 0.01
            continue
        meant = meanings.get(word, {})
        near = [meant[one] for one in words if one in meant]
        if near:
            total += min(near)
        elif errors_allowed(word):
            total += 3
        else:
            total += 0.5 if len(word) < 4 else 2.0
    return total


def place_of(own: Collection[str], candidate: Candidate) -> tuple[object, ...]:
    """Its place in the order: how it was found; who somebody is before what they asked; what is current before what has ended; one's own municipality's before
    others; then the likest and the shortest.
    """
    elsewhere = candidate.place is not None and candidate.place not in own
    return (
        candidate.way,
        candidate.kind is EntryKind.enquiry,
        round(candidate.errors),
        candidate.ended,
        elsewhere,
        candidate.errors,
        candidate.unlike,
        len(candidate.found_as or candidate.text),
        candidate.kind,
        candidate.record_id,
    )


def best(own: Collection[str], found: Mapping[int, Candidate], number: int) -> Sequence[Candidate]:
    """The best so many, in order. Of what may only be meant, no name may take up the room of the others: its fourth
    bearer comes after them.
    """
    ordered = sorted(
        (one for one in found.values() if one.way is not Way.nowhere_near), key=lambda one: place_of(own, one)
    )
    bearers: Counter[str] = Counter()
    first: list[Candidate] = []
    later: list[Candidate] = []
    for one in ordered:
        name = one.found_as or one.text[:SAME]
        bearers[name] += 1
        crowds = one.way is Way.misspelt and bearers[name] > MOST_OF_A_NAME
        (later if crowds else first).append(one)
    return [*first, *later][:number]
