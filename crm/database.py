"""What both databases share, and the few places where they differ. Knows nothing of requests."""

import re
import unicodedata
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    DateTime,
    Engine,
    MetaData,
    String,
    bindparam,
    event,
    false,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """Every table. Constraints are named by rule, so that a violated one leads to the field that shows it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Python sees it aware and in UTC; a naive one is refused rather than guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class SortKey(String):
    """Text that is compared by code point on both databases: what `sort_key` returns."""


@compiles(SortKey, "postgresql")
def _sort_key_on_postgresql(type_: SortKey, compiler: Any, **kw: Any) -> str:
    return f'{compiler.visit_VARCHAR(type_, **kw)} COLLATE "C"'


def now() -> datetime:
    return datetime.now(UTC)


class Timestamped:
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


class Binned:
    """Deleted means in the bin: restorable for 30 days, and out of every list and count."""

    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)

    @property
    def is_binned(self) -> bool:
        return self.deleted_at is not None


class Versioned:
    """Two people edit one record: the database refuses the second, who then sees both versions."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


# --- Norwegian text ---------------------------------------------------------------------------------------

_FOLDS = str.maketrans({"æ": "a", "ø": "o", "å": "a", "đ": "d", "ß": "ss", "þ": "th", "ð": "d", "ł": "l"})
_DOUBLED = re.compile(r"a[ae]+|oe+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SORTS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "đ": "d", "ł": "l", "ð": "d"})


def _without_accents(value: str) -> str:
    if value.isascii():
        return value
    return "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))


def folded(value: str) -> str:
    """Words for finding: lower case, one blank between, and one form for what people spell in several ways,
    so that *Aas*, *As* and *Ås* meet, as do *Soerumsand* and *Sørumsand*. Same on both databases, since
    neither folds Norwegian letters by itself.
    """
    value = unicodedata.normalize("NFKC", value).casefold().translate(_FOLDS)
    value = _DOUBLED.sub(lambda found: found.group()[0], _without_accents(value))
    return _NOT_WORD.sub(" ", value).strip()


def sort_key(value: str) -> str:
    """Text whose order by code point is Norwegian: æ ø å after z, aa as å, accents and case aside.

    Kept in a column (`SortKey`) so that one index serves order and paging alike on both databases.
    """
    value = unicodedata.normalize("NFKC", value).casefold().replace("aa", "å").translate(_SORTS)
    return re.sub(r"[^a-z0-9{|}]+", " ", _without_accents(value)).strip()[:200]


# --- finding by the beginnings of words ---------------------------------------------------------------------


class _WordsMatch(ColumnElement[bool]):
    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  SQLAlchemy's own protocol
        ("identifier", visitors.InternalTraversal.dp_clauseelement),
        ("text", visitors.InternalTraversal.dp_clauseelement),
        ("fts5", visitors.InternalTraversal.dp_clauseelement),
        ("tsquery", visitors.InternalTraversal.dp_clauseelement),
        ("frequent", visitors.InternalTraversal.dp_boolean),
    ]

    def __init__(self, table: Any, words: list[str], *, frequent: bool) -> None:
        self.frequent = frequent
        self.type = Boolean()
        self.identifier = table.c.id
        self.text = table.c.search_text
        self.fts5: BindParameter[str] = bindparam(None, " ".join(f'"{word}"*' for word in words), unique=True)
        self.tsquery: BindParameter[str] = bindparam(
            None, " & ".join(f"{word}:*" for word in words), unique=True
        )

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's own signature
        """As it stands: compared with 1, as SQLAlchemy would have it on SQLite, it could use no index."""
        return self


@compiles(_WordsMatch, "sqlite")
def _on_sqlite(element: _WordsMatch, compiler: Any, **kw: Any) -> str:
    index = f"{element.identifier.table.name}_words"
    walked = "+" if element.frequent else ""  # SQLite's sign for a column whose index is not to be used
    return (
        f"{walked}{compiler.process(element.identifier, **kw)} IN (SELECT rowid FROM {index} "  # noqa: S608
        f"WHERE {index} MATCH {compiler.process(element.fts5, **kw)})"
    )


@compiles(_WordsMatch, "postgresql")
def _on_postgresql(element: _WordsMatch, compiler: Any, **kw: Any) -> str:
    return (
        f"to_tsvector('simple', {compiler.process(element.text, **kw)}) "
        f"@@ to_tsquery('simple', {compiler.process(element.tsquery, **kw)})"
    )


def words_match(model: type[Base], query: str, *, frequent: bool = False) -> ColumnElement[bool]:
    """True for rows whose `search_text` holds, for each word of the query, a word that begins with it.

    `frequent` says that it is true for many: the rows are then walked in the order that the statement asks for, and
    each looked up among the hits, rather than all hits fetched and sorted.

    Needs the text index that the migrations make: `<table>_words` on SQLite (FTS5, kept by triggers) and an
    expression index on PostgreSQL. A query without any letter or digit matches nothing.
    """
    words = folded(query).split()
    return _WordsMatch(model.__table__, words, frequent=frequent) if words else false()


# --- transactions -------------------------------------------------------------------------------------------

_reading: ContextVar[bool] = ContextVar("reading", default=False)


def begin_reading() -> Token[bool]:
    """From here until `end_reading`, transactions that begin only read: the database itself refuses a write."""
    return _reading.set(True)


def end_reading(token: Token[bool]) -> None:
    _reading.reset(token)


def engine_options(database_url: str) -> dict[str, Any]:
    """How to keep connections. A PostgreSQL that was restarted is noticed before its connection is used."""
    if database_url.startswith("postgresql"):
        return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}
    return {}


@event.listens_for(Engine, "connect")
def _prepare_connection(dbapi_connection: Any, _record: Any) -> None:
    if type(dbapi_connection).__module__.startswith("sqlite3"):
        dbapi_connection.isolation_level = None  # the begin event below says how transactions begin
        cursor = dbapi_connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "busy_timeout = 10000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Writers on SQLite queue for the lock at once: two that read first and then write lose updates."""
    only_reads = _reading.get()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if only_reads else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
    else:
        driver: Any = connection.connection.driver_connection
        if driver.info.transaction_status == 0:  # idle: it can still be told
            driver.read_only = only_reads
