"""What the kept counts know beforehand of a list of interactions."""

from dataclasses import replace
from datetime import date
from typing import Any

from crm.interactions.models import InteractionStatus
from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.known import Known
from crm.plan.queries import outlines
from crm.reports.models import EVERYTHING, Level
from crm.reports.queries.filter import Step, ends_of, whole_months
from crm.reports.queries.kept import interactions_by_month, usable_between


def known_interactions(asked: InteractionFilter, _viewer: Any) -> Known | None:
    """How many interactions a filter lets through that asks for held ones of a measure, strategy, focus area or plan, or
    for all held ones, and for nothing besides but days that months answer. Two statements at most.
    """
    scope = scope_of(asked) if asked.status == InteractionStatus.held else None
    if scope is None or not _are_months(asked.since, asked.until):
        return None
    by_month = interactions_by_month((EVERYTHING, scope), asked.since or date.min, asked.until or date.max)
    own = by_month[scope]
    if not own:
        return Known(0, 0, date.min, date.min)
    first, last = min(own), max(own)
    return Known(
        total=sum(own.values()),
        of_all=sum(n for month, n in by_month[EVERYTHING].items() if first <= month <= last),
        earliest=ends_of(first, Step.month)[0],
        latest=ends_of(last, Step.month)[1],
    )


def _are_months(since: date | None, until: date | None) -> bool:
    first, last = since or date.min, until or date.max
    return whole_months(first, last) == (first, last) or usable_between(first, last).months


def scope_of(asked: InteractionFilter) -> int | None:
    """What a filter asks for besides days and status, if that is a measure, strategy, focus area, plan or anything and
    nothing more; else None.
    """
    rest = replace(
        asked, status=None, plan=None, measure=None, strategy=None, focus_area=None, since=None, until=None
    )
    codes = [code for code in (asked.measure, asked.strategy, asked.focus_area) if code]
    if rest != InteractionFilter() or len(codes) > 1:
        return None
    if asked.plan is None:
        return None if codes else EVERYTHING
    plan = outlines().of(asked.plan)
    if plan is None or not codes:
        return Level.plan.scope(plan.id) if plan else None
    if asked.measure:
        level, nodes = Level.measure, {node.code: node.id for node in plan.tree.measures}
    elif asked.strategy:
        level, nodes = Level.strategy, {node.code: node.id for node in plan.tree.strategies}
    else:
        level, nodes = Level.focus_area, {node.code: node.id for node in plan.tree.focus_areas}
    return level.scope(nodes[codes[0]]) if codes[0] in nodes else None
