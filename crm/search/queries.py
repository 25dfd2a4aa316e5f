"""Finds what people type in the search box."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from flask import current_app
from flask_babel import format_date

from crm.accounts.models import User
from crm.interactions.models import InteractionKind
from crm.search import seeking
from crm.search.models import EntryKind, Kind
from crm.search.noted import noted
from crm.search.ranking import Candidate, Meanings, Row, Way, best, candidates, place_of
from crm.search.showing import Shown, show
from crm.search.wanted import Wanted, wanted
from crm.web.clock import today
from crm.web.formatting import organisation_number, phone

__all__ = ["Found", "Hit", "Kind", "find"]
ENOUGH: Final = 3
"""So many that were found without a slip make it unlikely that there is one."""
FURTHER: Final = 5
"""So many more are looked at than are shown, since some of what ranks them is known only then."""


@dataclass(frozen=True)
class Hit:
    """What was found. `organisation_id` is whom it concerns, where that is one organisation; `topic_id` and `site_id`
    what it is about: by these the right contact is asked for. `matched` says by which other name or number it was found.
    """

    kind: Kind
    id: int
    title: str
    url: str
    subtitle: Any = ""
    matched: str | None = None
    organisation_id: int | None = None
    topic_id: int | None = None
    site_id: int | None = None


@dataclass(frozen=True)
class Found:
    """The best hits first; `more` where there are others."""

    hits: list[Hit]
    more: bool = False


def find(
    query: str,
    viewer: User,
    *,
    limit: int = 10,
    kinds: Collection[Kind] = tuple(Kind),
    besides: str = "",
) -> Found:
    """What the viewer may see of what the words, numbers or address may mean, best first; of the given kinds.

    `besides` are those of the words that are not about a topic: where hardly anything has them all (*berger tomt*), what
    they name is found.
    """
    looked_for = wanted(query)
    if not looked_for.words:
        return Found([])
    own = current_app.config["CRM"].own_municipalities
    is_named, certain, misspelt = _records(looked_for, wanted(besides), own, kinds, limit)
    met = []
    if Kind.interaction in kinds and len(certain) <= limit and not is_named:
        met = [_met(row) for row in noted(looked_for, viewer)]
    hits = certain + met + misspelt
    return Found(hits[:limit], more=len(hits) > limit)


def _records(
    looked_for: Wanted, besides: Wanted, own: Sequence[str], kinds: Collection[Kind], limit: int
) -> tuple[bool, list[Hit], list[Hit]]:
    """Whether somebody's whole name of several words was typed, or a whole number; what was found as it was typed; and
    what may have been meant.
    """
    if set(kinds) == {Kind.interaction}:
        return False, [], []
    if besides.words:
        nearest = _beside_a_topic(looked_for, besides, own, kinds, limit + FURTHER)
    else:
        nearest = _nearest(looked_for, own, kinds, limit + FURTHER)
    ids: dict[EntryKind, list[int]] = {}
    for candidate in nearest:
        ids.setdefault(candidate.kind, []).append(candidate.record_id)
    shown = show(ids, today())
    known = [(one, shown[one.kind, one.record_id]) for one in nearest if (one.kind, one.record_id) in shown]
    for candidate, record in known:
        candidate.ended = candidate.ended or record.ended
        candidate.place = candidate.place or record.municipality
    known.sort(key=lambda pair: place_of(own, pair[0]))
    certain = [_hit(looked_for, one, record) for one, record in known if one.way is not Way.misspelt]
    misspelt = [_hit(looked_for, one, record) for one, record in known if one.way is Way.misspelt]
    is_named = bool(known) and known[0][0].way <= Way.exact_name and len(looked_for.words) > 1
    return is_named, certain, misspelt


def _beside_a_topic(
    looked_for: Wanted, besides: Wanted, own: Sequence[str], kinds: Collection[Kind], limit: int
) -> Sequence[Candidate]:
    """Names that begin with all the words, before those that the words beside the topic name."""
    found = candidates(looked_for, seeking.beginnings(looked_for), MappingProxyType({}))
    first = best(own, {key: one for key, one in found.items() if one.kind.kind in kinds}, limit)
    known = {(one.kind, one.record_id) for one in first}
    others = _nearest(besides, own, kinds, limit)
    return [*first, *(one for one in others if (one.kind, one.record_id) not in known)][:limit]


def _nearest(
    looked_for: Wanted, own: Sequence[str], kinds: Collection[Kind], limit: int
) -> Sequence[Candidate]:
    """Step by step, and no further than what is found makes it worth while."""

    def of_kinds(rows: list[Row], meanings: Meanings = MappingProxyType({})) -> dict[int, Candidate]:
        found = candidates(looked_for, rows, meanings)
        return {key: one for key, one in found.items() if one.kind.kind in kinds}

    rows = seeking.beginnings(looked_for)
    found = of_kinds(rows)
    if looked_for.is_number or not looked_for.telling:
        return best(own, found, limit)
    is_certain = any(one.way <= Way.exact_name for one in found.values()) and len(looked_for.telling) > 1
    if len(found) > limit or is_certain:
        return best(own, found, limit)
    corrected = seeking.corrected(looked_for)
    if all(seeking.is_known(word, corrected) for word in looked_for.telling):
        rows += seeking.word_beginnings(looked_for, own)
        found = of_kinds(rows)
    if len(found) < ENOUGH and not (found and looked_for.is_address):
        meanings = {word: {one.word: one.errors for one in meant} for word, meant in corrected.items()}
        rows += seeking.meant(looked_for, corrected)
        found = of_kinds(rows, meanings)
    return best(own, found, limit)


def _hit(looked_for: Wanted, one: Candidate, record: Shown) -> Hit:
    return Hit(
        one.kind.kind,
        one.record_id,
        record.title,
        record.url,
        record.subtitle,
        one.label or _number(looked_for, record),
        record.organisation_id,
        record.topic_id,
        record.site_id,
    )


def _number(looked_for: Wanted, record: Shown) -> str | None:
    """The record's number that was looked for, or has the part that was, as people write it."""
    digits = looked_for.digits
    number = next((number for number in record.numbers if digits and number and digits in number), None)
    return phone(number) if number and number.startswith("+") else organisation_number(number) or None


def _met(row: Any) -> Hit:
    kind = InteractionKind(row.kind).label
    return Hit(
        Kind.interaction,
        row.id,
        row.title,
        f"/interactions/{row.id}",
        f"{kind} · {format_date(row.listed_on)}",
    )
