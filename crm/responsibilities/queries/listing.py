"""Who answers for what, as the list shows it; and where nobody does, or several do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from crm.accounts.models import User
from crm.database import sort_key
from crm.extensions import db
from crm.organisations.models import Organisation, OrganisationKind
from crm.organisations.presentation import labels_of
from crm.plan.queries import outlines
from crm.responsibilities.facts import Answering, Ours
from crm.responsibilities.models import Responsibility
from crm.responsibilities.queries.keeping import ours
from crm.responsibilities.routing import RightContact, named_by
from crm.responsibilities.wording import scope_in_words
from crm.web.locale import language


@dataclass(frozen=True)
class ResponsibilityFilter:
    """What the list is narrowed to; `who` is “u17” for a user or “e4” for a unit."""

    topic: int | None = None
    who: str | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> "ResponsibilityFilter":
        topic, who = args.get("topic", ""), args.get("who", "")
        return cls(
            int(topic) if topic.isascii() and topic.isdigit() and len(topic) < 10 else None,
            who if who[:1] in {"u", "e"} and who[1:].isascii() and who[1:].isdigit() else None,
        )

    @property
    def active_count(self) -> int:
        return sum(value is not None for value in (self.topic, self.who))

    def takes(self, one: Answering) -> bool:
        holders = {f"u{one.user_id}", f"u{one.deputy_id}", f"e{one.unit_id}"}
        return self.topic in (None, one.topic_id) and (self.who is None or self.who in holders)


@dataclass(frozen=True)
class Listed:
    """A responsibility in words. `named` is None where everybody in it has left; `holder` is who stands in it."""

    id: int
    what: str
    holder: str
    named: RightContact | None
    phone_hours: str | None
    note: str | None


@dataclass(frozen=True)
class Group:
    title: str
    rows: Sequence[Listed]


def list_responsibilities(wanted: ResponsibilityFilter, day: date) -> list[Group]:
    """Those with a topic, those for sites, for single organisations, and the others; each in the order of words. One
    statement.
    """
    kept = ours()
    further = _further()
    groups: list[list[Listed]] = [[], [], [], []]
    for one in kept.answering:
        if wanted.takes(one):
            groups[_place(one, kept)].append(_listed(one, kept, further, day))
    titles = _("Topics"), _("Sites"), _("Single organisations"), _("Industries, kinds and focus areas")
    return [
        Group(str(title), sorted(rows, key=lambda row: sort_key(row.what)))
        for title, rows in zip(titles, groups, strict=True)
        if rows
    ]


def _place(one: Answering, kept: Ours) -> int:
    if one.topic_id in kept.topics:
        return 0
    if one.site_id is not None:
        return 1
    return 2 if one.organisation_id is not None else 3


def _further() -> dict[int, tuple[str | None, str | None]]:
    """The note and the organisation's name of each."""
    rows = db.session.execute(
        select(Responsibility.id, Responsibility.note, Organisation.name).outerjoin(
            Organisation, Organisation.id == Responsibility.organisation_id
        )
    )
    return {row.id: (row.note, row.name) for row in rows}


def _listed(
    one: Answering, kept: Ours, further: Mapping[int, tuple[str | None, str | None]], day: date
) -> Listed:
    note, organisation = further.get(one.id, (None, None))
    user = kept.colleagues.get(one.user_id or 0)
    holder = user.name if user is not None else kept.units.get(one.unit_id or 0, "")
    what = scope_in_words(one, kept, organisation)
    named = named_by(one, day, kept)
    return Listed(one.id, what[:1].upper() + what[1:], holder, named, one.phone_hours, note)


@dataclass(frozen=True)
class Gap:
    """Something that nobody answers for. `is_partial` where somebody does, yet not for all of it."""

    name: str
    is_partial: bool
    asked: Mapping[str, Any]
    """What the form is filled in with to close it."""


@dataclass(frozen=True)
class Gaps:
    topics: Sequence[Gap]
    sites: Sequence[Gap]
    focus_areas: Sequence[Gap]
    kinds: Sequence[Gap]
    ties: Sequence[tuple[str, Sequence[Listed]]]
    left: Sequence[Listed]
    away: Sequence[Listed]
    managers: Sequence[tuple[int, str, int]]
    """Account managers who have left: id, name and of how many organisations."""

    @property
    def number(self) -> int:
        return sum(len(getattr(self, name)) for name in self.__dataclass_fields__)


def gaps_on(day: date) -> Gaps:
    """What to mend on the local day. Two statements."""
    kept, further = ours(), _further()
    rows = {one.id: _listed(one, kept, further, day) for one in kept.answering}
    people = [one for one in kept.answering if one.user_id is not None]
    plan = outlines().covering(day)
    areas = {int(area.code): area.label(language()) for area in plan.tree.focus_areas} if plan else {}
    topics = {key: topic.name(language()) for key, topic in kept.topics.items() if not topic.is_retired}
    return Gaps(
        topics=_gaps("topic_id", topics, kept),
        sites=_gaps("site_id", {key: site.name for key, site in kept.sites.items()}, kept),
        focus_areas=_gaps("focus_area", areas, kept),
        kinds=_gaps("organisation_kind", labels_of(OrganisationKind), kept),
        ties=_ties(kept, rows),
        left=[rows[one.id] for one in people if _has_left(one, kept)],
        away=[
            rows[one.id]
            for one in people
            if (named := rows[one.id].named) is not None and named.person is None
        ],
        managers=[(row[0], row[1], row[2]) for row in db.session.execute(_MANAGERS)],
    )


_MANAGERS = (
    select(User.id, User.name, func.count())
    .join(Organisation, Organisation.account_manager_id == User.id)
    .where(User.deactivated_at.is_not(None), Organisation.deleted_at.is_(None))
    .group_by(User.id, User.name, User.sort_key)
    .order_by(User.sort_key)
)


def _gaps(field: str, known: Mapping[Any, str], kept: Ours) -> list[Gap]:
    """What no responsibility names alone."""
    naming = [one for one in kept.answering if getattr(one, field) is not None]
    whole = {getattr(one, field) for one in naming if sum(map(bool, one.specificity)) == 1}
    partly = {getattr(one, field) for one in naming} - whole
    return [Gap(name, key in partly, {field: key}) for key, name in known.items() if key not in whole]


def _ties(kept: Ours, rows: Mapping[int, Listed]) -> list[tuple[str, Sequence[Listed]]]:
    same: defaultdict[tuple[Any, ...], list[Answering]] = defaultdict(list)
    for one in kept.answering:
        scope = (one.topic_id, one.site_id, one.organisation_id, one.industry_prefix)
        same[(*scope, one.organisation_kind, one.focus_area)].append(one)
    return [
        (rows[several[0].id].what, [rows[one.id] for one in several])
        for several in same.values()
        if len({(one.user_id, one.unit_id) for one in several}) > 1
    ]


def _has_left(one: Answering, kept: Ours) -> bool:
    user = kept.colleagues.get(one.user_id or 0)
    deputy = kept.colleagues.get(one.deputy_id or 0)
    return not (user and user.is_active) or (deputy is not None and not deputy.is_active)
