"""Counts of held interactions that the database keeps itself, by triggers (migration 0003): never a stale cache.

A *scope* is what a count is for: a measure, its strategy, its focus area, its plan, or everything. It is one number,
`id * 4 + level`, so that one narrow key serves all five; `EVERYTHING` is held interactions whatever their tags.
Only triggers write here; `crm.reports.operations.recount` makes all of it anew.
"""

from enum import IntEnum, StrEnum, auto

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base


class Level(IntEnum):
    plan = 0
    focus_area = 1
    strategy = 2
    measure = 3

    def scope(self, record_id: int) -> int:
        return record_id * 4 + self


EVERYTHING = 0
FIRST_YEAR, LAST_YEAR = 2000, 2061
"""The years that a set of years in one 64-bit number can hold; earlier and later ones are kept as these."""


class PartyKind(StrEnum):
    organisation = auto()
    contact = auto()


class CountedMonth(Base):
    """How many held interactions a scope has in a month (202611 is November 2026)."""

    __tablename__ = "counted_months"

    scope: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    interactions: Mapped[int]


class CountedParty(Base):
    """In how many held interactions of a scope an organisation or a contact took part in a year."""

    __tablename__ = "counted_parties"

    scope: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    party_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    interactions: Mapped[int]


class CountedReach(Base):
    """How many organisations or contacts a scope reached in exactly this set of years: bit 0 is 2000.

    Sets of years make distinct counts over any years an addition of few rows: those that share a year with the
    ones asked for.
    """

    __tablename__ = "counted_reach"

    scope: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    years: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    parties: Mapped[int]
