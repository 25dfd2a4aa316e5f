"""From the bytes of a saved e-mail (.eml) to the draft of an enquiry. Pure, and bounded whatever was sent.

The caller is who wrote it; of what a colleague forwarded, whoever they forwarded. What a colleague wrote above it, and
earlier messages under it, are kept apart, and nothing is made up: what is not said stays empty for the user to fill in.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.enquiries.quoting import (
    firm_in,
    parted,
    phone_in,
    quoted_from_others,
    turned,
    without_prefixes,
)
from crm.mail.bodies import attached_messages, attached_names, text_of
from crm.mail.reading import MOST_BYTES, Fault, Mail, NotOpened, Person, parsed, person
from crm.web.forms.fields import tidy

__all__ = ["MOST_BYTES", "Draft", "Refusal", "Refused", "read"]

MOST_SUBJECT, MOST_TEXT, MOST_HISTORY, MOST_COVER = 200, 10_000, 2_000, 2_000
MOST_ATTACHED = 20
OLDEST = timedelta(days=366)
OUTLOOKS_OWN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TELLING = ("From", "Date", "Message-ID", "Received", "MIME-Version")


class Refusal(StrEnum):
    """Why a file does not become an enquiry, in words that say how to mend it."""

    too_large = auto()
    too_many_parts = auto()
    unreadable = auto()
    outlooks_own = auto()
    empty = auto()
    none = auto()

    @property
    def label(self) -> Any:
        return _LABELS[self]


_LABELS = {
    Refusal.too_large: _l("The e-mail is larger than 10 MB. Save it without its attachments."),
    Refusal.too_many_parts: _l("The e-mail has too many parts. Copy its text into the fields."),
    Refusal.unreadable: _l("This is not a saved e-mail. Choose a file that ends in .eml."),
    Refusal.outlooks_own: _l(
        "This is Outlook's own format (.msg), which cannot be read here. Save the e-mail as .eml, or copy its text "
        "into the fields."
    ),
    Refusal.none: _l("Choose the file with the e-mail first."),
    Refusal.empty: _l("The e-mail is empty. Choose another file."),
}


class Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the e-mail says. `email` is in lower case, `phone` E.164, `received_at` UTC and None where the e-mail's own
    day makes no sense; all texts may be empty.

    `cover` is what the colleague wrote who forwarded it, `history` the earlier messages under it, `was_cut` whether
    something was too long to be kept whole. `key` is what the e-mail is known by.
    """

    subject: str
    text: str
    name: str
    email: str | None
    firm: str
    phone: str | None
    received_at: datetime | None
    key: str | None
    forwarded_by: Person | None = None
    cover: str = ""
    history: str = ""
    was_cut: bool = False
    attached: tuple[str, ...] = ()


def read(raw: bytes, *, is_ours: Callable[[str], bool], at: datetime) -> Draft:
    """`is_ours` tells our own people's addresses, `at` is now. Raises Refused."""
    if raw.startswith(OUTLOOKS_OWN):
        raise Refused(Refusal.outlooks_own)
    if not raw.strip():
        raise Refused(Refusal.empty)
    try:
        mail = Mail(raw, *parsed(raw))
    except NotOpened as not_opened:
        raise Refused(_REFUSALS[not_opened.fault]) from not_opened
    if not any(mail.header(name) for name in _TELLING):
        raise Refused(Refusal.unreadable)
    try:
        return _drafted(mail, is_ours, at)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        # What the standard library raises for parts that contradict themselves.
        raise Refused(Refusal.unreadable) from error


_REFUSALS = {
    Fault.too_large: Refusal.too_large,
    Fault.too_many_parts: Refusal.too_many_parts,
    Fault.unreadable: Refusal.unreadable,
}


def _drafted(mail: Mail, is_ours: Callable[[str], bool], at: datetime) -> Draft:
    sender, message = mail.sender, mail.headers
    assert message is not None
    if sender is None or not is_ours(sender.email):
        return _written_by(sender, mail, message, at)
    answers_to = mail.answers_to
    if answers_to is not None and not is_ours(answers_to.email):  # a form on our own pages
        return _written_by(answers_to, mail, message, at)
    if _NOBODY.match(sender.email):
        return _from_form(mail, message, is_ours, at)
    return _attached(mail, message, is_ours, at) or _quoted(mail, message, is_ours, at)


_NOBODY = re.compile(r"(no-?reply|do-?not-?reply|ikke-?svar|postmaster|mailer-daemon)[\w.+-]*@")
_ADDRESS_LINE = re.compile(r"(?im)^(?:e-?post|e-?mail)[\w -]{0,20}[:\t ]+(\S{3,254}@\S{3,254})")
_NAME_LINE = re.compile(r"(?im)^(?:navn|namn|name)[\w -]{0,20}:[\t ]*(.{2,120})$")


def _from_form(mail: Mail, message: Message, is_ours: Callable[[str], bool], at: datetime) -> Draft:
    """What a program of ours sent on, with the caller in the fields of a form."""
    found = _written_by(None, mail, message, at)
    address, name = _ADDRESS_LINE.search(found.text), _NAME_LINE.search(found.text)
    caller = person(address[1].strip("<>.,;")) if address else None
    email = caller.email if caller and not is_ours(caller.email) else None
    return replace(found, email=email, name=tidy(name[1]) if name else "")


def _written_by(sender: Person | None, mail: Mail, message: Message, at: datetime) -> Draft:
    text = text_of(message)
    written, history = parted(text)
    if not written:
        written, history = history, ""
    return _kept(
        Draft(
            subject=mail.header("Subject"),
            text=written,
            name=turned(sender.name) if sender else "",
            email=sender.email if sender else None,
            firm=firm_in(written),
            phone=phone_in(written),
            received_at=_sane(_sent(mail), at),
            key=mail.key,
            history=history,
            attached=tuple(attached_names(message)),
        )
    )


def _attached(mail: Mail, message: Message, is_ours: Callable[[str], bool], at: datetime) -> Draft | None:
    """The first attached message of somebody else's, which brings its own key: it is the same however it came."""
    for inner in attached_messages(message):
        original = Mail(b"", inner)
        sender = original.sender
        if sender is None or is_ours(sender.email):
            continue
        found = _written_by(sender, original, inner, at)
        cover = text_of(message)[:MOST_COVER]
        return replace(found, forwarded_by=mail.sender, cover=cover, key=found.key or mail.key)
    return None


def _quoted(mail: Mail, message: Message, is_ours: Callable[[str], bool], at: datetime) -> Draft:
    """What stands in the text under a head of its own; a colleague's own e-mail where nothing does."""
    quoted = quoted_from_others(text_of(message), is_ours)
    if quoted is None:
        return _written_by(mail.sender, mail, message, at)
    written, history = parted(quoted.text)
    return _kept(
        Draft(
            subject=quoted.subject or mail.header("Subject"),
            text=written or history,
            name=quoted.name,
            email=quoted.sender.email if quoted.sender else None,
            firm=firm_in(written),
            phone=phone_in(written),
            received_at=_sane(quoted.sent_at, at) or _sane(_sent(mail), at),
            key=mail.key,
            forwarded_by=mail.sender,
            cover=quoted.before[:MOST_COVER],
            history=history if written else "",
            attached=tuple(attached_names(message)),
        )
    )


def _kept(draft: Draft) -> Draft:
    """No longer than an enquiry may be. For want of a subject, how the text begins."""
    first = next((line for line in draft.text.split("\n") if line.strip()), "")
    subject = without_prefixes(draft.subject) or tidy(first)[:80]
    too_long = len(draft.text) > MOST_TEXT or len(draft.history) > MOST_HISTORY
    return replace(
        draft,
        subject=subject if len(subject) <= MOST_SUBJECT else f"{subject[: MOST_SUBJECT - 1].rstrip()}…",
        text=_shortened(draft.text, MOST_TEXT),
        history=_shortened(draft.history, MOST_HISTORY),
        name=draft.name[:MOST_SUBJECT],
        attached=draft.attached[:MOST_ATTACHED],
        was_cut=too_long,
    )


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _sent(mail: Mail) -> datetime | None:
    try:
        found = parsedate_to_datetime(mail.header("Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _sane(found: datetime | None, at: datetime) -> datetime | None:
    """In UTC, and neither in the future nor long ago."""
    try:
        instant = found.astimezone(UTC) if found is not None else None
    except (OverflowError, ValueError):
        return None
    return instant if instant is not None and at - OLDEST <= instant <= at else None
