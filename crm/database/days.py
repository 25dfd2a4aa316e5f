"""The local day of an instant, as each database works it out."""

from typing import Any

from sqlalchemy import ColumnElement, Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles, visitors


class _LocalDay(ColumnElement[Any]):
    inherit_cache = True
    _traverse_internals = [("instant", visitors.InternalTraversal.dp_clauseelement)]  # noqa: RUF012  SQLAlchemy's own

    def __init__(self, instant: Any) -> None:
        self.type = Date()
        self.instant = coercions.expect(roles.ExpressionElementRole, instant)


@compiles(_LocalDay, "sqlite")
def _local_day_on_sqlite(element: _LocalDay, compiler: Any, **kw: Any) -> str:
    """Summer time lasts from the last Sunday of March to the last of October, 01:00 UTC, as it has since 1996."""
    at = compiler.process(element.instant, **kw)
    begins, ends = (
        f"date(substr({at}, 1, 4) || '-{month}-25', 'weekday 0') || ' 01:00:00'" for month in ("03", "10")
    )
    return f"date({at}, CASE WHEN {at} >= {begins} AND {at} < {ends} THEN '+2 hours' ELSE '+1 hours' END)"


@compiles(_LocalDay, "postgresql")
def _local_day_on_postgresql(element: _LocalDay, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.instant, **kw)} AT TIME ZONE 'Europe/Oslo' AS DATE)"


def local_day(instant: Any) -> ColumnElement[Any]:
    """The day in Norway of a column of instants, to be compared with days."""
    return _LocalDay(instant)
