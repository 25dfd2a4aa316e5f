"""Very many rows go in faster without indexes, which are then built in one go."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, text

_ON_SQLITE = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables"
).bindparams(bindparam("tables", expanding=True))

# Indexes behind a primary key or a constraint stay.
_ON_POSTGRESQL = text(
    "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
    "JOIN pg_class t ON t.oid = i.indrelid WHERE pg_table_is_visible(t.oid) AND t.relname IN :tables "
    "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
).bindparams(bindparam("tables", expanding=True))


@contextmanager
def indexed_afterwards(connection: Connection, tables: Collection[str]) -> Iterator[None]:
    """The tables have no indexes in the block and the same ones as before after it, all in one transaction."""
    query = _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL
    indexes = connection.execute(query, {"tables": list(tables)}).all()
    for name, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        connection.exec_driver_sql(definition)
