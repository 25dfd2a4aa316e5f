"""The kinds of values that bodies and addresses of the API hold. They say what a value is; whether it is a good one is
for the rules that forms and imports share, so that everybody is told the same.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import marshmallow as ma

from crm.web.clock import OSLO

LARGEST_ID = 2**31 - 1
YEARS = range(1900, 2200)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LOST_PLUS = re.compile(r" (?=\d{2}:?\d{2}$)", re.ASCII)
"""Where a plus sign stood that an address turned into a blank."""


class Schema(ma.Schema):
    """Unknown fields are refused, not ignored. `required` is for the documentation: that something is missing is told
    by the rules, in the words of the forms.
    """

    class Meta:
        unknown = ma.RAISE

    def load(self, data: Any, **options: Any) -> Any:
        return super().load(data, **options | {"partial": True})


class Changes(Schema):
    """The base of what PATCH takes: any of the fields."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"partial": True})


class Text(ma.fields.String):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise ma.ValidationError("This text holds characters that are none.")
        return text


class Number(ma.fields.Integer):
    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)


class Id(Number):
    def __init__(self, **options: Any) -> None:
        super().__init__(validate=ma.validate.Range(1, LARGEST_ID), **options)


class IdAsked(ma.fields.Integer):
    """An id in an address, where everything is text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=ma.validate.Range(1, LARGEST_ID), **options)


class _Strict:
    """Takes what `read` takes, which raises ValidationError."""

    read: Callable[[Any], Any]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002  the library's protocol
        return type(self).read(value)


class Flag(_Strict, ma.fields.Boolean):
    @staticmethod
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ma.ValidationError("Give true or false.")
        return value


class Day(_Strict, ma.fields.Date):
    """YYYY-MM-DD."""

    @staticmethod
    def read(value: Any) -> date:
        return read_day(value)


class Moment(_Strict, ma.fields.DateTime):
    """An instant with its offset."""

    @staticmethod
    def read(value: Any) -> datetime:
        return read_instant(value)


class DayOrMoment(_Strict, ma.fields.String):
    @staticmethod
    def read(value: Any) -> date:
        return read_day(value) if isinstance(value, str) and DAY.fullmatch(value) else read_instant(value)


def read_day(value: Any) -> date:
    try:
        if (
            isinstance(value, str)
            and DAY.fullmatch(value)
            and (found := date.fromisoformat(value)).year in YEARS
        ):
            return found
    except ValueError:
        pass
    raise ma.ValidationError("Give a date as YYYY-MM-DD.")


def read_instant(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(LOST_PLUS.sub("+", value)) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None or found.year not in YEARS or DAY.fullmatch(value):
        raise ma.ValidationError("Give an instant with its offset, such as 2026-09-03T14:05:00+02:00.")
    if found.utcoffset() % timedelta(minutes=1):  # type: ignore[operator]
        raise ma.ValidationError("Give an instant with its offset in hours and minutes.")
    return found


def stamp(instant: datetime | None) -> str | None:
    """An instant as the API tells it: with the offset of Norwegian time, so that its date is the local day."""
    return instant.astimezone(OSLO).isoformat() if instant is not None else None


def stamp_day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def told(
    description: str, *, example: Any = None, read_only: bool = False, one_of: Iterable[str] = ()
) -> dict[str, Any]:
    """What the documentation says of a field."""
    found: dict[str, Any] = {"description": description}
    if example is not None:
        found["examples"] = [example]
    if read_only:
        found["readOnly"] = True
    if choices := [str(choice) for choice in one_of]:
        found["enum"] = choices
    return found


def among(choices: type[StrEnum]) -> Any:
    """For filters: the rules never see them."""
    return ma.validate.OneOf([str(choice) for choice in choices])


class Recorded(Schema):
    """What every record has and nobody sets."""

    id = Number(required=True, metadata=told("The record's id", example=17, read_only=True))
    version = Number(
        required=True,
        metadata=told(
            "Counts the record's changes; its `ETag` is the same number", example=3, read_only=True
        ),
    )
    created_at = Text(
        required=True,
        metadata=told("An instant", example="2026-09-03T14:05:00+02:00", read_only=True)
        | {"format": "date-time"},
    )
    updated_at = Text(
        required=True,
        metadata=told("An instant", example="2026-09-03T14:05:00+02:00", read_only=True)
        | {"format": "date-time"},
    )


READ_ONLY = frozenset({"arena", "id", "version", "created_at", "updated_at"})


def recorded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The end of every record's answer."""
    return {
        "version": fields["version"],
        "created_at": stamp(fields["created_at"]),
        "updated_at": stamp(fields["updated_at"]),
    }


def fields_of(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """A record's own fields by name, as lists have them from the database."""
    return {name: getattr(record, name) for name in names}


class ListQuery(Schema):
    limit = ma.fields.Integer(
        validate=ma.validate.Range(1, 500), metadata={"description": "Rows a page", "default": 100}
    )
    cursor = Text(metadata=told("Where the page begins. Do not make one: follow `next`"))


def list_schema(name: str, of: type[Schema], *, hidden: bool = False) -> type[ma.Schema]:
    """`{"items", "total", "next"}`; with `hidden` also the number of confidential ones left out."""
    columns: dict[str, ma.fields.Field[Any]] = {
        "items": ma.fields.List(ma.fields.Nested(of), required=True),
        "total": Number(required=True, metadata=told("How many there are on all pages together")),
        "next": Text(
            required=True,
            allow_none=True,
            metadata=told("The address of the next page; null on the last one") | {"format": "uri"},
        ),
    }
    if hidden:
        columns["confidential_hidden"] = Number(
            required=True,
            metadata=told(
                "Confidential interactions that match, but that the token's user may not read: not in `total`"
            ),
        )
    return Schema.from_dict(columns, name=name)
