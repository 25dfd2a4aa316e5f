"""The one error that reading a plan raises."""

from typing import Any

from crm.plan.documents.structure import Unit

EXCERPT_CHARACTERS = 60


class UnreadableDocument(Exception):
    """The document cannot be read as a plan; nothing has been changed.

    `line` is where, or None where the file as a whole is meant; `unit` says what the number counts. `reason` is
    a sentence, translated when shown. `excerpt` is the beginning of the text that stands there, or empty.
    """

    def __init__(self, line: int | None, reason: Any, *, unit: Unit = Unit.line, excerpt: str = "") -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason
        self.unit = unit
        self.excerpt = excerpt if len(excerpt) <= EXCERPT_CHARACTERS else excerpt[:EXCERPT_CHARACTERS] + "…"

    @property
    def place(self) -> Any:
        """The place in words, such as "Line 12", or None where the whole file is meant."""
        return None if self.line is None else self.unit.at(self.line)

    def __str__(self) -> str:
        return str(self.reason) if self.line is None else f"{self.place}: {self.reason}"
