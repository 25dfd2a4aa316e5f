"""Many rows into either database: executemany on SQLite, COPY on PostgreSQL, in the session's own transaction.

Values are given in one written form that both databases read: dates and instants (UTC) in ISO form, truth as 0 and 1,
JSON as text.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.orm import Session

Row = tuple[Any, ...]


as_json = json.JSONEncoder(ensure_ascii=False).encode


def instant(value: datetime) -> str:
    """An instant, given in UTC, as both databases keep it."""
    assert value.tzinfo is UTC
    return value.isoformat(" ", "microseconds")[:26]


class Sink:
    """Takes rows for several tables and writes them when told, parents before children.

    `tables` are name and columns in the order of writing. Columns that are left out get the database's own value.
    """

    def __init__(self, session: Session, tables: Sequence[tuple[Table, Sequence[str]]]) -> None:
        self._session = session
        self._tables = tables
        self.rows: dict[str, list[Row]] = {table.name: [] for table, _ in tables}
        self.written = 0
        self._on_sqlite = self._connection.dialect.name == "sqlite"
        if self._on_sqlite:
            # KiB. With the usual 2 MB, building an index over a million rows reads the disk over and over.
            self._connection.exec_driver_sql("PRAGMA cache_size = -131072")
        else:
            self._connection.execute(text("SET LOCAL timezone = 'UTC'"))

    @property
    def _connection(self) -> Connection:
        return self._session.connection()

    def write(self) -> None:
        """Write what has gathered."""
        for table, columns in self._tables:
            rows = self.rows[table.name]
            if not rows:
                continue
            if self._on_sqlite:
                self._insert(table, columns, rows)
            else:
                self._copy(table, columns, rows)
            self.written += len(rows)
            rows.clear()

    def _insert(self, table: Table, columns: Sequence[str], rows: list[Row]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        self._connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608  own names

    def _copy(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        """Write the rest, and let the database count on from the identifiers that were given."""
        self.write()
        if self._on_sqlite:
            return
        for table, columns in self._tables:
            if "id" in columns:
                self._connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608  own names
                        f'greatest((SELECT max(id) FROM "{table.name}"), 1))'
                    )
                )
