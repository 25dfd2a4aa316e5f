"""The measures that the log form offers: those of the plan that covers the day, the likely ones first.

The statements are made once: making one costs more than asking it, and this form must be quick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Date, Integer, Select, bindparam, literal, select, union_all

from crm.accounts.models import User
from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    Interaction,
    InteractionStatus,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.queries.log_form import ChosenOrganisation
from crm.interactions.queries.secrecy import READABLE, seen_by
from crm.interactions.suggestions import suggested_measures
from crm.plan.models import Measure
from crm.plan.queries import MeasureNode, MeasureTree, PlanOutline, outlines

OWN_DAYS, OWN_MOST, EARLIER_MOST = 365, 60, 60


@dataclass(frozen=True, slots=True)
class MeasureChoices:
    """`first` holds the likely and the chosen ones; `strays` are the codes of chosen measures of another plan."""

    plan: PlanOutline | None
    first: Sequence[MeasureNode] = ()
    strays: Sequence[str] = ()

    @property
    def tree(self) -> MeasureTree | None:
        return self.plan.tree if self.plan is not None else None

    @property
    def first_ids(self) -> set[int]:
        return {measure.id for measure in self.first}


def measure_choices(
    *,
    day: date,
    today: date,
    kind: str | None,
    organisations: Sequence[ChosenOrganisation],
    chosen_ids: Sequence[int],
    viewer: User,
) -> MeasureChoices:
    """The measures of the plan that covers the local day, and of them the chosen and the likely. Two statements, and
    one more where something chosen is of another plan.
    """
    chosen = list(dict.fromkeys(chosen_ids))
    plan = outlines().covering(day)
    if plan is None:
        return MeasureChoices(None, strays=_codes(chosen))
    by_id = plan.measures
    earlier, own = _earlier_tags([one.id for one in organisations], viewer, today)
    likely = suggested_measures(
        list(by_id.values()),
        today=today,
        kind=kind,
        organisation_kinds=[one.kind for one in organisations],
        industry_codes=[one.industry_code for one in organisations if one.industry_code],
        earlier=[(plan.successors.get(measure_id, measure_id), on) for measure_id, on in earlier],
        own={plan.successors.get(measure_id, measure_id): times for measure_id, times in own.items()},
    )
    first = list(dict.fromkeys([*likely, *(one for one in chosen if one in by_id)]))
    return MeasureChoices(
        plan, [by_id[one] for one in first], _codes([one for one in chosen if one not in by_id])
    )


def _codes(measure_ids: Sequence[int]) -> list[str]:
    if not measure_ids:
        return []
    return list(
        db.session.scalars(select(Measure.code).where(Measure.id.in_(measure_ids)).order_by(Measure.code))
    )


def _tags_of(interactions: Select[*tuple[Any, ...]], *, is_own: bool) -> Select[*tuple[Any, ...]]:
    found, tags = interactions.subquery(), interaction_measures.c
    return (
        select(literal(int(is_own)), tags.measure_id, found.c.starts_on)
        .select_from(found)
        .join(interaction_measures, tags.interaction_id == found.c.id)
    )


def _own_tags() -> Select[*tuple[Any, ...]]:
    i = Interaction
    return _tags_of(
        select(i.id, i.starts_on)
        .where(i.author_id == bindparam("viewer_id", type_=Integer), i.status == InteractionStatus.held)
        .where(i.deleted_at.is_(None), i.starts_on >= bindparam("since", type_=Date))
        .order_by(i.id.desc())
        .limit(OWN_MOST),
        is_own=True,
    )


def _their_tags() -> Select[*tuple[Any, ...]]:
    i, joined = Interaction, interaction_organisations.c
    with_them = select(joined.interaction_id).where(among(joined.organisation_id, "organisations"))
    return _tags_of(
        select(i.id, i.starts_on)
        .where(i.id.in_(with_them), i.deleted_at.is_(None), READABLE)
        .where(i.status.in_([InteractionStatus.held, InteractionStatus.planned]))
        .order_by(i.starts_on.desc())
        .limit(EARLIER_MOST),
        is_own=False,
    )


_OWN_TAGS: Select[*tuple[Any, ...]] = _own_tags()
_OWN_AND_THEIR_TAGS: CompoundSelect[Any] = union_all(_own_tags(), _their_tags())


def _earlier_tags(
    organisation_ids: Sequence[int], viewer: User, today: date
) -> tuple[list[tuple[int, date]], dict[int, int]]:
    """What the organisations' latest interactions were tagged with (measure id, day), and how often the viewer has
    used which measure of late. What the viewer may not read suggests nothing. One statement.
    """
    parameters: dict[str, Any] = {"since": today - timedelta(days=OWN_DAYS)}
    if organisation_ids:
        parameters |= seen_by(viewer) | {"organisations": organisation_ids}
        rows = db.session.execute(_OWN_AND_THEIR_TAGS, parameters)
    else:
        rows = db.session.execute(_OWN_TAGS, parameters | {"viewer_id": viewer.id})
    earlier: list[tuple[int, date]] = []
    times: dict[int, int] = {}
    for is_own, measure_id, on in rows:
        if is_own:
            times[measure_id] = times.get(measure_id, 0) + 1
        else:
            earlier.append((measure_id, on))
    return earlier, times
