"""What nearly every page asks for and hardly ever changes is read once an edition, and kept by the process.

It cannot be stale: the database gives it another number in the transaction that changes it (migration 0004), and each
reader asks for the number first.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from flask import g
from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base
from crm.extensions import db

Content = TypeVar("Content")


class Edition(Base):
    """The number under which something stands; only the database's triggers write it."""

    __tablename__ = "editions"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


_NUMBERS = select(Edition.__table__.c.name, Edition.__table__.c.number)


def _numbers() -> dict[str, int]:
    """All of them: one statement a page. Where something may be written they are asked for anew each time."""
    if "editions" in g:
        return g.editions  # type: ignore[no-any-return]
    numbers: dict[str, int] = dict(tuple(row) for row in db.session.execute(_NUMBERS).all())
    if "reading" in g:
        g.editions = numbers
    return numbers


class Kept(Generic[Content]):
    """What `read` returns, for as long as the edition of that name is the same."""

    def __init__(self, name: str, read: Callable[[], Content]) -> None:
        self.name = name
        self._read = read
        self._kept: tuple[int, Content] | None = None

    def __call__(self) -> Content:
        number = _numbers()[self.name]
        kept = self._kept
        if kept is None or kept[0] != number:
            kept = self._kept = (number, self._read())
        return kept[1]
