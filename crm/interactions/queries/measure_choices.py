"""The measures that the log form offers: those of the plan that covers the day, the likely ones first.

The statements are made once: making one costs more than asking it, and this form must be quick.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import CompoundSelect, Date, Integer, Select, bindparam, literal, select, union_all

from crm.accounts.models import User
from crm.extensions import db
from crm.interactions.models import (
    Interaction,
    InteractionStatus,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.queries.listing import READABLE, seen_by
from crm.interactions.queries.log_form import ChosenOrganisation
from crm.interactions.suggestions import suggested_measures
from crm.plan.models import FocusArea, Measure, Plan, Strategy
from crm.plan.queries import FocusAreaNode, MeasureNode, MeasureTree, StrategyNode

OWN_DAYS, OWN_MOST, EARLIER_MOST = 365, 60, 60


@dataclass(frozen=True, slots=True)
class CoveringPlan:
    """The plan whose period covers a day, both ends included. `successors` leads from a measure of an earlier plan to
    the one that continues it.
    """

    id: int
    title: str
    starts_on: date
    ends_on: date
    tree: MeasureTree
    successors: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class MeasureChoices:
    """`first` holds the likely and the chosen ones; `strays` are the codes of chosen measures of another plan."""

    plan: CoveringPlan | None
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
    plan = plan_covering(day)
    if plan is None:
        return MeasureChoices(None, strays=_codes(chosen))
    by_id = {measure.id: measure for measure in plan.tree.measures}
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


_DAY = bindparam("day", type_=Date)
_PLAN_AND_MEASURES = (
    select(
        *(Plan.id.label("plan_id"), Plan.title, Plan.starts_on, Plan.ends_on),
        *(FocusArea.id.label("area_id"), FocusArea.number, FocusArea.labels.label("area_labels")),
        *(Strategy.id.label("strategy_id"), Strategy.letter, Strategy.labels.label("strategy_labels")),
        *(Measure.id, Measure.code, Measure.labels, Measure.status, Measure.hints, Measure.continues_id),
    )
    .select_from(Plan)
    .join(FocusArea, FocusArea.plan_id == Plan.id)
    .join(Strategy, Strategy.focus_area_id == FocusArea.id)
    .join(Measure, Measure.strategy_id == Strategy.id)
    .where(Plan.starts_on <= _DAY, Plan.ends_on >= _DAY)
    .order_by(Plan.id, FocusArea.number, Strategy.letter, Measure.position)
)


def plan_covering(day: date) -> CoveringPlan | None:
    """The plan whose period the local day lies in, with its measures in their tree. One statement."""
    rows: Sequence[Any] = db.session.execute(_PLAN_AND_MEASURES, {"day": day}).all()
    if not rows:
        return None
    plan = rows[0]
    areas = []
    of_plan = (row for row in rows if row.plan_id == plan.plan_id)
    for area_id, in_area in groupby(of_plan, key=lambda row: row.area_id):
        strategies = []
        for strategy_id, in_strategy in groupby(in_area, key=lambda row: row.strategy_id):
            found = list(in_strategy)
            first = found[0]
            nodes = (MeasureNode(r.id, r.code, r.labels, None, strategy_id, r.status, r.hints) for r in found)
            code = f"{first.number}.{first.letter}"
            strategies.append(StrategyNode(strategy_id, code, first.strategy_labels, None, tuple(nodes)))
        areas.append(FocusAreaNode(area_id, str(first.number), first.area_labels, None, tuple(strategies)))
    return CoveringPlan(
        plan.plan_id,
        plan.title,
        plan.starts_on,
        plan.ends_on,
        MeasureTree(plan.plan_id, tuple(areas)),
        {row.continues_id: row.id for row in rows if row.continues_id is not None},
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
    with_them = select(joined.interaction_id).where(
        joined.organisation_id.in_(bindparam("organisations", expanding=True))
    )
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
