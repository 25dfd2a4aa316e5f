"""What pages of organisations, of contacts and the bin show of interactions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask_babel import gettext as _
from sqlalchemy import Date, Select, String, bindparam, case, cast, func, or_, select

from crm.accounts.models import Permission, User
from crm.database import GIVEN
from crm.extensions import db
from crm.interactions.models import (
    Interaction,
    InteractionKind,
    InteractionSignal,
    InteractionStatus,
)
from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.follow_ups import FollowUps, open_follow_ups_of
from crm.interactions.queries.listing import KEYS, InteractionQuery
from crm.interactions.queries.noted import in_order
from crm.interactions.queries.rows import ListedInteraction, listed
from crm.interactions.queries.secrecy import READABLE, TOOK_PART, readable, seen_by
from crm.interactions.vocabulary import Signal
from crm.organisations.presentation import labels_of
from crm.web.clock import months_before, today
from crm.web.formatting import day
from crm.web.locale import language

MOST = 20
CURRENT_MONTHS = 24
"""For so long a signal says something of an organisation today."""


class Entry(NamedTuple):
    """An interaction in words, in the order in which components/timeline.html takes them."""

    date_text: str
    url: str
    title: str
    kind_label: str
    meta: Sequence[str]
    status_label: str | None
    status_color: str = "info"


class CurrentSignal(NamedTuple):
    """Something that was noted of an organisation: when last, and the address of where."""

    label: str
    on: date
    url: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The latest interactions, and how many there are in all; `hidden` of them the viewer may not read."""

    rows: Sequence[ListedInteraction]
    total: int
    hidden: int
    filter: InteractionFilter
    signals: Sequence[CurrentSignal] = ()

    @property
    def has_more(self) -> bool:
        return self.total - self.hidden > len(self.rows)

    @property
    def entries(self) -> list[Entry]:
        spoken, kinds, statuses = language(), labels_of(InteractionKind), labels_of(InteractionStatus)
        confidential = str(_("Confidential"))
        entries = []
        for row in self.rows:
            meta = (
                ", ".join(row.advisors),
                ", ".join(row.measures),
                confidential if row.confidential else "",
            )
            status = statuses[row.status] if row.status == InteractionStatus.planned else None
            entries.append(
                Entry(
                    day(row.starts_on, spoken),
                    f"/interactions/{row.id}",
                    row.title,
                    kinds[row.kind],
                    [part for part in meta if part],
                    status,
                )
            )
        return entries


def _latest(filter_: InteractionFilter, *more: Any) -> Select[*tuple[Any, ...]]:
    hidden = case((READABLE, 0), else_=1)
    return (
        select(
            Interaction.id,
            hidden.label("is_hidden"),
            func.count().over().label("total"),
            func.sum(hidden).over().label("hidden"),
            *more,
        )
        .where(*filter_.conditions())
        .where(Interaction.status.in_([InteractionStatus.held, InteractionStatus.planned]))
        .order_by(hidden, *(key.column.desc() for key in KEYS))
        .limit(MOST)
    )


def _noted() -> Any:
    """Each signal of the organisation that the viewer may read of, with the day it was noted last, as one text; asked along
    with the timeline, since a page has few statements.
    """
    last = cast(func.max(Interaction.starts_on), String).label("last")
    noted = (
        select(InteractionSignal.signal, last)
        .join(Interaction, Interaction.id == InteractionSignal.interaction_id)
        .where(
            *InteractionFilter(organisation=GIVEN, status=InteractionStatus.held).conditions(),
            Interaction.starts_on >= bindparam("signals_since", type_=Date),
            READABLE,
        )
        .group_by(InteractionSignal.signal)
        .subquery()
    )
    return select(func.aggregate_strings(noted.c.signal + "=" + noted.c.last, ",")).scalar_subquery()


_OF_ORGANISATION = _latest(InteractionFilter(organisation=GIVEN), _noted().label("noted"))
_OF_CONTACT = _latest(InteractionFilter(contact=GIVEN))


def _timeline(
    statement: Select[*tuple[Any, ...]], filter_: InteractionFilter, viewer: User, **given: Any
) -> tuple[Timeline, Sequence[Any]]:
    """The latest held and planned ones, and what the statement found. Two statements."""
    found = db.session.execute(statement, seen_by(viewer) | filter_.parameters() | given).all()
    rows = listed([row.id for row in found if not row.is_hidden])
    total, hidden = (int(found[0].total), int(found[0].hidden)) if found else (0, 0)
    return Timeline(rows, total, hidden, filter_), found


def timeline_of_organisation(organisation: Any, viewer: User) -> Timeline:
    """With the signals of the last two years."""
    since = months_before(today(), CURRENT_MONTHS)
    asked = InteractionFilter(organisation=organisation.id)
    timeline, found = _timeline(_OF_ORGANISATION, asked, viewer, signals_since=since)
    noted = found[0].noted if found else None
    return replace(
        timeline, signals=_current(noted, replace(asked, status=InteractionStatus.held, since=since))
    )


def _current(noted: str | None, asked: InteractionFilter) -> list[CurrentSignal]:
    """From what `_noted` found."""
    days = dict(one.split("=") for one in noted.split(",")) if noted else {}
    labels = labels_of(Signal)
    return [
        CurrentSignal(
            labels.get(signal, signal),
            date.fromisoformat(days[signal]),
            f"/interactions/?{urlencode(asked.args(signal=signal))}",
        )
        for signal in in_order(days)
    ]


def timeline_of_contact(contact: Any, viewer: User) -> Timeline:
    return _timeline(_OF_CONTACT, InteractionFilter(contact=contact.id), viewer)[0]


def timeline_of_measure(measure: Any, viewer: User) -> Timeline:
    """What counts under a measure, the latest of it."""
    filter_ = InteractionFilter(measure=measure.code, plan=measure.plan_id, status=InteractionStatus.held)
    query = InteractionQuery(filter_, viewer)
    total, hidden = query.shown_counts()
    return Timeline(query.page(None, total, MOST).rows, total, hidden, filter_)


@dataclass(frozen=True, slots=True)
class Binned:
    row: ListedInteraction
    deleted_at: Any
    version: int
    may_restore: bool


def binned_interactions(_subject: Any, viewer: User, most: int = 100) -> Sequence[Binned]:
    """What lies in the bin and the viewer may read, latest first. Two statements."""
    i = Interaction
    found = db.session.execute(
        select(i.id, i.deleted_at, i.version, or_(i.author_id == viewer.id, TOOK_PART).label("takes_part"))
        .where(Interaction.deleted_at.is_not(None), readable(viewer))
        .order_by(Interaction.deleted_at.desc())
        .limit(most),
        seen_by(viewer),
    ).all()
    rows = {row.id: row for row in listed([row.id for row in found])}
    return [
        Binned(
            rows[row.id],
            row.deleted_at,
            row.version,
            viewer.may(Permission.BIN) and (viewer.may(Permission.EDIT_ALL_INTERACTIONS) or row.takes_part),
        )
        for row in found
    ]


def follow_ups_of_organisation(organisation: Any, viewer: User) -> FollowUps:
    """What was promised to an organisation and is not done."""
    return open_follow_ups_of(organisation.id, viewer)
