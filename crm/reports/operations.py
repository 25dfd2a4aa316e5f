"""The kept counts as a whole. Day by day the database's triggers keep them (migration 0003)."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

TRIGGERS = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB '*_count_*'",
    "postgresql": "SELECT c.relname, t.tgname, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgname ~ '_count(_|$)' AND pg_table_is_visible(c.oid)",
}
"""Table, name and (on SQLite) definition of each trigger that counts."""


def recount(connection: Connection) -> None:
    """Make all counts anew from the interactions, in the transaction at hand."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO recount_interactions VALUES (1)"))
    else:
        connection.execute(text("SELECT recount_interactions()"))


@contextmanager
def counted_afterwards(connection: Connection) -> Iterator[None]:
    """For loading very many interactions at once: rows are written without counting, and counted together at the end.

    All in one transaction, so that nobody ever sees counts that miss something.
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
    recount(connection)
