"""The one query behind the list of collaborations, its numbers and what an organisation's page shows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, Self

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, not_, select

from crm.accounts.models import User
from crm.collaborations.models import FIRST_YEAR, LAST_YEAR, Collaboration, Stage
from crm.database import folded, words_match
from crm.extensions import db
from crm.interactions.models import Interaction, interaction_organisations
from crm.interactions.queries import ListedInteraction, readable
from crm.interactions.queries.filter import LARGEST_ID
from crm.interactions.queries.rows import listed
from crm.web.paging import Key, Page, paged
from crm.web.validation import Invalid

KEYS = (
    Key("year", Collaboration.__table__.c.year, descending=True),
    Key("id", Collaboration.__table__.c.interaction_id, descending=True),
)


@dataclass(frozen=True, kw_only=True)
class CollaborationFilter:
    """Which collaborations: those that meet everything named. Never what is in the bin."""

    q: str | None = None
    year: int | None = None
    stage: str | None = None
    organisation: int | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """From an address's arguments; others than the filter's are left alone. Raises Invalid."""
        values: dict[str, Any] = {}
        errors: dict[str, list[Any]] = {}
        for name, read in _READERS.items():
            typed = (args.get(name) or "").strip()
            try:
                values |= {name: read(typed)} if typed else {}
            except ValueError as error:
                errors[name] = [str(error)]
        if errors:
            raise Invalid(errors)
        return cls(**values)

    def args(self, **changes: Any) -> dict[str, str]:
        """The arguments of the address of this filter; a change of None takes one away."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        return {name: str(value) for name, value in values.items() if value is not None}

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [Interaction.deleted_at.is_(None)]
        if self.q is not None:
            found.append(words_match(Interaction, self.q))
        if self.year is not None:
            found.append(Collaboration.year == self.year)
        if self.stage is not None:
            found.append(Collaboration.stage == self.stage)
        if self.organisation is not None:
            partner = interaction_organisations.c
            of_one = select(partner.interaction_id).where(partner.organisation_id == self.organisation)
            found.append(Collaboration.id.in_(of_one))
        return found


def _words(typed: str) -> str:
    return folded(typed[:200]) and typed[:200]


def _year(typed: str) -> int:
    if typed.isascii() and typed.isdigit() and len(typed) == 4:
        return int(typed)
    raise ValueError(_("Enter a year from %(first)s to %(last)s", first=FIRST_YEAR, last=LAST_YEAR))


def _stage(typed: str) -> str:
    if typed in set(Stage):
        return typed
    raise ValueError(_("Choose idea, initiated, ongoing, completed or abandoned"))


def _organisation(typed: str) -> int:
    if typed.isascii() and typed.isdigit() and len(typed) <= 10 and 0 < int(typed) <= LARGEST_ID:
        return int(typed)
    raise ValueError(_("Choose an organisation"))


_READERS = {"q": _words, "year": _year, "stage": _stage, "organisation": _organisation}


class CollaborationRow(NamedTuple):
    """A collaboration as a list shows it; `interaction` has its title, partners and advisors."""

    id: int
    year: int
    stage: str
    lead_id: int | None
    interaction: ListedInteraction

    @property
    def stage_label(self) -> Any:
        return Stage(self.stage).label


class CollaborationQuery:
    """The collaborations that a filter lets through, for somebody. Confidential ones that they may not read are in
    `count` and are what `hidden` tells; they are in no row. A search by words finds only what may be read.
    """

    def __init__(self, filter_: CollaborationFilter, viewer: User) -> None:
        self.filter = filter_
        self._readable = readable(viewer)
        self._all = self._select(Collaboration.id)
        if filter_.q is not None:
            self._all = self._all.where(self._readable)

    def _select(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        return (
            select(*columns)
            .join(Interaction, Interaction.id == Collaboration.id)
            .where(*self.filter.conditions())
        )

    def counts(self) -> tuple[int, int]:
        """How many there are, and how many of them the viewer may not read. One statement."""
        hidden = self._all.where(not_(self._readable))
        row = db.session.execute(
            select(
                select(func.count()).select_from(self._all.subquery()).scalar_subquery(),
                select(func.count()).select_from(hidden.subquery()).scalar_subquery(),
            )
        ).one()
        return int(row[0]), int(row[1])

    def page(self, cursor: str | None, total: int) -> Page[CollaborationRow]:
        """One page of what the viewer may read, the latest year first. Two statements. Raises BadRequest."""
        rows = self._select(
            Collaboration.id.label("id"), Collaboration.year, Collaboration.stage, Collaboration.lead_id
        ).where(self._readable)
        page = paged(rows, keys=KEYS, total=total, cursor=cursor)
        return replace(page, rows=_with_interactions(page.rows))


def _with_interactions(rows: Sequence[Any]) -> list[CollaborationRow]:
    found = {one.id: one for one in listed([row.id for row in rows])}
    return [CollaborationRow(row.id, row.year, row.stage, row.lead_id, found[row.id]) for row in rows]
