"""Why a message, or a meeting in it, was not taken; each in words that say how to mend it."""

from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l


class Reason(StrEnum):
    too_large = auto()
    too_many_parts = auto()
    too_many_meetings = auto()
    unreadable = auto()
    no_invitation = auto()
    winmail = auto()
    reply = auto()
    ours = auto()
    no_start = auto()
    unknown_zone = auto()
    rule = auto()
    this_and_future = auto()
    over = auto()
    nobody = auto()
    not_theirs = auto()
    older = auto()
    unknown_meeting = auto()
    kept = auto()
    failed = auto()
    unknown_sender = auto()
    not_authenticated = auto()
    refused_by_hand = auto()
    expired = auto()

    @property
    def label(self) -> Any:
        return _LABELS[self]


_LABELS = {
    Reason.too_large: _l("It is larger than 10 MB. Send the invitation without attachments."),
    Reason.too_many_parts: _l("It has too many parts to be an invitation. Send the invitation alone."),
    Reason.too_many_meetings: _l("It holds too many meetings. Send at most 300 at a time."),
    Reason.unreadable: _l("It could not be read. Save the meeting as an .ics file and send that."),
    Reason.no_invitation: _l(
        "It holds no invitation. Add this address to the meeting itself, or attach its .ics file."
    ),
    Reason.winmail: _l(
        "It was sent in Outlook's own format (winmail.dat). Send it as HTML or plain text, or save it as an .ics file."
    ),
    Reason.reply: _l("It is an answer to an invitation, and changes nothing here."),
    Reason.ours: _l("It is an interaction from here already, and was left as it is."),
    Reason.no_start: _l("The meeting has no time that can be understood. Enter it by hand."),
    Reason.unknown_zone: _l(
        "The meeting's time zone is not known, so that its time would be a guess. Enter it by hand."
    ),
    Reason.rule: _l("The meeting repeats in a way that cannot be kept here. Enter the meetings by hand."),
    Reason.this_and_future: _l(
        "It changes one meeting and all after it. Ask the organiser to send the whole series."
    ),
    Reason.over: _l("All meetings of the series are over. Log those that were held."),
    Reason.nobody: _l("Neither the organiser nor anybody invited is a user who logs interactions."),
    Reason.not_theirs: _l("The meeting is somebody else's. Only who takes part in it can change it."),
    Reason.older: _l("What is kept already is the same or newer."),
    Reason.unknown_meeting: _l("It cancels a meeting that is not kept here."),
    Reason.kept: _l("The interaction is finished or in the bin, and was left as it is."),
    Reason.failed: _l("Something went wrong while it was taken in. An administrator can try again."),
    Reason.unknown_sender: _l("The sender is not a user."),
    Reason.not_authenticated: _l("It is not proved that the sender sent it."),
    Reason.refused_by_hand: _l("An administrator did not take it."),
    Reason.expired: _l("Nobody took it within 30 days."),
}


class Unreadable(Exception):
    """What was sent cannot be taken, for a reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
