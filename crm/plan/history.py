"""How plans and their parts read in their history and in the audit log."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import String, cast, func, select

from crm.audit.descriptions import Description, describe
from crm.audit.fields import Field, choice, number, on_day, plain, record_named, yes_or_no
from crm.plan.models import (
    FocusArea,
    Goal,
    GoalKind,
    Labelled,
    Measure,
    MeasureStatus,
    Plan,
    PlanState,
    Strategy,
    Target,
    TargetKind,
)
from crm.web.locale import language
from crm.web.panels import panels


def describe_plan() -> None:
    describe(
        "Plan",
        Description(
            label=_l("Plan"),
            identity=Plan.id,
            name=lambda: Plan.title,
            path=_page_of_plan,
            fields={
                "title": plain(_l("Title")),
                "starts_on": on_day(_l("First day")),
                "ends_on": on_day(_l("Last day")),
                "state": choice(_l("State"), PlanState),
            },
        ),
    )
    describe(
        "Goal",
        Description(
            label=_l("Goal"),
            identity=Goal.id,
            name=lambda: _label(Goal),
            place=(Goal.plan_id,),
            path=_page_of_plan,
            fields={
                "kind": choice(_l("Kind"), GoalKind),
                "position": number(_l("Number")),
                **_WORDS,
                **_IN_PLAN,
            },
        ),
    )
    describe(
        "FocusArea",
        Description(
            label=_l("Focus area"),
            identity=FocusArea.id,
            name=lambda: cast(FocusArea.number, String) + " " + _label(FocusArea),
            place=(FocusArea.plan_id,),
            path=_page_of_plan,
            fields={"number": number(_l("Number")), **_WORDS, **_IN_PLAN},
        ),
    )
    _describe_strategies()
    _describe_measures()


def _describe_strategies() -> None:
    code = _of_area(cast(FocusArea.number, String)) + "." + Strategy.letter
    describe(
        "Strategy",
        Description(
            label=_l("Strategy"),
            identity=Strategy.id,
            name=lambda: code + " " + _label(Strategy),
            place=(code, _of_area(FocusArea.plan_id)),
            path=lambda code, plan: f"/plan/strategies/{code}?plan={plan}",
            fields={
                "letter": plain(_l("Letter")),
                **_WORDS,
                "sub_strategies": plain(_l("Sub-strategies")),
                "focus_area_id": record_named(_l("Focus area"), "FocusArea"),
            },
        ),
    )


def _describe_measures() -> None:
    describe(
        "Measure",
        Description(
            label=_l("Measure"),
            identity=Measure.id,
            name=lambda: Measure.code + " " + _label(Measure),
            place=(Measure.code, Measure.plan_id),
            path=_page_of_measure,
            fields={
                "code": plain(_l("Code")),
                "position": None,  # follows from the code
                **_WORDS,
                "status": choice(_l("Status"), MeasureStatus),
                "lead_id": record_named(_l("Lead"), "User"),
                "continues_id": record_named(_l("Continues"), "Measure"),
                "hints": plain(_l("Suggested for"), _hints),
                "strategy_id": record_named(_l("Strategy"), "Strategy"),
                **_IN_PLAN,
            },
        ),
    )
    describe(
        "Target",
        Description(
            label=_l("Target"),
            identity=Target.id,
            name=lambda: _of_measure(Measure.code) + " " + _label(Target),
            place=(_of_measure(Measure.code), _of_measure(Measure.plan_id)),
            path=_page_of_measure,
            fields={
                "kind": choice(_l("Kind"), TargetKind),
                "goal": number(_l("At least")),
                "every_year": yes_or_no(_l("Every year")),
                "interaction_kind": _kind(_l("Kind of interaction"), "interaction_kinds"),
                "organisation_kind": _kind(_l("Kind of organisation"), "organisation_kinds"),
                "due_on": on_day(_l("Due")),
                "labels": _WORDS["labels"],
                "measure_id": record_named(_l("Measure"), "Measure"),
            },
        ),
    )


_WORDS = {
    "labels": plain(_l("Short labels"), lambda labels: " · ".join(labels.values())),
    "wording": plain(_l("Official wording")),
}
_IN_PLAN = {"plan_id": record_named(_l("Plan"), "Plan")}


def _page_of_plan(plan: str) -> str:
    return f"/plan/?plan={plan}"


def _page_of_measure(code: str, plan: str) -> str:
    return f"/plan/measures/{code}?plan={plan}"


def _label(part: type[Labelled]) -> Any:
    """As `Labelled.label`, in the database: in the reader's language, else in bokmål."""
    own = func.nullif(part.labels[language()].as_string(), "")
    return func.coalesce(own, part.labels["nb"].as_string())


def _of_area(column: Any) -> Any:
    return select(column).where(FocusArea.id == Strategy.focus_area_id).scalar_subquery()


def _of_measure(column: Any) -> Any:
    return select(column).where(Measure.id == Target.measure_id).scalar_subquery()


def _kind_name(kinds: str, value: str) -> str:
    """What features above call a kind, as they hand it in for targets; empty where they do not know it."""
    return str(panels("target", None, None).get(kinds, {}).get(value, ""))


def _kind(label: Any, kinds: str) -> Field:
    return plain(label, lambda value: _kind_name(kinds, value))


def _hints(hints: Mapping[str, list[str]]) -> str:
    kinds = [
        _kind_name(kinds, value)
        for kinds in ("interaction_kinds", "organisation_kinds")
        for value in hints.get(kinds, ())
    ]
    codes = ", ".join(hints.get("industry_prefixes", ()))
    return ", ".join(filter(None, [*kinds, codes and _("industry code %(codes)s", codes=codes)]))
