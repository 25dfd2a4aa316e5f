"""The one query behind list, count, export and API: the same rows, the same number, the same secrecy."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    bindparam,
    func,
    literal,
    not_,
    select,
    true,
)

from crm.accounts.models import Permission, User
from crm.extensions import db
from crm.interactions.models import (
    Interaction,
    InteractionKind,
    InteractionStatus,
)
from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.known import Known, known_of
from crm.interactions.queries.records import RECORDED, InteractionRecord, with_parts
from crm.interactions.queries.rows import ListedInteraction, listed
from crm.interactions.queries.secrecy import OPEN_TO_VIEWER
from crm.web.paging import MOST_COUNTED, PAGE_SIZE, Key, Page, paged
from crm.web.shapes import SHAPES_KEPT

MOST_HIDDEN, MOST_COUNTED_OF_ALL = 99, 1_000

KEYS = (
    Key("listed_on", Interaction.__table__.c.listed_on, descending=True),
    Key("id", Interaction.__table__.c.id, descending=True),
)
"""Newest first; an undated draft by the day it was begun."""

COLUMNS = (
    Interaction.id,
    Interaction.kind,
    Interaction.status,
    Interaction.title,
    Interaction.starts_on,
    Interaction.starts_at,
    Interaction.ends_at,
    Interaction.listed_on,
    Interaction.place,
    Interaction.confidential,
    Interaction.outcome,
)


_EARLIEST, _LATEST = bindparam("earliest", type_=Date), bindparam("latest", type_=Date)


class Named(NamedTuple):
    id: int
    name: str


@dataclass(slots=True)
class InteractionRow:
    """An interaction as a list shows it and an export writes it. Measures are codes, signals as they are kept."""

    id: int
    kind: str
    status: str
    title: str
    starts_on: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    listed_on: date
    place: str | None
    confidential: bool
    outcome: str | None
    organisations: list[Named] = field(default_factory=list)
    contacts: list[Named] = field(default_factory=list)
    advisors: list[Named] = field(default_factory=list)
    measures: list[Named] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)

    @property
    def kind_label(self) -> Any:
        return InteractionKind(self.kind).label

    @property
    def status_label(self) -> Any:
        return InteractionStatus(self.status).label


class _Statements:
    """What is asked of a shape of filter, by somebody who reads all or not; each statement is made at its first use.

    Their parameters are those of the filter and of `seen_by`, and where there are `many` the days of `Known`.
    """

    def __init__(self, shape: InteractionFilter, *, reads_all: bool, many: bool = False) -> None:
        self._shape, self._many = shape, many
        self._conditions = shape.conditions(many=many)
        if many:
            self._conditions.append(KEYS[0].column.between(_EARLIEST, _LATEST))
        self._readable = true() if reads_all else OPEN_TO_VIEWER
        self.may_hide = not (shape.is_telling or reads_all)

    @property
    def _matching(self) -> list[ColumnElement[bool]]:
        """The conditions for what counts, read or not."""
        return self._conditions + ([self._readable] if self._shape.is_telling else [])

    @cached_property
    def rows(self) -> Select[*tuple[Any, ...]]:
        """Ids of what the viewer may read, with what they are ordered by."""
        return select(*(key.column for key in KEYS)).where(*self._conditions, self._readable)

    @cached_property
    def records(self) -> Select[*tuple[Any, ...]]:
        return select(*RECORDED).where(*self._conditions, self._readable)

    @cached_property
    def ids(self) -> Select[int]:
        return select(Interaction.id).where(*self._matching)

    @cached_property
    def counts(self) -> Select[*tuple[Any, ...]]:
        matching = select(func.count()).select_from(Interaction).where(*self._matching)
        total, hidden = matching, matching.where(Interaction.confidential, not_(self._readable))
        if (
            self._shape == InteractionFilter()
        ):  # true of all: the index is walked, which is smaller than the table
            total = total.where(KEYS[0].column >= literal(date.min, Date))
        return select(total.scalar_subquery(), hidden.scalar_subquery() if self.may_hide else literal(0))

    @cached_property
    def shown_counts(self) -> Select[*tuple[Any, ...]]:
        total = self.ids.limit(bindparam("most_counted", type_=Integer))
        if self._shape == InteractionFilter():  # in the order of its index, which is smaller than the table
            total = total.order_by(*(key.column for key in KEYS))
        hidden = self.shown_hidden.scalar_subquery() if self.may_hide else literal(0)
        return select(select(func.count()).select_from(total.subquery()).scalar_subquery(), hidden)

    @cached_property
    def shown_hidden(self) -> Select[int]:
        unread = self.ids.where(Interaction.confidential, not_(self._readable)).limit(MOST_HIDDEN + 1)
        if self._many:  # in the order of the index of those, which are few
            day = Interaction.starts_on
            unread = unread.where(day.between(_EARLIEST, _LATEST)).order_by(day.desc(), Interaction.id.desc())
        return select(func.count()).select_from(unread.subquery())


_statements = lru_cache(SHAPES_KEPT)(_Statements)


class InteractionQuery:
    """The interactions that a filter lets through, for somebody.

    Confidential ones that the viewer may not read are in `count()`, and are what `hidden_count()` tells; they
    are in no row. A search by words finds only what may be read: a number would give a title's words away; so would the
    number of one organisation's signals what was told in confidence (`InteractionFilter.is_telling`).
    """

    def __init__(self, filter_: InteractionFilter, viewer: User) -> None:
        self.filter = filter_
        self.viewer = viewer
        self._reads_all = viewer.may(Permission.READ_CONFIDENTIAL)
        self._statements = _statements(filter_.shape(), reads_all=self._reads_all)
        self._parameters = filter_.parameters() | {"viewer_id": viewer.id}
        self._counts: tuple[int, int] | None = None

    def statement(self) -> Select[*tuple[Any, ...]]:
        """Columns of the interactions that the viewer may read, in no order."""
        return self._statements.records.params(self._parameters)

    def ids(self) -> Select[int]:
        """Ids of what counts, as a statement to select from."""
        return self._statements.ids.params(self._parameters)

    def count(self) -> int:
        """How many there are, the confidential ones included: the number a report shows."""
        return self._counted()[0]

    def hidden_count(self) -> int:
        """How many of them the viewer may not read."""
        return self._counted()[1]

    def _counted(self) -> tuple[int, int]:
        if self._counts is None:
            row = db.session.execute(self._statements.counts, self._parameters).one()
            self._counts = (int(row[0]), int(row[1]))
        return self._counts

    @cached_property
    def _known(self) -> Known | None:
        return known_of(self.filter, self.viewer)

    @cached_property
    def _shown(self) -> tuple[_Statements, dict[str, Any]]:
        """What a page is asked with: the quickest statements for as many as there are, and their parameters."""
        known = self._known
        if known is None or not known.are_many(PAGE_SIZE):
            return self._statements, self._parameters
        statements = _statements(self.filter.shape(), reads_all=self._reads_all, many=True)
        return statements, self._parameters | {"earliest": known.earliest, "latest": known.latest}

    @property
    def counted_to(self) -> int:
        """Where a page stops counting: sooner where nothing is asked for, since nobody asks how many that are. What is
        known is not counted.
        """
        if self._known is not None:
            return self._known.total
        return MOST_COUNTED if self.filter.args() else MOST_COUNTED_OF_ALL

    def shown_counts(self) -> tuple[int, int]:
        """`count` and `hidden_count` as a page tells them: where they are not known they stop one above `counted_to` and
        MOST_HIDDEN, so that they cost the same however many there are. One statement.
        """
        statements, parameters = self._shown
        if self._known is not None:
            hidden = db.session.scalar(statements.shown_hidden, parameters) if statements.may_hide else 0
            return self._known.total, int(hidden or 0)
        row = db.session.execute(
            statements.shown_counts, parameters | {"most_counted": self.counted_to + 1}
        ).one()
        return int(row[0]), int(row[1])

    def page(
        self, cursor: str | None, total: int | None = None, size: int = PAGE_SIZE
    ) -> Page[ListedInteraction]:
        """One page of what the viewer may read; the total is counted where it is not given. Raises BadRequest for a
        wrong cursor.
        """
        statements, parameters = self._shown
        found = paged(
            statements.rows,
            keys=KEYS,
            total=self.count() if total is None else total,
            cursor=cursor,
            size=size,
            parameters=parameters,
        )
        return replace(found, rows=listed([row.id for row in found.rows]), most=self.counted_to)

    def records(self, cursor: str | None, size: int, keys: Sequence[Key] = KEYS) -> Page[InteractionRecord]:
        """What the API tells of a page of what the viewer may read; the total counts the same. Three statements."""
        total = self.count() - self.hidden_count()
        statement, parameters = self._statements.records, self._parameters
        found = paged(statement, keys=keys, total=total, cursor=cursor, size=size, parameters=parameters)
        return replace(found, rows=with_parts(found.rows))
