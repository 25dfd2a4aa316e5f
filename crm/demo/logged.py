"""An interaction with everything that belongs to it, before it is written."""

from dataclasses import dataclass, field
from datetime import date, datetime

from crm.demo.staff import Colleague
from crm.demo.tagging import Tag
from crm.interactions.models import InteractionKind, InteractionStatus


@dataclass(slots=True)
class Promise:
    text: str
    owner_id: int
    due_on: date
    done_at: datetime | None


@dataclass(slots=True)
class Logged:
    """An interaction as it is written."""

    id: int
    kind: InteractionKind
    status: InteractionStatus
    title: str
    notes: str | None
    author: Colleague
    created_at: datetime
    starts_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str | None = None
    confidential: bool = False
    was_planned: bool = False
    revised_at: datetime | None = None
    binned: bool = False
    organisations: list[int] = field(default_factory=list)
    measures: list[Tag] = field(default_factory=list)
    contacts: list[tuple[int, int]] = field(default_factory=list)
    advisors: list[tuple[int, int]] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can be met at an organisation, and when."""

    contact_id: int
    affiliation_id: int
    name: str
    since: date
    until: date
