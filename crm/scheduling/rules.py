"""What somebody invited must be told, by what they were told last. Pure.

The rules are those of iTIP (RFC 5546): a REQUEST invites and tells of a change, a CANCEL takes it back.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from crm.calendars.writing import Answer, Method
from crm.interactions.models import InteractionStatus
from crm.interactions.rules import is_over
from crm.scheduling.models import CANCELLED

MESSAGE_LENGTH = 1_000
MOST_INVITED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A planned interaction as those invited see it. `starts_on` is local, the instants aware."""

    status: str
    is_binned: bool
    title: str
    place: str | None
    starts_on: date | None
    starts_at: datetime | None
    ends_at: datetime | None

    @property
    def fingerprint(self) -> str:
        """The same for as long as nothing has changed that is worth a message: what it is, when and where."""
        words = (self.title, self.place or "", self.starts_on, self.starts_at, self.ends_at)
        return hashlib.sha256("\n".join(str(word) for word in words).encode()).hexdigest()

    @property
    def stands(self) -> bool:
        return self.status == InteractionStatus.planned and not self.is_binned


def method_due(
    meeting: Meeting, *, told: str | None, answer: str, takes_part: bool, is_withdrawn: bool, at: datetime
) -> Method | None:
    """REQUEST, CANCEL, or None where they know already, or where the time has passed.

    Whoever has said no is no participant any more, but hears of a new time.
    """
    if meeting.status == InteractionStatus.held or is_over(
        meeting.starts_on, meeting.starts_at, meeting.ends_at, at
    ):
        return None
    if meeting.stands and not is_withdrawn and (takes_part or answer == Answer.declined):
        return Method.request if told != meeting.fingerprint else None
    return None if told in {None, CANCELLED} else Method.cancel


def is_news(*, answered_at: datetime | None, at: datetime, sequence: int, told_sequence: int | None) -> bool:
    """Whether a reply, given at an instant to the invitation with the sequence, says more than what is known: neither
    older than the last one nor to a time that has been changed since.
    """
    return (answered_at is None or at >= answered_at) and sequence >= (told_sequence or 0)
