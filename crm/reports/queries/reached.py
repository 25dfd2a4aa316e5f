"""The organisations or contacts behind a number: those that took part in the interactions that a filter lets through."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, select

from crm.accounts.models import Permission, User
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.secrecy import readable
from crm.organisations.models import Contact, Organisation, OrganisationKind
from crm.reports.models import EVERYTHING, CountedParty, PartyKind
from crm.reports.queries.counting import PARTIES
from crm.reports.queries.kept import count_reached_by, usable_between
from crm.reports.queries.known import scope_of
from crm.web.paging import Key, Page, paged

MODELS: dict[PartyKind, Any] = {PartyKind.organisation: Organisation, PartyKind.contact: Contact}


@dataclass(frozen=True, slots=True)
class ReachedRow:
    """An organisation (or contact) and in how many of the interactions it took part."""

    id: int
    name: str
    kind: str | None
    deleted_at: datetime | None
    interactions: int
    behind: InteractionFilter

    @property
    def kind_label(self) -> Any:
        return OrganisationKind(self.kind).label if self.kind else ""


class ReachedQuery:
    """Who took part in held interactions, for somebody: each once, in Norwegian order.

    Whoever only took part in interactions that the viewer may not read is counted, but not named.
    """

    def __init__(self, kind: PartyKind, asked: InteractionFilter, viewer: User) -> None:
        self.kind = kind
        self.asked = replace(asked, status="held")
        self.viewer = viewer
        self.model = MODELS[kind]
        self.link, self.party = PARTIES[kind]

    @cached_property
    def _conditions(self) -> list[ColumnElement[bool]]:
        """What counts; of a search by words only what may be read: a number would give a title's words away."""
        found = self.asked.conditions()
        return [*found, readable(self.viewer)] if self.asked.is_telling else found

    @cached_property
    def _kept(self) -> "_Kept | None":
        """The counts that the database keeps, where they answer exactly this. Two statements at most."""
        scope = scope_of(self.asked)
        if scope in {None, EVERYTHING} or self.asked.since is None or self.asked.until is None:
            return None
        usable = usable_between(self.asked.since, self.asked.until)
        return _Kept(scope, self.kind, self.asked.since.year, self.asked.until.year) if usable.years else None

    def _took_part(self, *conditions: Any) -> Select[Any]:
        """Ids of whom the number counts, counted from the interactions.

        With a kind of organisation chosen, other organisations are not counted.
        """
        found = (
            select(self.party)
            .join(Interaction, Interaction.id == self.link.c.interaction_id)
            .where(*self._conditions, *conditions)
            .distinct()
        )
        if self.kind is PartyKind.organisation and self.asked.organisation_kind:
            found = found.join(Organisation, Organisation.id == self.party).where(
                Organisation.kind == self.asked.organisation_kind
            )
        return found

    @cached_property
    def total(self) -> int:
        """How many there are, named or not: the number in the report."""
        if self._kept:
            return count_reached_by(self._kept.scope, self.kind, self._kept.first, self._kept.last)
        return db.session.scalar(select(func.count()).select_from(self._took_part().subquery())) or 0

    @property
    def hidden(self) -> int:
        """How many of them are not named to the viewer."""
        return len(self._unnamed)

    @cached_property
    def _unnamed(self) -> set[int]:
        """Who took part in interactions that the viewer may not read, and in no other. Two statements."""
        if self.viewer.may(Permission.READ_CONFIDENTIAL):
            return set()
        may_read = readable(self.viewer)
        unread = set(db.session.scalars(self._took_part(Interaction.confidential, not_(may_read))))
        if not unread:
            return unread
        # Asked of each organisation by itself: as a join, SQLite would try every one with every interaction.
        took_part = select(Interaction.id).where(
            Interaction.id == self.link.c.interaction_id, *self._conditions, may_read
        )
        named = select(self.party).where(self.party.in_(unread), took_part.exists()).distinct()
        return unread - set(db.session.scalars(named))

    def page(self, cursor: str | None) -> Page[ReachedRow]:
        """One page of those that may be named. Raises BadRequest for a wrong cursor."""
        model = self.model
        columns = [model.id, model.sort_key, model.deleted_at]
        if self.kind is PartyKind.organisation:
            columns += [Organisation.name, Organisation.kind]
        else:
            columns += [Contact.given_name, Contact.family_name]
        reached = (
            select(CountedParty.party_id).where(*self._kept.parties) if self._kept else self._took_part()
        )
        found = paged(
            select(*columns).where(model.id.in_(reached), model.id.not_in(self._unnamed)),
            keys=[Key("sort_key", model.sort_key), Key("id", model.id)],
            total=self.total,
            cursor=cursor,
        )
        numbers = self._interactions_of([row.id for row in found.rows])
        rows = [self._row(row, numbers[row.id]) for row in found.rows]
        return Page(rows, found.total, found.previous_cursor, found.next_cursor)

    def _interactions_of(self, ids: list[int]) -> dict[int, int]:
        if self._kept:
            counted = (
                select(CountedParty.party_id, func.sum(CountedParty.interactions))
                .where(*self._kept.parties, CountedParty.party_id.in_(ids))
                .group_by(CountedParty.party_id)
            )
        else:
            one: Any = {self.kind.value: 1}
            told = [readable(self.viewer)] if replace(self.asked, **one).is_telling else []
            counted = (
                select(self.party, func.count())
                .join(Interaction, Interaction.id == self.link.c.interaction_id)
                .where(*self._conditions, self.party.in_(ids), *told)
                .group_by(self.party)
            )
        return {party_id: int(n) for party_id, n in db.session.execute(counted)}

    def _row(self, row: Any, interactions: int) -> ReachedRow:
        name = row.name if self.kind is PartyKind.organisation else f"{row.given_name} {row.family_name}"
        return ReachedRow(
            id=row.id,
            name=name,
            kind=row.kind if self.kind is PartyKind.organisation else None,
            deleted_at=row.deleted_at,
            interactions=interactions,
            behind=replace(self.asked, **{self.kind.value: row.id}),
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    scope: int
    kind: PartyKind
    first: int
    last: int

    @property
    def parties(self) -> list[Any]:
        return [
            CountedParty.scope == self.scope,
            CountedParty.kind == self.kind,
            CountedParty.year.between(self.first, self.last),
        ]
