"""The search index as a whole. Record by record the database's triggers keep it (migration 0019)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, text

from crm.search.models import SearchEntry, SearchName, SearchNumber, SearchSpelling, SearchWord

TABLES: Final = tuple(
    model.__tablename__ for model in (SearchEntry, SearchName, SearchNumber, SearchWord, SearchSpelling)
)
TRIGGERS: Final = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master "
    "WHERE type = 'trigger' AND name GLOB '*_search_[iud]*'",
    "postgresql": "SELECT c.relname, t.tgname, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgname ~ '_search_(insert|update|delete)$' AND pg_table_is_visible(c.oid)",
}
"""Table, name and (on SQLite) definition of each trigger that keeps records findable."""


def _run(connection: Connection, procedure: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {procedure} VALUES (1)"))  # noqa: S608  own names
    else:
        connection.execute(text(f"SELECT {procedure}()"))


def rebuild(connection: Connection) -> None:
    """Make the whole index anew from the records, in the transaction at hand."""
    _run(connection, "rebuild_search")


def forget_words(connection: Connection) -> None:
    """Forget the words that no record is found by any more: they may be names of people who are gone."""
    _run(connection, "tidy_search")


@contextmanager
def found_afterwards(connection: Connection) -> Iterator[None]:
    """For loading very many records at once: they are written without the index, which is made anew at the end.

    All in one transaction, so that nobody ever misses a record.
    """
    sqlite = connection.dialect.name == "sqlite"
    triggers = connection.execute(text(TRIGGERS[connection.dialect.name])).all()
    for table, name, _definition in triggers:
        connection.exec_driver_sql(
            f"DROP TRIGGER {name}" if sqlite else f"ALTER TABLE {table} DISABLE TRIGGER {name}"
        )
    yield
    for table, name, definition in triggers:
        connection.exec_driver_sql(definition if sqlite else f"ALTER TABLE {table} ENABLE TRIGGER {name}")
    rebuild(connection)
