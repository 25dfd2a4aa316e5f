"""How operations say no. Forms, the API and imports all show the same errors."""

from typing import Any, Self

from markupsafe import Markup


class Invalid(Exception):
    """What was given breaks a rule: {field: [messages]}; nothing has been written."""

    def __init__(self, errors: dict[str, list[Any]]) -> None:
        super().__init__(
            ", ".join(f"{field}: {message}" for field, messages in errors.items() for message in messages)
        )
        self.errors = errors


class Stale(Exception):
    """The record was saved by somebody else since it was read; `record` is what it is now."""

    def __init__(self, record: Any) -> None:
        super().__init__(f"{type(record).__name__} {record.id} is now at version {record.version}")
        self.record = record


def check_version(record: Any, version: int | None) -> None:
    """Raises Stale unless the version that the writer read is still the record's."""
    if version is not None and record.version != version:
        raise Stale(record)


class Linked(str):
    """A message about another record. As text it ends with the record's label; in HTML that label is a link."""

    __slots__ = ("label", "path", "text")
    text: str
    label: str
    path: str

    def __new__(cls, text: Any, *, label: str, path: str) -> Self:
        made = super().__new__(cls, f"{text} ({label})")
        made.text, made.label, made.path = str(text), label, path
        return made

    def __html__(self) -> Markup:
        return Markup('{} <a class="ds-link" href="{}">{}</a>').format(self.text, self.path, self.label)
