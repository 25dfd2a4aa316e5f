"""Interactions that are collaborations: what is told of one, and how one is made and changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user

from crm.api.resources import errors_named
from crm.api.v1.interactions.values import values_of
from crm.collaborations.operations import create_collaboration, update_collaboration
from crm.collaborations.queries import collaboration_to_change, collaborations_told
from crm.interactions.models import Interaction, InteractionKind
from crm.interactions.queries.records import InteractionRecord
from crm.web.validation import Invalid

Part = dict[str, Any]
NAMES = {
    "starts_on": "starts_at",
    **{name: f"collaboration.{name}" for name in ("year", "stage", "continues")},
}


def parts_of(records: Iterable[InteractionRecord]) -> dict[int, Part]:
    """What is told of those that are collaborations, by id. One statement where there are any."""
    ids = [one.fields["id"] for one in records if one.fields["kind"] == InteractionKind.collaboration]
    return {identity: told._asdict() for identity, told in collaborations_told(ids).items()}


def part_of(interaction: Interaction) -> Part | None:
    """What is told of it; None for other interactions."""
    if interaction.kind != InteractionKind.collaboration:
        return None
    told = collaborations_told([interaction.id]).get(interaction.id)
    return told._asdict() if told is not None else None


def make(body: dict[str, Any]) -> Interaction:
    """Raises Invalid."""
    part = body.pop("collaboration", None) or {}
    status = body.pop("status", None)
    body.pop("kind")
    _check_day(body)
    if current_user.is_service:  # a machine leads nothing
        body.setdefault("advisors", [])
    with errors_named(NAMES):
        values: Any = {"stage": "idea"} | _own(part) | values_of(body, None)
        if current_user.is_service:
            values["lead_id"] = None
        made = create_collaboration(actor=current_user, continues_id=part.get("continues"), **values)
        if status not in {None, made.interaction.status}:
            raise Invalid({"status": [_follows()]})
    return made.interaction


def change(interaction: Interaction, changes: dict[str, Any], part: Part, version: int | None) -> None:
    """`part` is what is told of it now. Raises Invalid or Stale."""
    given = changes.pop("collaboration", {})
    if given is None or "kind" in changes:
        raise Invalid({"kind": [_("“%(kind)s” cannot become another kind", kind=_kind().label)]})
    if "status" in changes:
        raise Invalid({"status": [_follows()]})
    _check_day(changes)
    with errors_named(NAMES):
        if given.get("continues", part["continues"]) != part["continues"]:
            raise Invalid({"continues": [_("This is set when a collaboration is made, and does not change")]})
        collaboration = collaboration_to_change(interaction.id)
        assert collaboration is not None
        values: Any = _own(given) | values_of(changes, interaction)
        update_collaboration(collaboration, actor=current_user, version=version, **values)


def refuse_part(body: dict[str, Any]) -> None:
    """Other interactions have no such part. Raises Invalid where one is given."""
    if body.pop("collaboration", None) is not None:
        raise Invalid({"collaboration": [_("Only a “%(kind)s” has this", kind=_kind().label)]})


def _kind() -> InteractionKind:
    return InteractionKind.collaboration


def _own(part: Part) -> Part:
    return {name: part[name] for name in ("year", "stage") if name in part}


def _follows() -> str:
    return str(_("This follows from the stage. Change the stage instead"))


def _check_day(fields: dict[str, Any]) -> None:
    if (
        isinstance(fields.get("starts_at"), datetime)
        or fields.get("ends_at")
        or fields.get("all_day") is False
    ):
        raise Invalid({"starts_at": [_("A collaboration is initiated on a day: leave the time of day out")]})
