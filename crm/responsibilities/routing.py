"""Who is the right contact, and why. Pure: whoever asks has loaded what it needs (see queries.py)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Person:
    """One of ours, as somebody who has a caller on the line needs them."""

    id: int
    name: str
    phone: str | None = None
    email: str | None = None
    unit: str | None = None
    phone_hours: str | None = None
    away_until: date | None = None


@dataclass(frozen=True)
class OwnContact:
    """The organisation's own person for what is asked about, and why it is they (in the reader's language)."""

    id: int
    name: str
    reason: Any
    title: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class RightContact:
    """The answer to "who should they speak to?".

    `person` is who to name: where `responsible` is away, the deputy. None for both where only a unit, or nobody at all, is
    responsible: then the enquiry goes to the queue. `ties` are others that are just as specific: shown, not hidden.
    `reason` is in words of the reader's language; `rule` names the rule that decided.
    """

    rule: str
    reason: Any
    responsible: Person | None = None
    person: Person | None = None
    unit_id: int | None = None
    unit: str | None = None
    ties: tuple[Person, ...] = field(default=())
    own: OwnContact | None = None
