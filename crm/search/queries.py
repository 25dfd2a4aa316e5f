"""Finds what people type in the search box."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import select

from crm.accounts.models import User
from crm.database import words_match
from crm.extensions import db
from crm.organisations.models import Contact, Organisation


class Kind(StrEnum):
    """What can be found."""

    organisation = auto()
    contact = auto()
    site = auto()
    responsibility = auto()
    user = auto()
    enquiry = auto()
    measure = auto()
    interaction = auto()


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
    """The best hits first. `hidden` is how many confidential interactions matched that the viewer may not read."""

    hits: list[Hit]
    hidden: int = 0
    more: bool = False


def find(query: str, viewer: User, *, limit: int = 10, kinds: Collection[Kind] = tuple(Kind)) -> Found:  # noqa: ARG001  later
    """What the viewer may see of what the words, numbers or address may mean, best first; of the given kinds."""
    organisations = db.session.scalars(
        select(Organisation)
        .where(words_match(Organisation, query), Organisation.deleted_at.is_(None))
        .order_by(Organisation.sort_key)
        .limit(limit)
    )
    contacts = db.session.scalars(
        select(Contact)
        .where(words_match(Contact, query), Contact.deleted_at.is_(None))
        .order_by(Contact.sort_key)
        .limit(limit)
    )
    hits = [
        Hit(Kind.organisation, o.id, o.name, f"/organisations/{o.id}", organisation_id=o.id)
        for o in organisations
    ]
    hits += [Hit(Kind.contact, c.id, c.name, f"/contacts/{c.id}") for c in contacts]
    return Found(hits[:limit])
