"""What a message says: its text, whatever it was written in, and the names of what is attached."""

import re
from email.message import Message

from crm.mail.reading import decoded, in_words
from crm.mail.wording import MARKED_UP, without_markup
from crm.web.forms.fields import INVISIBLE, tidy, tidy_text

MOST_BODY = 1024 * 1024
MOST_WORDS = 50_000
MOST_NAME = 80
_SOFT_BREAK = re.compile(r"(?m)^(?!>)(.*(?<!^--)) \n(?!>)")
_NOT_WORDS = re.compile(r"\[cid:[^\]\n]{1,200}\]|\[image:[^\]\n]{0,200}\]|<mailto:[^>\n]{1,300}>")


def own_parts(message: Message) -> list[Message]:
    """The parts of the message itself, without those of messages attached to it."""
    found, waiting = [], [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
            waiting += reversed([one for one in part.get_payload() if isinstance(one, Message)])
        else:
            found.append(part)
    return found


def attached_messages(message: Message) -> list[Message]:
    """The messages attached to it, as forwarding programs do."""
    found = []
    for part in own_parts(message):
        inner = _message_in(part)
        if inner is not None and inner.keys():
            found.append(inner)
    return found


def text_of(message: Message) -> str:
    """Plain text where there is some, else the marked-up one's words; empty where it holds neither."""
    written: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in own_parts(message):
        if part.get_content_type() in written and not _is_attached(part):
            written[part.get_content_type()].append(_words_of(part))
    plain, marked_up = ("\n\n".join(one for one in each if one.strip()) for each in written.values())
    text = plain if plain.strip() else marked_up
    text = _NOT_WORDS.sub("", INVISIBLE.sub("", tidy_text(text)))
    lines = (re.sub(r"[^\S\n]+", " ", line).rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:MOST_WORDS]


def attached_names(message: Message) -> list[str]:
    """What is attached, by name; pictures that stand in the text are not."""
    found = []
    for part in own_parts(message):
        inner = _message_in(part)
        if inner is not None:
            found.append(tidy(in_words(inner.get("Subject", "")))[:MOST_NAME] or "e-mail.eml")
        elif _is_attached(part) or part.get_content_maintype() not in {"text", "multipart", "image"}:
            found.append(tidy(in_words(part.get_filename() or ""))[-MOST_NAME:] or part.get_content_type())
    return found


def _message_in(part: Message) -> Message | None:
    inner = part.get_payload()
    if part.get_content_type() != "message/rfc822" or not isinstance(inner, list) or not inner:
        return None
    return inner[0] if isinstance(inner[0], Message) else None


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or (
        part.get_content_maintype() != "image" and part.get_filename() is not None
    )


def _words_of(part: Message) -> str:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return ""
    if not isinstance(content, bytes):
        return ""
    text = decoded(content[:MOST_BODY], part.get_content_charset()).replace("\r\n", "\n")
    if part.get_content_type() == "text/html":
        words = without_markup(re.sub(r"\s+", " ", text))
        return "\n".join(line.strip() for line in words.split("\n"))
    if MARKED_UP.match(text.lstrip()[:10]):
        return without_markup(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _SOFT_BREAK.sub(r"\1 ", text)
    return text
