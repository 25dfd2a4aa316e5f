"""A collaboration is made, changed and continued, and activities are put to it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from crm.accounts.models import Permission, User
from crm.audit.recording import diff, record
from crm.collaborations.models import Collaboration, Stage
from crm.collaborations.rules import Candidate, problems, status_of
from crm.database import now
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.operations import log_interaction, update_interaction
from crm.interactions.policies import can_view
from crm.interactions.queries import interaction_by_id, readable
from crm.interactions.rules import Problems
from crm.web.clock import today
from crm.web.forms.fields import tidy_text
from crm.web.validation import Invalid, Linked, check_version


class CollaborationValues(TypedDict, total=False):
    """What a collaboration is made of; what is left out stays as it is. `starts_on` is the local day it was initiated;
    None for an idea.
    """

    year: int | None
    stage: str | None
    starts_on: date | None
    aim: str | None
    result: str | None
    lead_id: int | None
    title: str | None
    notes: str | None
    place: str | None
    confidential: bool
    organisation_ids: Sequence[int]
    contact_ids: Sequence[int]
    advisor_ids: Sequence[int]
    measure_ids: Sequence[int]


OWN_FIELDS = ("year", "stage", "aim", "result", "lead_id")
KEPT_HERE = frozenset({"status", "starts_on", "starts_at", "ends_at", "cancelled_by"})
"""Fields of the interaction that follow from the stage and the day it was initiated."""


class Continued(NamedTuple):
    """What continues a collaboration, as somebody sees it."""

    id: int
    year: int
    title: str
    is_readable: bool


def create_collaboration(
    *,
    actor: User,
    submission_key: str | None = None,
    continues_id: int | None = None,
    **values: Unpack[CollaborationValues],
) -> Collaboration:
    """Keep a new collaboration; `continues_id` is last year's. The actor is its author, and its lead and advisor where
    none are named. Raises Invalid; nothing is kept then once the caller has rolled back.
    """
    values.setdefault("lead_id", actor.id)
    values.setdefault("advisor_ids", [actor.id])
    earlier = _to_continue(continues_id, actor) if continues_id is not None else None
    collaboration = Collaboration(continues_id=continues_id)
    own, found = _checked(collaboration, values, after=earlier)
    lead_problems = _lead_problems(collaboration, own["lead_id"])
    try:
        interaction = log_interaction(
            actor=actor, submission_key=submission_key, keeper=True, **_of_interaction(own, values, None)
        )
    except Invalid as invalid:
        raise Invalid({**_named(invalid), **found, **lead_problems}) from None
    if found or lead_problems:
        raise Invalid({**found, **lead_problems})
    for name, value in own.items():
        setattr(collaboration, name, value)
    collaboration.id, collaboration.interaction = interaction.id, interaction
    record(collaboration, actor=actor)
    return collaboration


def update_collaboration(
    collaboration: Collaboration,
    *,
    actor: User,
    version: int | None,
    **values: Unpack[CollaborationValues],
) -> Collaboration:
    """Change what is given, leave the rest. `version` is what the writer read; None takes any.

    Raises Invalid, or Stale (with the interaction) when somebody else has saved it since.
    """
    interaction = _locked(collaboration, version)
    own, found = _checked(
        collaboration,
        values,
        after=_year_of(collaboration.continues_id),
        before=getattr(continuation_of(collaboration.id, actor), "year", None),
    )
    found |= _lead_problems(collaboration, own["lead_id"])
    try:
        update_interaction(
            interaction, actor=actor, version=None, keeper=True, **_of_interaction(own, values, interaction)
        )
    except Invalid as invalid:
        raise Invalid({**_named(invalid), **found}) from None
    if found:
        raise Invalid(dict(found))
    for name, value in own.items():
        if getattr(collaboration, name) != value:
            setattr(collaboration, name, value)
    return _recorded(collaboration, actor)


def add_activities(collaboration: Collaboration, *, actor: User, interaction_ids: Sequence[int]) -> int:
    """Put interactions to it that the actor may read; returns how many were new. Raises Invalid (activities)."""
    _locked(collaboration, None)
    present = {activity.id for activity in collaboration.activities}
    wanted = [one for one in dict.fromkeys(interaction_ids) if one not in present]
    found = db.session.scalars(
        select(Interaction).where(
            Interaction.id.in_(wanted),
            Interaction.deleted_at.is_(None),
            Interaction.kind != InteractionKind.collaboration,
            Interaction.status.in_([InteractionStatus.held, InteractionStatus.planned]),
            readable(actor),
        )
    ).all()
    if len(found) < len(wanted):
        raise Invalid(
            {"activities": [_("An interaction that was chosen cannot be put here. Choose another")]}
        )
    collaboration.activities = [*collaboration.activities, *found]
    _recorded(collaboration, actor)
    return len(found)


def remove_activity(collaboration: Collaboration, *, actor: User, interaction_id: int) -> bool:
    """Take an interaction off it; it stays in the log. Whether it belonged to it, for all that the actor may read."""
    _locked(collaboration, None)
    activity = next((one for one in collaboration.activities if one.id == interaction_id), None)
    if activity is None or not can_view(actor, activity):
        return False
    collaboration.activities = [one for one in collaboration.activities if one is not activity]
    _recorded(collaboration, actor)
    return True


def continuation_of(collaboration_id: int, viewer: User) -> Continued | None:
    """What continues it and is not in the bin."""
    row = db.session.execute(
        select(Collaboration.id, Collaboration.year, Interaction.title, readable(viewer))
        .join(Interaction, Interaction.id == Collaboration.id)
        .where(Collaboration.continues_id == collaboration_id, Interaction.deleted_at.is_(None))
    ).first()
    return Continued(*row) if row is not None else None


def restoring_problems(interaction: Interaction) -> Problems:
    """What stands in the way of taking it out of the bin: another one continues the same collaboration by now."""
    other = aliased(Collaboration)
    earlier = select(Collaboration.continues_id).where(Collaboration.id == interaction.id).scalar_subquery()
    year = db.session.scalar(
        select(other.year)
        .join(Interaction, Interaction.id == other.id)
        .where(other.continues_id == earlier, other.id != interaction.id, Interaction.deleted_at.is_(None))
    )
    if year is None:
        return {}
    return {
        "continues": [
            _(
                "It cannot be restored: what it continues has been continued by another one, in %(year)s",
                year=year,
            )
        ]
    }


def _to_continue(identity: int, actor: User) -> int:
    """The year of the one to continue. From here on nobody else continues it before this transaction ends."""
    db.session.execute(select(Interaction.id).where(Interaction.id == identity).with_for_update())
    interaction = interaction_by_id(identity)
    year = _year_of(identity)
    if year is None or interaction is None or interaction.is_binned or not can_view(actor, interaction):
        raise Invalid({"continues": [_("The collaboration to continue does not exist, or is in the bin")]})
    already = continuation_of(identity, actor)
    if already is not None:
        raise Invalid({"continues": [_already_continued(already)]})
    return year


def _already_continued(already: Continued) -> str:
    text = _("It has been continued already, in %(year)s. Nothing was made a second time", year=already.year)
    if not already.is_readable:
        return str(text)
    return Linked(f"{text}.", label=already.title, path=f"/collaborations/{already.id}")


def _year_of(identity: int | None) -> int | None:
    return db.session.scalar(select(Collaboration.year).where(Collaboration.id == identity))


def _locked(collaboration: Collaboration, version: int | None) -> Interaction:
    """Its interaction, which nobody else changes before this transaction ends. Raises Stale."""
    interaction = collaboration.interaction
    current = db.session.scalar(
        select(Interaction.version).where(Interaction.id == collaboration.id).with_for_update()
    )
    if current != interaction.version:
        db.session.refresh(interaction)
        db.session.refresh(collaboration)
    check_version(interaction, version)
    return interaction


def _checked(
    collaboration: Collaboration,
    values: CollaborationValues,
    *,
    after: int | None,
    before: int | None = None,
) -> tuple[dict[str, Any], Problems]:
    """Its own fields as they would be, and what is wrong with them."""
    interaction: Interaction | None = collaboration.interaction
    own: dict[str, Any] = {name: values.get(name, getattr(collaboration, name)) for name in OWN_FIELDS}
    for name in ("aim", "result"):
        own[name] = tidy_text(own[name] or "") or None
    was = interaction.starts_on if interaction is not None else None
    candidate = Candidate(
        year=own["year"],
        stage=own["stage"],
        initiated_on=values.get("starts_on", was),
        aim=own["aim"],
        result=own["result"],
        was_initiated=interaction is not None and interaction.status == InteractionStatus.held,
        after=after,
        before=before,
    )
    return own, problems(candidate, today())


def _of_interaction(own: dict[str, Any], values: CollaborationValues, before: Interaction | None) -> Any:
    """The values of the interaction, which follow from the stage or are its own."""
    begun = values.get("starts_on", before.starts_on if before is not None else None)
    stage = own["stage"] if own["stage"] in set(Stage) else Stage.idea
    given: dict[str, Any] = {name: value for name, value in values.items() if name not in OWN_FIELDS}
    given |= {"kind": InteractionKind.collaboration, "status": status_of(stage, begun), "starts_on": begun}
    lead = own["lead_id"]
    advisors = given.get("advisor_ids", [user.id for user in before.advisors] if before is not None else [])
    if lead is not None and lead not in advisors:  # or the lead could not read a confidential one
        given["advisor_ids"] = [*advisors, lead]
    return given


def _lead_problems(collaboration: Collaboration, lead_id: int | None) -> Problems:
    """Somebody who leads it already may stay, whatever became of them."""
    if lead_id is None or lead_id == collaboration.lead_id:
        return {}
    lead = db.session.get(User, lead_id)
    if lead is None or not lead.may(Permission.LOG_INTERACTIONS):
        return {"lead_id": [_("Choose somebody who is active and may log interactions")]}
    return {}


def _named(invalid: Invalid) -> dict[str, list[Any]]:
    """What the interaction's rules say of its status is the stage's fault."""
    return {("stage" if name == "status" else name): said for name, said in invalid.errors.items()}


def _recorded(collaboration: Collaboration, actor: User) -> Collaboration:
    if diff(collaboration):
        collaboration.interaction.updated_at = now()  # its version counts these changes, too
    record(collaboration, actor=actor)
    return collaboration
