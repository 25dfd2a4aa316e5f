"""What an invitation says, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto

from crm.invitations.reading.recurrence import Rule
from crm.invitations.reading.zones import Zone
from crm.mail.reading import Person


class Method(StrEnum):
    request = auto()
    cancel = auto()
    reply = auto()
    other = auto()
    """A counter-proposal or a question, which nothing is made of here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """One meeting, or one occurrence of a series (`recurrence` is when it would have begun).

    Times are local to `zone` and naive; a date stands for a whole day, and `ends` is then the last day. `starts` is None
    only where a meeting is cancelled. `attendees` are those who have not declined, rooms left out. `answers` are what
    a reply says: address and PARTSTAT of each who answered.
    """

    method: Method
    uid: str
    sequence: int
    stamp: datetime | None
    zone: Zone
    recurrence: date | None = None
    starts: date | None
    ends: date | None
    title: str
    description: str
    place: str
    organiser: Person | None
    attendees: tuple[Person, ...] = ()
    rule: Rule | None = None
    more: tuple[date, ...] = ()
    without: tuple[date, ...] = ()
    private: bool = False
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def recurs(self) -> bool:
        return self.recurrence is None and (self.rule is not None or bool(self.more))
