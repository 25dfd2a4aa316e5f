"""What can be found, kept by the database itself (migration 0019): triggers alone write here.

An entry is what is found of one record; its identifier says of which: the kind's number, and the record's own. See
docs/decisions/0017-search.md.
"""

from enum import IntEnum, StrEnum, auto
from typing import Final

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, SortKey

ENTRY_ID = BigInteger().with_variant(Integer(), "sqlite")
BITS: Final = 40
"""How many of an entry's identifier the record's takes."""


class Kind(StrEnum):
    """What can be found."""

    organisation = auto()
    contact = auto()
    site = auto()
    responsibility = auto()
    user = auto()
    enquiry = auto()
    measure = auto()
    interaction = auto()


class EntryKind(IntEnum):
    organisation = 1
    contact = 2
    site = 3
    responsibility = 4
    user = 5
    enquiry = 6
    measure = 7
    topic = 8

    @property
    def kind(self) -> Kind:
        """What it is found as: a topic leads to who is responsible for it."""
        return Kind.responsibility if self is EntryKind.topic else Kind(self.name)


class Crowd(IntEnum):
    """Kinds with very many records are asked for by themselves, so that they do not crowd out the others."""

    others = 0
    organisations = 1
    contacts = 2


class NameKind(IntEnum):
    """What a name is to its record. `context` is what stands beside it, such as a site's place."""

    main = 0
    other_order = 1
    other = 2
    earlier = 3
    address = 4
    domain = 5
    context = 6


class SearchEntry(Base):
    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(ENTRY_ID, primary_key=True, autoincrement=False)
    crowd: Mapped[int] = mapped_column(SmallInteger)
    ended: Mapped[bool]
    place: Mapped[str | None] = mapped_column(String(4))
    """The municipality's number."""
    search_text: Mapped[str]
    """Its words, folded: the main name first."""


class SearchName(Base):
    """A whole name, folded: for exact names and beginnings. `label` is how it is shown, where it is another name."""

    __tablename__ = "search_names"
    __table_args__ = (
        Index("ix_search_names_crowd_name", "crowd", "name", "kind"),
        {"sqlite_with_rowid": False},
    )

    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(SortKey(200), primary_key=True)
    crowd: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[int] = mapped_column(SmallInteger)
    label: Mapped[str | None] = mapped_column(String(300))


class SearchNumber(Base):
    """An ending of a number, of four digits or more: any part of a number begins one of its endings."""

    __tablename__ = "search_numbers"
    __table_args__ = (
        Index("ix_search_numbers_digits", "digits", "whole"),
        {"sqlite_with_rowid": False},
    )

    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    digits: Mapped[str] = mapped_column(SortKey(200), primary_key=True)
    whole: Mapped[bool]


class SearchWord(Base):
    """A word that some name has, or has had: those no longer used are forgotten every night."""

    __tablename__ = "search_vocabulary"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(SortKey(200), primary_key=True)


class SearchSpelling(Base):
    """A word's first seven letters without one or two of them: two words that share one may be one misspelt."""

    __tablename__ = "search_spellings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    spelling: Mapped[str] = mapped_column(SortKey(200), primary_key=True)
    word: Mapped[str] = mapped_column(SortKey(200), primary_key=True)
