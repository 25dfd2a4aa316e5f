"""Fields of this feature's forms."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import request
from wtforms import Field, IntegerField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

from crm.web.formatting import organisation_number
from crm.web.forms import TextArea, TextField


class WordsField(StringField):
    """Free words with commas between; data is a list once the rule has seen it, and what was typed before."""

    def _value(self) -> str:
        return self.data if isinstance(self.data, str) else ", ".join(self.data or ())


class NamesField(TextArea):
    """One name a line; data is a list of lines once the rule has seen it, and what was typed before."""

    def _value(self) -> str:
        lines: str | list[str] | None = self.data
        return lines if isinstance(lines, str) else "\n".join(lines or ())


class OrganisationNumberField(TextField):
    def _value(self) -> str:
        number = self.data or ""
        return organisation_number(number) if number.isdigit() and len(number) == 9 else number


class PickField(Field):
    """A record picked in a combobox; data is its id. Without JavaScript the "Find" button posts the form, and the
    view puts the hits in `results`.
    """

    results: Sequence[dict[str, Any]] | None = None
    chosen: Sequence[dict[str, Any]] = ()
    """The picked record, for showing: its id and label."""

    def process_formdata(self, valuelist: list[str]) -> None:
        picked = valuelist[-1] if valuelist else ""
        self.data = int(picked) if picked.isascii() and picked.isdigit() and len(picked) < 10 else None

    @property
    def query(self) -> str:
        """What was typed to find it."""
        return request.form.get(f"{self.name}_query", "")

    @property
    def is_sought(self) -> bool:
        return bool(request.form.get("find") == self.name)


class VersionField(IntegerField):
    """Which version of the record the form was filled in from; empty for a new one."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0]:
            super().process_formdata(valuelist)


def optional_id(value: Any) -> int | None:
    """What a list of people sends: an id, or None for nobody; -1, which nobody has, for nonsense."""
    if value in {None, "", "None"}:
        return None
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else -1


def values_of(form: Any, *, besides: tuple[str, ...] = ()) -> dict[str, Any]:
    """The form's values by field, as the operation of the same fields takes them."""
    return {
        name: value for name, value in form.data.items() if name not in {"csrf_token", "version", *besides}
    }


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """A list's choices from (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]
