"""How connections are kept and transactions begin."""

from contextvars import ContextVar, Token
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

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
    pooled = connection.connection
    driver: Any = pooled.driver_connection
    if connection.dialect.name == "sqlite":
        if pooled.info.get("only_reads") is not only_reads:
            driver.execute(f"PRAGMA query_only = {'ON' if only_reads else 'OFF'}")
            pooled.info["only_reads"] = only_reads
        if only_reads:
            driver.execute("BEGIN")  # waits for nothing, so it needs none of SQLAlchemy's care
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif driver.info.transaction_status == 0:  # idle: it can still be told
        driver.read_only = only_reads
