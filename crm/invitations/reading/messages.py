"""A message, or a calendar file, opened: who sent it, and the calendars in it as text."""

import codecs
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses
from typing import Any

from crm.invitations.reading.values import Person
from crm.invitations.reasons import Reason, Unreadable
from crm.web.forms.fields import tidy

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 50
MOST_CALENDARS = 20
MOST_HEADER = 10_000
CALENDAR_TYPES = {"text/calendar", "application/ics", "text/x-vcalendar", "application/x-ics"}
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,189}")
_LISTS = {"bulk", "list", "junk", "auto_reply"}


@dataclass(frozen=True, slots=True)
class Opened:
    """`headers` are the message's, None for a calendar file alone. Header values are in the order they stand in."""

    raw: bytes
    headers: Message | None = None
    parts: list[Message] = field(default_factory=list)

    def all_of(self, name: str) -> list[str]:
        """What the headers of that name say."""
        found = self.headers.get_all(name, []) if self.headers is not None else []
        return [in_words(value) for value in found]

    def header(self, name: str) -> str:
        return next(iter(self.all_of(name)), "")

    @property
    def sender(self) -> Person | None:
        """Who it is from, if one header names one person: with several, programs differ in whom they show."""
        fields = self.all_of("From")
        people = getaddresses(fields) if len(fields) == 1 else []
        if len(people) != 1:
            return None
        name, address = people[0]
        return person(address, name)

    @property
    def wants_no_answer(self) -> bool:
        """Whether a program sent it, so that an answer would go round in circles."""
        if self.headers is None:
            return True
        automatic = self.header("Auto-Submitted").partition(";")[0].strip().lower() not in {"", "no"}
        listed = self.header("Precedence").strip().lower() in _LISTS or bool(self.header("List-Id"))
        returned = any(value.strip() == "<>" for value in self.all_of("Return-Path"))
        sender = self.sender
        daemon = sender is None or sender.email.partition("@")[0] in {
            "mailer-daemon",
            "postmaster",
            "noreply",
        }
        return automatic or listed or returned or daemon

    def calendars(self) -> list[str]:
        """Each calendar once. Raises Unreadable where there are too many, or only Outlook's own format."""
        if self.headers is None:
            return [as_text(self.raw, None)]
        texts = [_calendar_of(part) for part in self.parts if _is_calendar(part)]
        calendars = list(dict.fromkeys(text for text in texts if text))
        if len(calendars) > MOST_CALENDARS:
            raise Unreadable(Reason.too_many_parts)
        if not calendars and any(part.get_content_type() == "application/ms-tnef" for part in self.parts):
            raise Unreadable(Reason.winmail)
        return calendars


def opened(raw: bytes) -> Opened:
    """Raises Unreadable for what is too large, has too many parts or makes no sense."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(Reason.too_large)
    if _begins_calendar(raw):
        return Opened(raw)
    try:
        message = message_from_bytes(raw, policy=compat32)
        parts = []
        for part in message.walk():
            parts.append(part)
            if len(parts) > MOST_PARTS:
                raise Unreadable(Reason.too_many_parts)
    except (RecursionError, MessageError, ValueError, LookupError, AssertionError) as error:
        raise Unreadable(Reason.unreadable) from error
    if not message.keys():
        raise Unreadable(Reason.unreadable)
    return Opened(raw, message, parts)


def in_words(value: Any) -> str:
    """A header's value as people read it, in one line; what cannot be decoded stays as it stands."""
    text = str(value)[:MOST_HEADER]
    try:
        text = str(make_header(decode_header(text)))
    except (ValueError, LookupError, MessageError):
        text = text.encode("utf-8", "replace").decode()
    return " ".join(text.split())


def person(address: str, name: str = "") -> Person | None:
    """Somebody by their address, whatever stands before it (`MAILTO:`); None where there is none."""
    email = re.sub(r"(?i)^\s*mailto:", "", address).strip().strip("<>").lower()
    if not EMAIL.fullmatch(email) or email.endswith(":nomail"):
        return None
    name = tidy(name)[:120]
    return Person(email, "" if name.lower() == email else name)


def as_text(raw: bytes, charset: str | None) -> str:
    """A calendar as text with its folded lines joined: by bytes, since some programs fold within a letter."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            raw = raw.decode(encoding, "replace").encode()
    raw = (
        raw.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\x00", b"")
    )
    unfolded = re.sub(rb"\n[ \t]", b"", raw)
    for encoding in ("utf-8", charset or "cp1252"):
        try:
            return unfolded.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return unfolded.decode("cp1252", "replace")


def _begins_calendar(raw: bytes) -> bool:
    start = raw[:400].replace(b"\x00", b"").lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + b" \t\r\n")
    return start[:15].upper() == b"BEGIN:VCALENDAR"


def _is_calendar(part: Message) -> bool:
    if part.is_multipart():
        return False
    name = in_words(part.get_filename() or "").lower()
    return part.get_content_type() in CALENDAR_TYPES or name.endswith((".ics", ".ical", ".vcs"))


def _calendar_of(part: Message) -> str:
    content = part.get_payload(decode=True)
    return as_text(content, part.get_content_charset()) if isinstance(content, bytes) else ""
