"""How values read in the interface: Norwegian dates, numbers, telephone numbers and organisation numbers."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

import nh3
import phonenumbers
from flask import Flask
from flask_babel import format_date, format_decimal
from jinja2 import StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from crm.web.clock import local
from crm.web.locale import language

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable(["image"])
_ALLOWED = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip


def markdown(text: str | None) -> Markup:
    """Notes as safe HTML. Headings are moved down so that the page keeps its own outline."""
    if not text:
        return Markup()
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Markup(  # noqa: S704  cleaned on the line below
        nh3.clean(
            html, tags=_ALLOWED, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"}
        )
    )


@lru_cache(maxsize=4096)
def phone(number: str | None) -> str:
    """E.164 as people write it: Norwegian numbers without country code, others with it."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    norwegian = parsed.country_code == 47
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if norwegian else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, style)


def organisation_number(number: str | None) -> str:
    """974 760 673"""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""


def day(value: date | None, spoken: str | None = None) -> str:
    """03.09.2026, or 3 Sept 2026 in English. Who writes many gives the language along."""
    if value is None:
        return ""
    if (spoken or language()) == "en":
        return str(format_date(value, "d MMM y"))
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def long_day(value: date) -> str:
    """Torsdag 3. september 2026"""
    return str(format_date(value, "full"))


def moment(value: datetime | None) -> str:
    """03.09.2026 14:05, in Norwegian time"""
    return f"{day(local(value).date())} {local(value):%H:%M}" if value else ""


def local_day(value: datetime | None, spoken: str | None = None) -> str:
    """The day of an instant, in Norwegian time. Who writes many gives the language along."""
    return day(local(value).date(), spoken) if value else ""


def clock(value: datetime | None) -> str:
    return f"{local(value):%H:%M}" if value else ""


def number(value: float) -> str:
    """12 345,6; whole numbers the quick way, since a report has hundreds of them."""
    if isinstance(value, int):
        if -1000 < value < 1000:
            return str(value)
        return f"{value:,}".replace(",", "," if language() == "en" else "\u00a0")
    return str(format_decimal(value))


def bytes_in_words(size: int) -> str:
    """340 kB; 1,2 MB"""
    if size < 1_000_000:
        return f"{max(1, round(size / 1_000))}\u00a0kB"
    return f"{number(round(size / 1_000_000, 1))}\u00a0MB"


def register_formatting(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters: dict[str, Any] = {
        "markdown": markdown,
        "phone": phone,
        "organisation_number": organisation_number,
        "day": day,
        "long_day": long_day,
        "local_day": local_day,
        "moment": moment,
        "clock": clock,
        "number": number,
        "bytes_in_words": bytes_in_words,
    }
    app.jinja_env.filters.update(filters)
