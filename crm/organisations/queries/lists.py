"""What the lists of organisations and of contacts have in common, whoever asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal, select

from crm.database import SortKey
from crm.extensions import db
from crm.organisations.queries.words import query_parameters, sought
from crm.web.paging import MOST_COUNTED, Key, Page, paged
from crm.web.shapes import SHAPES_KEPT, Shaped
from crm.web.sorting import Sorting

FREQUENT: Final = 1_000
"""Hits from which on walking the list's order is cheaper than sorting them."""

Filter = TypeVar("Filter", bound="ListFilter")
Record = TypeVar("Record")


@dataclass(frozen=True)
class ListFilter(Shaped):
    """What a list is narrowed to; None asks for no limit."""

    q: str | None = None

    def shape(self) -> Self:
        """What is asked for, without the values; `q` is then how it is sought."""
        return super().shape() if self.q is None else replace(super().shape(), q=sought(self.q))

    def parameters(self) -> dict[str, Any]:
        return super().parameters() | (query_parameters(self.q) if self.q is not None else {})

    def conditions(self, *, frequent: bool = False) -> list[ColumnElement[bool]]:
        """What holds for the rows that a shape of filter lets through. `frequent` where many are found: then their order
        is walked rather than all of them sorted.
        """
        raise NotImplementedError

    @property
    def active(self) -> int:
        """How many limits are set, the search box aside."""
        return sum(getattr(self, field.name) is not None for field in fields(self) if field.name != "q")


class _Statements:
    """What is asked of a shape of filter; each statement is made at its first use."""

    def __init__(self, query: type["ListQuery[Any, Any]"], shape: ListFilter) -> None:
        self._query = query
        self._shape = shape

    @cached_property
    def _ids(self) -> Select[int]:
        columns = self._query.columns
        ids = select(columns.id).where(*self._shape.conditions())
        if self._shape.named():
            return ids
        # True of all: the order's index is walked, which is smaller than the table.
        return ids.where(columns.sort_key >= literal("", SortKey))

    @cached_property
    def count(self) -> Select[int]:
        return select(func.count()).select_from(self._ids.subquery())

    @cached_property
    def count_to(self) -> Select[int]:
        """The count, which stops at the parameter `most`."""
        ids = self._ids.limit(bindparam("most", type_=Integer))
        return select(func.count()).select_from(ids.subquery())

    @cached_property
    def rows(self) -> Select[Any]:
        return self._query.listed.where(*self._shape.conditions())

    @cached_property
    def frequent_rows(self) -> Select[Any]:
        return self._query.listed.where(*self._shape.conditions(frequent=True))

    @cached_property
    def records(self) -> Select[Any]:
        return self._query.recorded.where(*self._shape.conditions())


_statements = lru_cache(SHAPES_KEPT)(_Statements)


class ListQuery(Generic[Filter, Record]):
    """What a filter lets through, never what is in the bin."""

    columns: ClassVar[Any]
    """Those of the table, among them `sort_key` and `updated_at`; each order has its index."""
    listed: ClassVar[Select[Any]]
    """What the list shows of each, in this order."""
    recorded: ClassVar[Select[Any]]
    """What the API tells of each, what is tied to them aside."""

    def __init__(self, filter_: Filter) -> None:
        list_: Any = type(self)
        self.filter = filter_
        self._statements = _statements(list_, filter_.shape())
        self._parameters = filter_.parameters()

    def with_ties(self, rows: Sequence[Any]) -> list[Record]:
        """Rows of `recorded` with what is tied to them. One statement."""
        raise NotImplementedError

    def count(self, most: int | None = None) -> int:
        """How many there are; stops counting at one more than `most`."""
        if most is None:
            return db.session.scalar(self._statements.count, self._parameters) or 0
        return db.session.scalar(self._statements.count_to, self._parameters | {"most": most + 1}) or 0

    def page(self, sorting: Sorting, cursor: str | None) -> Page[Any]:
        """One page of the list, as rows of what the list shows. Two statements."""
        total = self.count(MOST_COUNTED)
        rows = self._statements.frequent_rows if total > FREQUENT else self._statements.rows
        return paged(rows, keys=self._order(sorting), total=total, cursor=cursor, parameters=self._parameters)

    def records(self, sorting: Sorting, cursor: str | None, size: int) -> Page[Record]:
        """One page of what the API tells of each. Three statements."""
        found: Page[Any] = paged(
            self._statements.records,
            keys=self._order(sorting),
            total=self.count(),
            cursor=cursor,
            size=size,
            parameters=self._parameters,
        )
        return replace(found, rows=self.with_ties(found.rows))

    def _order(self, sorting: Sorting) -> list[Key]:
        columns, descending = self.columns, sorting.descending
        column = columns.updated_at if sorting.key == "updated_at" else columns.sort_key
        return [Key(column.key, column, descending), Key("id", columns.id, descending)]
