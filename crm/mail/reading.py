"""A message as it was sent (RFC 5322), opened in bounded time: its headers in words, its parts, who it is from."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses
from enum import StrEnum, auto
from hashlib import sha256
from typing import Any

from crm.web.forms.fields import tidy

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 50
MOST_HEADER = 10_000
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,189}")
_LISTS = {"bulk", "list", "junk", "auto_reply"}


class Fault(StrEnum):
    """Why a message cannot be opened."""

    too_large = auto()
    too_many_parts = auto()
    unreadable = auto()


class NotOpened(Exception):
    """What was sent cannot be opened as a message."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an address in lower case; `name` may be empty."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """`headers` are the message's, None where there are none to have. Header values are in the order they stand in."""

    raw: bytes
    headers: Message | None = None
    parts: list[Message] = field(default_factory=list)

    def all_of(self, name: str) -> list[str]:
        """What the headers of that name say."""
        return [in_words(value) for value in self._written(name)]

    def header(self, name: str) -> str:
        return next(iter(self.all_of(name)), "")

    @property
    def key(self) -> str | None:
        """What the message is known by: a digest of its Message-ID, None where it has none."""
        identity = self.header("Message-ID")
        return sha256(identity.encode("utf-8", "replace")).hexdigest() if identity else None

    @property
    def sender(self) -> Person | None:
        """Who it is from, if one header names one person: with several, programs differ in whom they show."""
        return self._one_person("From")

    @property
    def answers_to(self) -> Person | None:
        """Who is to have the answer, if it names one person for that."""
        return self._one_person("Reply-To")

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

    def _written(self, name: str) -> list[str]:
        """As it was sent, before any decoding."""
        if self.headers is None:
            return []
        return [str(value) for key, value in self.headers.raw_items() if key.lower() == name.lower()]

    def _one_person(self, name: str) -> Person | None:
        """Names are put into words after the addresses were told apart: a name may hold a comma."""
        fields = self._written(name)
        people = getaddresses([" ".join(fields[0][:MOST_HEADER].split())]) if len(fields) == 1 else []
        return person(people[0][1], in_words(people[0][0])) if len(people) == 1 else None


def parsed(raw: bytes) -> tuple[Message, list[Message]]:
    """The message and its parts, itself first. Raises NotOpened for what is too large, has too many parts or makes no
    sense.
    """
    if len(raw) > MOST_BYTES:
        raise NotOpened(Fault.too_large)
    try:
        message = message_from_bytes(raw, policy=compat32)
        parts = []
        for part in message.walk():
            parts.append(part)
            if len(parts) > MOST_PARTS:
                raise NotOpened(Fault.too_many_parts)
    except (RecursionError, MessageError, ValueError, LookupError, AssertionError) as error:
        raise NotOpened(Fault.unreadable) from error
    if not message.keys():
        raise NotOpened(Fault.unreadable)
    return message, parts


def in_words(value: Any) -> str:
    """A header's value as people read it, in one line; what cannot be decoded stays as it stands."""
    text = str(value)[:MOST_HEADER]
    if not text.isascii():  # letters sent as they are, against the rules
        text = decoded(text.encode("utf-8", "surrogateescape"), "utf-8")
    try:
        text = str(make_header(decode_header(text)))
    except (ValueError, LookupError, MessageError):
        text = _as_far_as_possible(text).encode("utf-8", "replace").decode()
    return " ".join(text.split())


def _as_far_as_possible(text: str) -> str:
    try:
        pieces: list[tuple[Any, str | None]] = decode_header(text)
    except (ValueError, LookupError, MessageError):
        return text
    return "".join(decoded(one, charset) if isinstance(one, bytes) else one for one, charset in pieces)


def decoded(raw: bytes, charset: str | None) -> str:
    """Text from bytes. What says ISO 8859-1 is read as browsers do, and what says nothing true as Windows wrote it."""
    named = (charset or "").lower()
    first = [named] if _CHARSETS.fullmatch(named) and not _WESTERN.fullmatch(named) else []
    for encoding in (*first, "utf-8"):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


_CHARSETS = re.compile(
    r"(utf-?(8|16|32)|windows-|cp12|iso-?8859-|iso-2022-|koi8|big5|gb|euc|shift_jis|mac)[\w.-]*"
)
"""Some of Python's encodings are no letters' at all, and take very long."""
_WESTERN = re.compile(r"(iso-?8859-1|windows-1252|cp1252|us-ascii)")


def person(address: str, name: str = "") -> Person | None:
    """Somebody by their address, whatever stands before it (`MAILTO:`); None where there is none."""
    email = re.sub(r"(?i)^\s*mailto:", "", address).strip().strip("<>").lower()
    if not EMAIL.fullmatch(email) or email.endswith(":nomail"):
        return None
    name = tidy(name)[:120]
    return Person(email, "" if name.lower() == email else name)
