"""The statements that look for entries; each made once, since making one costs more than asking it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
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
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from crm.database import SortKey, among_texts, first_by_words, groups_of_words
from crm.extensions import db
from crm.search.models import Crowd, SearchEntry, SearchName, SearchNumber, SearchSpelling
from crm.search.ranking import Row
from crm.search.spelling import Correction, corrections, errors_allowed, spellings
from crm.search.wanted import Wanted

OWN_WORD: Final = "xm"
"""Before a municipality's number, which is before each word once more of what lies there (migration 0019)."""
MOST_NEAR, MOST_MEANT, MOST_SPELLINGS = 24, 120, 600
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
    begins = and_(_n.name >= bindparam("name_from", type_=SortKey), _n.name < bindparam("name_before", type_=SortKey))
    return (
        select(_n.entry_id, _n.name, _n.kind, _n.label, _NOT_A_NUMBER)
        .where(_n.crowd == literal_column(str(int(crowd)), Integer), begins)
        .order_by(_n.name)
        .limit(bindparam("most", type_=Integer))
    )


def _numbered() -> Select[Any]:
    begins = and_(
        _d.digits >= bindparam("digits_from", type_=SortKey), _d.digits < bindparam("digits_before", type_=SortKey)
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
    return select(rows, _e.ended, _e.place, _e.search_text).join_from(rows, SearchEntry.__table__, _e.id == rows.c.entry_id)


_CROWDS: Final = tuple(Crowd)
_WORDS: Final = [_worded(crowd) for crowd in _CROWDS]
_OWN_WORDS: Final = _worded(Crowd.organisations, _OWN)
_NAMED: Final = [_with_entry(_named(crowd)) for crowd in _CROWDS]
NUMBERS: Final = _with_entry(_numbered())
NAMES: Final = union_all(*_NAMED)
NAMES_AND_NUMBERS: Final = union_all(NUMBERS, *_NAMED)
NAMES_AND_WORDS: Final = union_all(*_NAMED, *_WORDS, _OWN_WORDS)
ALL: Final = union_all(NUMBERS, *_NAMED, *_WORDS, _OWN_WORDS)
SPELLINGS: Final = select(_s.word).distinct().where(among_texts(_s.spelling, "spellings")).limit(MOST_SPELLINGS)
_MEANT_NAMES: Final = _with_entry(
    select(_n.entry_id, _n.name, _n.kind, _n.label, _NOT_A_NUMBER)
    .where(or_(*(_n.crowd == literal_column(str(int(crowd)), Integer) for crowd in _CROWDS)), among_texts(_n.name, "names"))
    .limit(MOST_MEANT)
)
MEANT: Final = union_all(_MEANT_NAMES, *_WORDS, _OWN_WORDS)


def beginnings(wanted: Wanted, own: Sequence[str]) -> list[Row]:
    """What has the number, or a name or words that begin so."""
    values: dict[str, Any] = {"most": MOST_NEAR}
    if wanted.digits:
        values |= {"digits_from": wanted.digits, "digits_before": f"{wanted.digits}:"}
        if wanted.is_number and len(wanted.digits) >= WHOLE_NUMBER:
            return _rows(NUMBERS, values)
    values |= {"name_from": wanted.folded, "name_before": f"{wanted.folded}{{"}
    if wanted.is_address or not wanted.telling:
        return _rows(NAMES_AND_NUMBERS if wanted.digits else NAMES, values)
    values |= _words_of([(word, ()) for word in wanted.telling], own)
    return _rows(ALL if wanted.digits else NAMES_AND_WORDS, values)


def corrected(wanted: Wanted) -> dict[str, list[Correction]]:
    """For each word that can be misspelt, the words of the vocabulary that may be meant."""
    asked = {word: spellings(word) for word in wanted.words if errors_allowed(word)}
    if not asked:
        return {}
    every = sorted(set().union(*asked.values()))
    known = db.session.execute(SPELLINGS, {"spellings": every}).scalars().all()
    last = wanted.words[-1]
    return {
        word: corrections(word, known, open_ended=wanted.open_ended and word == last) for word in asked
    }


def meant(wanted: Wanted, found: Mapping[str, Sequence[Correction]], own: Sequence[str]) -> list[Row]:
    """What has the words or, for those that may be misspelt, one of those that may be meant. Short words that cannot be
    told from a slip need not be there.
    """
    groups = [(word, [one.word for one in found.get(word, ())]) for word in wanted.telling]
    spelt = [[word, *(one.word for one in found.get(word, ())[:4])] for word in wanted.words]
    names = [" ".join(words) for words, _ in zip(product(*spelt), range(64), strict=False)]
    return _rows(MEANT, {"most": MOST_MEANT, "names": names} | _words_of(groups, own))


def _words_of(groups: Sequence[tuple[str, Sequence[str]]], own: Sequence[str]) -> dict[str, str]:
    places = [f"{OWN_WORD}{number}" for number in own] or [f"{OWN_WORD}_"]
    anywhere = [([word], others) for word, others in groups]
    here = [
        ([f"{place}{word}" for place in places], [f"{place}{other}" for place in places for other in others])
        for word, others in groups
    ]
    return groups_of_words(anywhere) | groups_of_words(here, _OWN)


def _rows(statement: Any, values: Mapping[str, Any]) -> list[Row]:
    return [Row._make(row) for row in db.session.execute(statement, values)]
