"""Marked-up text as people read it."""

import html
import re

import nh3

MARKED_UP = re.compile(r"<(?i:html|body|p|br|div|span|a|ul|b)[\s/>]")
_ENDS_LINE = re.compile(r"(?i)<(br\s*/?|/p|/div|/li|/h\d|/tr|/blockquote)\s*>")
_NOT_READ = {"script", "style", "title"}


def without_markup(text: str) -> str:
    """The words alone, a line for each block; blanks stay as they are."""
    found = _ENDS_LINE.sub("\n", text)
    return html.unescape(nh3.clean(found, tags=set(), clean_content_tags=_NOT_READ))
