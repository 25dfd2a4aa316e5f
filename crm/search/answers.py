"""What a search answers: the hits, and with each whom the caller should speak to."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from crm.accounts.models import User
from crm.responsibilities.queries import right_contacts, understood
from crm.responsibilities.routing import RightContact
from crm.search.queries import Found, Hit, Kind, find

LONGEST = 200
NUMBERS = frozenset("0123456789 +()-./\u00a0")
DIGITS_OF_A_NUMBER = 8
NOBODY_TO_ASK = frozenset({Kind.user, Kind.measure, Kind.enquiry})
"""Hits that name their own person, or need none."""


@dataclass(frozen=True)
class Answer:
    """A hit, and the right contact for it; None where there is nobody to ask for."""

    hit: Hit
    right: RightContact | None = None


@dataclass(frozen=True)
class Answers:
    """The best hits first. `asked` is the right contact for the topic and the site that the words name, whoever calls,
    with the person of the site's developer; None where they name neither.
    """

    query: str
    found: tuple[Answer, ...] = ()
    more: bool = False
    topic_id: int | None = None
    site_id: int | None = None
    asked: RightContact | None = None

    @property
    def is_number(self) -> bool:
        """Whether a whole number was typed: then the first hit is it."""
        return is_number(self.query)


def is_number(query: str) -> bool:
    """Whether what was typed is an organisation number or a telephone number, whole, in any spacing."""
    return set(query) <= NUMBERS and sum(c.isdigit() for c in query) >= DIGITS_OF_A_NUMBER


def cleaned(query: str | None) -> str:
    """What was typed, in one line of characters that are some; "" for nothing."""
    printable = "".join(c if c.isprintable() else " " for c in query or "")
    return " ".join(printable.split())[:LONGEST].rstrip()


def answers(
    query: str, viewer: User, *, day: date, limit: int = 10, kinds: Collection[Kind] = tuple(Kind)
) -> Answers:
    """What the viewer may see of what the words mean, with the right contact of each on that day. As many statements for
    one hit as for many.
    """
    query = cleaned(query)
    if not query:
        return Answers("")
    about = understood(query)
    found = find(query, viewer, limit=limit, kinds=kinds, besides=about.besides)
    topic_id, site_id = about.topic_id, about.site_id
    concerned = sorted({hit.organisation_id for hit in found.hits if hit.organisation_id is not None})
    rights = right_contacts(concerned, topic=topic_id, site=site_id, day=day)
    asked = _asked(found, rights, site_id) if topic_id or site_id else None
    return Answers(
        query=query,
        found=tuple(Answer(hit, _right(hit, rights, topic_id, site_id)) for hit in found.hits),
        more=found.more,
        topic_id=topic_id,
        site_id=site_id,
        asked=asked if asked and (asked.rule != "nobody" or not found.hits) else None,
    )


def _asked(found: Found, rights: dict[int | None, RightContact], site_id: int | None) -> RightContact:
    """Whoever answers for what is asked about, with the person of the site's developer."""
    developers = (
        hit.organisation_id for hit in found.hits if hit.kind == Kind.site and hit.site_id == site_id
    )
    developer = next(developers, None)
    return replace(rights[None], own=rights[developer].own if developer is not None else None)


def _right(
    hit: Hit, rights: dict[int | None, RightContact], topic_id: int | None, site_id: int | None
) -> RightContact | None:
    if hit.kind in NOBODY_TO_ASK:
        return None
    if hit.organisation_id is not None:
        return rights[hit.organisation_id]
    if hit.kind == Kind.contact:
        return rights[None]
    about_it = (
        (hit.topic_id or hit.site_id) and hit.topic_id in {None, topic_id} and hit.site_id in {None, site_id}
    )
    return rights[None] if about_it else None
