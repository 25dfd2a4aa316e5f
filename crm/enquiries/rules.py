"""What makes an enquiry valid, and what may be done to it when. Pure; forms, the API and imports share it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask_babel import gettext as _

from crm.enquiries.models import Channel, EnquiryStatus, StepKind
from crm.organisations.rules import Rule, checked, email, line, one_of, phone, text
from crm.web.validation import Invalid

SUBJECT_LENGTH: Final = 200
TEXT_LENGTH: Final = 20_000
WORDS_LENGTH: Final = 2_000
FARTHEST_DEADLINE: Final = timedelta(days=366)
CALLER: Final = (
    "organisation_id",
    "contact_id",
    "caller_name",
    "caller_organisation",
    "caller_phone",
    "caller_email",
)

_new, _assigned, _waiting = EnquiryStatus.new, EnquiryStatus.assigned, EnquiryStatus.waiting
_answered, _closed = EnquiryStatus.answered, EnquiryStatus.closed
ALLOWED: Final[Mapping[StepKind, frozenset[EnquiryStatus]]] = {
    StepKind.assigned: frozenset({_new, _assigned, _waiting}),
    StepKind.waiting: frozenset({_new, _assigned}),
    StepKind.resumed: frozenset({_waiting}),
    StepKind.answered: frozenset({_new, _assigned, _waiting}),
    StepKind.closed: frozenset({_new, _assigned, _waiting, _answered}),
    StepKind.reopened: frozenset({_answered, _closed}),
}
"""From where each step may be taken. A note may be added at any time."""

PAUSING: Final = frozenset({StepKind.waiting, StepKind.answered, StepKind.closed})
RESUMING: Final = frozenset({StepKind.resumed, StepKind.reopened, StepKind.assigned})


def _subject(value: str | None) -> str:
    subject = line(SUBJECT_LENGTH)(value)
    if not subject:
        raise ValueError(_("Enter in a few words what it is about"))
    return str(subject)


VALUES: Final[Mapping[str, Rule]] = {
    "subject": _subject,
    "text": text(TEXT_LENGTH),
    "channel": one_of(Channel),
    "caller_name": line(200),
    "caller_organisation": line(200),
    "caller_phone": phone,
    "caller_email": email,
    "answer": text(TEXT_LENGTH),
}


def checked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Of the values that somebody types, each as it is stored. Raises Invalid."""
    return checked(VALUES, values)


def checked_words(value: str | None, *, needed: Any = None) -> str | None:
    """The word that goes along with a step. Raises Invalid with `words`; `needed` says what to write where it must be."""
    try:
        words = text(WORDS_LENGTH)(value)
    except ValueError as error:
        raise Invalid({"words": [str(error)]}) from None
    if not words and needed is not None:
        raise Invalid({"words": [needed]})
    return words or None


def check_caller(values: Mapping[str, Any]) -> None:
    """Somebody must have called. Raises Invalid with `organisation_id`."""
    if not any(values.get(name) for name in CALLER):
        raise Invalid(
            {
                "organisation_id": [
                    _("Choose who it is, or write what they said: a name, or a telephone number")
                ]
            }
        )


def check_deadline(due_on: date | None, received_on: date) -> None:
    """Raises Invalid with `due_on` for a day before it came in, or past a year later."""
    if due_on is None:
        raise Invalid({"due_on": [_("Enter the last day for an answer")]})
    if not received_on <= due_on <= received_on + FARTHEST_DEADLINE:
        raise Invalid({"due_on": [_("Enter a day from when it came in to a year later")]})


def check_step(kind: StepKind, status: str) -> None:
    """Raises Invalid with `status` where that cannot be done to an enquiry that stands so."""
    if EnquiryStatus(status) not in ALLOWED[kind]:
        raise Invalid({"status": [_refusals()[kind]]})


def may_be(kind: StepKind, status: str) -> bool:
    return EnquiryStatus(status) in ALLOWED[kind]


def _refusals() -> dict[StepKind, str]:
    return {
        StepKind.assigned: _("It has been answered or closed. Reopen it before you hand it over"),
        StepKind.waiting: _("Only what is new or assigned can wait for them"),
        StepKind.resumed: _("It does not wait for them"),
        StepKind.answered: _("It has been answered or closed already"),
        StepKind.closed: _("It has been closed already"),
        StepKind.reopened: _("It is open already"),
    }


def pauses(steps: Iterable[tuple[str, datetime]], until: datetime) -> list[tuple[datetime, datetime]]:
    """When it was not for us to do anything: from each step that makes it wait or ends it to the next that takes it up
    again. `steps` are kinds and instants in their order; a pause that lasts ends at `until`.
    """
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for kind, at in steps:
        if kind in PAUSING:
            since = since or at
        elif kind in RESUMING and since is not None:
            found.append((since, at))
            since = None
    return found if since is None else [*found, (since, until)]
