"""Targets as sentences."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.plan.models import Target, TargetKind
from crm.web.formatting import day, number


def target_in_words(target: Target, kinds: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What must be reached, then what counts towards it.

    `kinds` holds names of interaction and organisation kinds under "interaction_kinds" and "organisation_kinds", as
    the features above hand them in; a kind that is not named there is left out.
    """
    counted = (
        kinds.get("interaction_kinds", {}).get(target.interaction_kind or ""),
        kinds.get("organisation_kinds", {}).get(target.organisation_kind or ""),
    )
    return [_goal(target), *(_("Counted: %(kind)s", kind=kind) for kind in counted if kind)]


def _goal(target: Target) -> str:
    goal = target.goal or 0
    if target.kind == TargetKind.interactions and target.every_year:
        return str(
            ngettext("At least %(num)s interaction a year", "At least %(num)s interactions a year", goal)
        )
    if target.kind == TargetKind.interactions:
        return str(
            ngettext(
                "At least %(num)s interaction in the plan's period",
                "At least %(num)s interactions in the plan's period",
                goal,
            )
        )
    if target.kind == TargetKind.coverage:
        return str(_("%(goal)s per cent reached in the plan's period", goal=number(goal)))
    if target.kind == TargetKind.milestone:
        return str(_("Done by %(day)s", day=day(target.due_on)))
    return str(_("A reading of at least %(goal)s", goal=number(goal)))
