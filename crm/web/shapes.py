"""Statements made once for each shape of what is asked: making one costs more than asking it.

A filter is a frozen dataclass of optional values. Its *shape* is the same filter with every value taken out: which of
them are named. Statements are kept by shape, and the values are given along when one is asked.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Final, Self

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.types import TypeEngine

from crm.database import GIVEN

SHAPES_KEPT: Final = 256


@dataclass(frozen=True)
class Shaped:
    """What filters are made from; `whole` names the values that stay in the shape, since the statement hangs on them."""

    whole: ClassVar[frozenset[str]] = frozenset()

    def named(self) -> dict[str, Any]:
        """The values that there are, by name."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if value is not None}

    def shape(self) -> Self:
        return replace(self, **dict.fromkeys(self.named().keys() - self.whole, GIVEN))

    def parameters(self) -> dict[str, Any]:
        """What a statement of the shape is asked with."""
        return {name: value for name, value in self.named().items() if name not in self.whole}

    def bound(self, name: str, type_: type[TypeEngine[Any]]) -> BindParameter[Any]:
        """The value in a statement: by itself, or in a shape's statement as a parameter that must be given."""
        value = getattr(self, name)
        if value is GIVEN:
            return bindparam(name, type_=type_, required=True)
        return bindparam(None, value, type_=type_, unique=True)
