"""An interaction with everything that belongs to it, before it is written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crm.demo.staff import Colleague
from crm.demo.tagging import Tag
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.interactions.vocabulary import Outcome, Signal


@dataclass(slots=True)
class Promise:
    text: str
    owner_id: int
    due_on: date
    done_at: datetime | None
    done_note: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of an introduction, and when somebody told."""

    outcome: Outcome
    note: str | None
    on: date
    at: datetime


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
    signals: list[Signal] = field(default_factory=list)
    ending: Ending | None = None
    further_words: None = None

    def as_audited(self) -> dict[str, Any]:
        """The interaction as its audit event tells of it when it is created."""
        return {
            "kind": self.kind.value,
            "status": "planned" if self.was_planned else self.status.value,
            "title": self.title,
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
            "starts_at": self.starts_at.isoformat() if self.starts_at else None,
            "ends_at": self.ends_at.isoformat() if self.ends_at else None,
            "place": self.place,
            "notes": self.notes,
            "confidential": self.confidential,
            "author_id": self.author.id,
            "organisations": self.organisations,
            "measures": [measure.code for measure in self.measures],
            "contact_participations": [contact for contact, _ in self.contacts],
            "advisor_participations": [user for user, _ in self.advisors],
            "signals": sorted(signal.value for signal in self.signals),
        }


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can be met at an organisation, and when."""

    contact_id: int
    affiliation_id: int
    name: str
    since: date
    until: date
