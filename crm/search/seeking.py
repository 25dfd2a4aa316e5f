"""The statements that look for entries; each made once, since making one costs more than asking it."""

from collections.abc import Mapping, Sequence
from itertools import islice, product
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    SmallInteger,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from crm.database import SortKey, among_texts, first_by_words, groups_of_words, ways_of_words
from crm.extensions import db
from crm.search.models import BITS, Crowd, EntryKind, SearchEntry, SearchName, SearchNumber, SearchSpelling
from crm.search.ranking import Row
from crm.search.spelling import Correction, corrections, errors_allowed, spellings
from crm.search.wanted import Wanted

OWN_WORD: Final = "xm"
"""Before a municipality's number, which is before each word once more of what lies there (migration 0019)."""
MOST_NEAR, MOST_MEANT, MOST_SPELLINGS = 24, 100, 600
MOST_NAMES: Final = 40
WHOLE_NUMBER: Final = 7
"""So many digits are no part of a name."""
_OWN: Final = "own_"
_e, _n, _d, _s = (model.__table__.c for model in (SearchEntry, SearchName, SearchNumber, SearchSpelling))

_NO_NAME: Final = cast(null(), SortKey(200)).label("name")
_NO_KIND: Final = cast(null(), SmallInteger).label("kind")
_NO_LABEL: Final = cast(null(), String).label("label")
_NOT_A_NUMBER: Final = cast(null(), Boolean).label("whole")


def _named(crowd: Crowd) -> Select[Any]:
    """The first names that begin as the query does."""
    begins = and_(
        _n.name >= bindparam("name_from", type_=SortKey), _n.name < bindparam("name_before", type_=SortKey)
    )
    return (
        select(_n.entry_id, _n.name, _n.kind, _n.label, _NOT_A_NUMBER)
        .where(_n.crowd == literal_column(str(int(crowd)), Integer), begins)
        .order_by(_n.name)
        .limit(bindparam("most", type_=Integer))
    )


def _numbered() -> Select[Any]:
    begins = and_(
        _d.digits >= bindparam("digits_from", type_=SortKey),
        _d.digits < bindparam("digits_before", type_=SortKey),
    )
    return (
        select(
            _d.entry_id,
            _NO_NAME,
            _NO_KIND,
            _NO_LABEL,
            and_(_d.whole, _d.digits == bindparam("digits_from", type_=SortKey)).label("whole"),
        )
        .where(begins)
        .order_by(_d.digits)
        .limit(bindparam("most", type_=Integer))
    )


def _worded(crowd: Crowd, name: str = "q_") -> Select[Any]:
    found = first_by_words(SearchEntry, part=int(crowd), name=name)
    return select(
        _e.id,
        _NO_NAME,
        _NO_KIND,
        _NO_LABEL,
        _NOT_A_NUMBER,
        _e.ended,
        _e.place,
        _e.search_text,
    ).where(found)


def _with_entry(found: Select[Any]) -> Select[Any]:
    rows = found.subquery()
    return select(rows, _e.ended, _e.place, _e.search_text).join_from(
        rows, SearchEntry.__table__, _e.id == rows.c.entry_id
    )


_CROWDS: Final = tuple(Crowd)
_WORDS: Final = [_worded(crowd) for crowd in _CROWDS]
_OWN_WORDS: Final = _worded(Crowd.organisations, _OWN)
_NAMED: Final = [_with_entry(_named(crowd)) for crowd in _CROWDS]
NUMBERS: Final = _with_entry(_numbered())
NAMES: Final = union_all(*_NAMED)
NAMES_AND_NUMBERS: Final = union_all(NUMBERS, *_NAMED)
WORDS: Final = union_all(*_WORDS)
OWN_WORDS: Final = _OWN_WORDS
SPELLINGS: Final = (
    select(_s.word).distinct().where(among_texts(_s.spelling, "spellings")).limit(MOST_SPELLINGS)
)
_MEANT_NAMES: Final = _with_entry(
    select(
        func.min(_n.entry_id).label("entry_id"), _n.name, func.min(_n.kind), func.min(_n.label), _NOT_A_NUMBER
    )
    .where(
        or_(*(_n.crowd == literal_column(str(int(crowd)), Integer) for crowd in _CROWDS)),
        among_texts(_n.name, "names"),
    )
    .group_by(_n.crowd, _n.name)
)
"""One bearer of each name and crowd: the text index finds the others."""
MEANT: Final = union_all(_MEANT_NAMES, *_WORDS)


def beginnings(wanted: Wanted) -> list[Row]:
    """What has the number, or a name that begins so."""
    values: dict[str, Any] = {"most": MOST_NEAR}
    if wanted.digits:
        values |= {"digits_from": wanted.digits, "digits_before": f"{wanted.digits}:"}
        if wanted.is_number and len(wanted.digits) >= WHOLE_NUMBER:
            return _rows(NUMBERS, values)
    values |= {"name_from": wanted.folded, "name_before": f"{wanted.folded}{{"}
    return _rows(NAMES_AND_NUMBERS if wanted.digits else NAMES, values)


def word_beginnings(wanted: Wanted, own: Sequence[str]) -> list[Row]:
    """What has words that begin so, in any order."""
    anywhere = [([word], ()) for word in wanted.telling]
    rows = _rows(WORDS, {"most": MOST_NEAR} | groups_of_words(anywhere))
    organisations = sum(row.entry_id >> BITS == EntryKind.organisation for row in rows)
    if own and organisations >= MOST_NEAR:
        here = [([f"{OWN_WORD}{number}{word}" for number in own], ()) for word in wanted.telling]
        rows += _rows(OWN_WORDS, {"most": MOST_NEAR} | groups_of_words(here, _OWN))
    return rows


def corrected(wanted: Wanted) -> dict[str, list[Correction]]:
    """For each word that can be misspelt, the words of the vocabulary that may be meant."""
    asked = {word: spellings(word) for word in wanted.words if errors_allowed(word)}
    if not asked:
        return {}
    every = sorted(set().union(*asked.values()))
    known = db.session.execute(SPELLINGS, {"spellings": every}).scalars().all()
    last = wanted.words[-1]
    return {word: corrections(word, known, open_ended=wanted.open_ended and word == last) for word in asked}


def is_known(word: str, found: Mapping[str, Sequence[Correction]]) -> bool:
    """Whether some name has the word, as far as can be told: not of numbers, nor of words that may be only begun."""
    return word not in found or any(one.errors == 0 for one in found[word])


def meant(wanted: Wanted, found: Mapping[str, Sequence[Correction]]) -> list[Row]:
    """What has the words or, for those that may be misspelt, one of those that may be meant; where nothing has all of
    three or more, one may be missing. A short word that is like no other need not be there.
    """
    words = [word for word in wanted.telling if len(word) > 3 or found.get(word)] or wanted.telling
    groups = [_group(word, found.get(word, ()), is_last=word == wanted.words[-1]) for word in words]
    rows = _rows(MEANT, {"most": MOST_MEANT, "names": _names_of(wanted, found)} | groups_of_words(groups))
    if not rows and len(groups) > 2:
        ways = [[*groups[:at], *groups[at + 1 :]] for at in range(len(groups))]
        rows = _rows(WORDS, {"most": MOST_MEANT} | ways_of_words(ways))
    return rows


def _group(word: str, found: Sequence[Correction], *, is_last: bool) -> tuple[Sequence[str], Sequence[str]]:
    is_word = any(one.word == word for one in found)
    return ([] if is_word and not is_last else [word]), [one.word for one in found]


def _names_of(wanted: Wanted, found: Mapping[str, Sequence[Correction]]) -> list[str]:
    """Whole names that may be meant, those with the fewest slips first."""
    spelt = [[(one.errors, one.word) for one in found.get(word, ())] or [(0, word)] for word in wanted.words]
    ways = sorted(islice(product(*spelt), 400), key=lambda way: sum(errors for errors, _ in way))
    return [" ".join(word for _, word in way) for way in ways[:MOST_NAMES]]


def _rows(statement: Any, values: Mapping[str, Any]) -> list[Row]:
    return [Row._make(row) for row in db.session.execute(statement, values)]
