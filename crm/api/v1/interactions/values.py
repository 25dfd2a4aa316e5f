"""From what the API is sent to what operations take."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from crm.interactions.models import Interaction
from crm.plan.queries import current_plan, measures_by_code, plan_for
from crm.web.clock import local, today
from crm.web.formatting import day
from crm.web.validation import Invalid

PARTICIPANTS = {"organisations": "organisation_ids", "contacts": "contact_ids", "advisors": "advisor_ids"}

OUTCOME = {"result": "outcome", "note": "outcome_note", "on": "outcome_on"}
NAMES = {"starts_on": "starts_at", **{field: f"outcome.{name}" for name, field in OUTCOME.items()}}
"""The API's names of what operations call otherwise."""


def as_typed(asked: dict[str, Any]) -> dict[str, str]:
    """The filter as an address has it."""
    return {
        name.removesuffix("_"): value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in asked.items()
    }


def values_of(fields: dict[str, Any], interaction: Interaction | None) -> Any:
    """As operations take them. Raises Invalid."""
    values = {PARTICIPANTS.get(name, name): value for name, value in fields.items()}
    codes = values.pop("measures", None)
    values |= _times(values, interaction)
    values.pop("all_day", None)
    if "outcome" in values:
        given = values.pop("outcome")
        if given is not None and not given.get("result"):
            raise Invalid({"outcome.result": [_("Choose what came of it")]})
        values |= {field: (given or {}).get(name) for name, field in OUTCOME.items()}
    if codes is not None:
        values["measure_ids"] = _measure_ids(codes, values, interaction)
    return values


def _times(values: dict[str, Any], interaction: Interaction | None) -> dict[str, Any]:
    """Day and instants from `starts_at` and `all_day`, as far as they were given."""
    all_day, given = values.get("all_day"), "starts_at" in values
    start = values.get("starts_at")
    if isinstance(start, datetime):
        if all_day:
            raise Invalid({"all_day": [_("A whole day has a date, without a time of day")]})
        return {}
    if not given:
        start = interaction.starts_on if interaction is not None else None
    if all_day is False and start is not None and (given or interaction is None or interaction.all_day):
        raise Invalid({"all_day": [_("Enter when it began, with a time of day")]})
    if not given and not all_day:
        return {}
    # A whole day, or no day at all.
    return {"starts_on": start, "starts_at": None, "ends_at": values.get("ends_at")}


def _measure_ids(codes: list[str], values: dict[str, Any], interaction: Interaction | None) -> list[int]:
    """The measures behind the codes: those it has already while its day stays, else those of the plan that covers it."""
    was_on = interaction.starts_on if interaction is not None else None
    on = _day(values, was_on)
    wanted = dict.fromkeys(code.strip().upper() for code in codes)
    found: dict[str, int] = {}
    if interaction is not None and on == was_on:
        found = {measure.code: measure.id for measure in interaction.measures if measure.code in wanted}
    missing = [code for code in wanted if code not in found]
    if missing:
        plan = plan_for(on) if on is not None else current_plan(today())
        if plan is None:
            raise Invalid(
                {"measures": [_("No plan covers %(day)s", day=day(on)) if on else _("There is no plan yet")]}
            )
        found |= measures_by_code(plan, missing)
        if unknown := [code for code in missing if code not in found]:
            message = _(
                "“%(plan)s” has no measure %(codes)s", plan=plan.title, codes=", ".join(unknown)[:200]
            )
            raise Invalid({"measures": [message]})
    return [found[code] for code in wanted]


def _day(values: dict[str, Any], was_on: date | None) -> date | None:
    """The local day that it will be on."""
    start = values.get("starts_at")
    if isinstance(start, datetime):
        return local(start).date()
    return values.get("starts_on", was_on)
