"""From the bytes of an .eml or .ics file to the meetings in it. Pure, and bounded whatever was sent."""

from crm.invitations.reading.calendars import read_calendar
from crm.invitations.reading.messages import Opened, opened
from crm.invitations.reading.values import Invited, Method
from crm.invitations.reasons import Reason, Unreadable
from crm.mail.reading import MOST_BYTES, Person

__all__ = ["MOST_BYTES", "Invited", "Method", "Opened", "Person", "opened", "read"]


def read(raw: bytes) -> tuple[list[Invited], list[Reason]]:
    """The meetings, each once however often it stands there, and why others could not be read.

    Raises Unreadable where there is no calendar at all, or too much of everything.
    """
    found: dict[tuple[object, ...], Invited] = {}
    problems: list[Reason] = []
    calendars = opened(raw).calendars()
    if not calendars:
        raise Unreadable(Reason.no_invitation)
    for calendar in calendars:
        invited, wrong = read_calendar(calendar)
        problems += wrong
        for one in invited:
            found.setdefault((one.uid, one.recurrence, one.sequence, one.stamp, one.method), one)
            if len(found) > MOST_MEETINGS:
                raise Unreadable(Reason.too_many_meetings)
    if not found and not problems:
        raise Unreadable(Reason.no_invitation)
    return sorted(found.values(), key=lambda one: one.recurrence is not None), list(dict.fromkeys(problems))


MOST_MEETINGS = 300
