"""Fields that accept what people type, and say what to mend."""

import re
import unicodedata
from datetime import date, time
from typing import Any

import phonenumbers
from flask_babel import gettext as _
from wtforms import EmailField as WtfEmailField
from wtforms import Field, StringField, TelField, TextAreaField
from wtforms.widgets import DateInput, NumberInput, TimeInput

from crm.web.formatting import phone

INVISIBLE = re.compile(
    r"[\u200b\u200c\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
"""Zero-width and direction-changing characters, which make two names look alike; joiners inside emoji stay."""


def tidy(value: str) -> str:
    """One line as typed, without what cannot be seen and without doubled blanks."""
    return re.sub(r"\s+", " ", INVISIBLE.sub("", unicodedata.normalize("NFC", value))).strip()


def tidy_text(value: str) -> str:
    """Several lines as typed, without control characters."""
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", value).strip("\n")


class _Tidied:
    def process_formdata(self: Any, valuelist: list[str]) -> None:
        if valuelist:
            self.data = tidy(valuelist[0]) or None


class TextField(_Tidied, StringField):
    """One line; empty becomes None."""


class EmailField(_Tidied, WtfEmailField):
    """An address; empty becomes None, case is lowered."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data.lower() if self.data else None


class TextArea(TextAreaField):
    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = tidy_text(valuelist[0]) or None


def parse_phone(value: str) -> str:
    """E.164 from what people type; numbers without country code are Norwegian. Raises ValueError."""
    try:
        parsed = phonenumbers.parse(value, "NO")
    except phonenumbers.NumberParseException as error:
        raise ValueError(value) from error
    if not phonenumbers.is_possible_number(parsed) or not phonenumbers.is_valid_number(parsed):
        raise ValueError(value)
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


class _Kept(Field):
    """Shows again exactly what was typed when it could not be understood."""

    raw: str | None = None

    def _value(self) -> str:
        return self.raw if self.raw is not None else self.shown()

    def shown(self) -> str:
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.raw = tidy_text(valuelist[0])
        typed = tidy(valuelist[0])
        self.data = None
        if typed:
            self.data = self.understand(typed)

    def understand(self, typed: str) -> Any:
        raise NotImplementedError


class PhoneField(_Kept, TelField):
    """A telephone number; data is E.164, shown as people write it."""

    def shown(self) -> str:
        return phone(self.data)

    def understand(self, typed: str) -> str:
        try:
            return parse_phone(typed)
        except ValueError:
            raise ValueError(_("Enter a telephone number, such as 63 80 00 00 or +46 8 123 456 78")) from None


def parse_day(typed: str) -> date:
    """A day as browsers send it, or as Norwegians type it. Raises ValueError with what to mend."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed)
    parts = found.groups() if found else ()
    if not parts and (found := re.fullmatch(r"(\d{1,2})[./ ](\d{1,2})[./ ](\d{2}|\d{4})", typed)):
        d, m, y = found.groups()
        parts = (y if len(y) == 4 else f"20{y}", m, d)
    try:
        year, month, day = (int(part) for part in parts)
        value = date(year, month, day)
    except ValueError:
        raise ValueError(_("Enter a date as day.month.year, such as 03.09.2026")) from None
    if not 1900 <= value.year <= 2200:
        raise ValueError(_("Enter a year between 1900 and 2200"))
    return value


class DateField(_Kept):
    """A day: as browsers send it (2026-09-03) or as Norwegians type it (3.9.2026, 3.9.26)."""

    widget = DateInput()

    def shown(self) -> str:
        return self.data.isoformat() if self.data else ""

    def understand(self, typed: str) -> date:
        return parse_day(typed)


class TimeField(_Kept):
    """A time of day: 9, 9:30, 09.30 or 0930."""

    widget = TimeInput()

    def shown(self) -> str:
        return f"{self.data:%H:%M}" if self.data else ""

    def understand(self, typed: str) -> time:
        found = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?(?::\d{2})?", typed)
        try:
            assert found
            return time(int(found[1]), int(found[2] or 0))
        except (AssertionError, ValueError):
            raise ValueError(_("Enter a time as hours and minutes, such as 09:30")) from None


class NumberField(_Kept):
    """A whole number, blanks between digits allowed."""

    widget = NumberInput()

    def understand(self, typed: str) -> int:
        digits = re.sub(r"[\s\u00a0.]", "", typed)
        if not re.fullmatch(r"-?\d{1,9}", digits):
            raise ValueError(_("Enter a whole number, such as 25"))
        return int(digits)
