"""A message, or a calendar file, opened: who sent it, and the calendars in it as text."""

import codecs
import re
from dataclasses import dataclass
from email.message import Message

from crm.invitations.reasons import Reason, Unreadable
from crm.mail.reading import MOST_BYTES, Mail, NotOpened, in_words, parsed

MOST_CALENDARS = 20
CALENDAR_TYPES = {"text/calendar", "application/ics", "text/x-vcalendar", "application/x-ics"}


@dataclass(frozen=True, slots=True)
class Opened(Mail):
    """`headers` are None for a calendar file alone."""

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
    if len(raw) <= MOST_BYTES and _begins_calendar(raw):
        return Opened(raw)
    try:
        return Opened(raw, *parsed(raw))
    except NotOpened as not_opened:
        raise Unreadable(Reason(not_opened.fault.value)) from not_opened


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
