"""Marked-up text as people read it.

By looking for what begins and ends, each letter once: a parser of HTML that mends what is nested wrongly takes minutes
over a message of a million brackets. What comes back is plain text, and is shown as such.
"""

import html
import re

MARKED_UP = re.compile(r"<(?i:html|body|p|br|div|span|a|ul|b)[\s/>]")
_ENDS_LINE = re.compile(r"(?i)<(br\b[^<>]*|(/p|/div|/li|/h\d|/tr|/blockquote)\s*)>")
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_ENDS_CELL = re.compile(r"(?i)</t[dh]\s*>")
_NOT_READ = re.compile(r"(?i)<(!--|script\b|style\b|title\b)")
_ENDS_UNREAD = {
    "!--": re.compile("-->"),
    "script": re.compile("(?i)</script[^<>]*>"),
    "style": re.compile("(?i)</style[^<>]*>"),
    "title": re.compile("(?i)</title[^<>]*>"),
}


def without_markup(text: str) -> str:
    """The words alone, a line for each block; blanks stay as they are."""
    found = _ENDS_LINE.sub("\n", _ENDS_CELL.sub(" ", _read(text)))
    return html.unescape(_TAG.sub("", found))


def _read(text: str) -> str:
    """Without remarks, scripts and what else is not for reading; one that does not end goes on to the end."""
    kept, place = [], 0
    while begins := _NOT_READ.search(text, place):
        kept.append(text[place : begins.start()])
        ends = _ENDS_UNREAD[begins[1].lower()].search(text, begins.end())
        if ends is None:
            return "".join(kept)
        place = ends.end()
    return "".join([*kept, text[place:]])
