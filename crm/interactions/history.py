"""How interactions and follow-ups read in their history and in the audit log."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select

from crm.audit.descriptions import Description, describe, name_actions
from crm.audit.fields import at_moment, choice, on_day, plain, record_named, yes_or_no
from crm.interactions.models import CancelledBy, FollowUp, Interaction, InteractionKind, InteractionStatus
from crm.interactions.queries import readable
from crm.interactions.vocabulary import Outcome, Signal


def describe_interactions() -> None:
    name_actions({"done": _l("Done"), "reopened": _l("Reopened")})
    describe(
        "Interaction",
        Description(
            label=_l("Interaction"),
            identity=Interaction.id,
            name=lambda: Interaction.title,
            path=lambda identity: f"/interactions/{identity}",
            readable=readable,
            fields={
                "kind": choice(_l("Kind"), InteractionKind),
                "status": choice(_l("Status"), InteractionStatus),
                "title": plain(_l("Title")),
                "starts_on": on_day(_l("Date")),
                "starts_at": at_moment(_l("From")),
                "ends_at": at_moment(_l("To")),
                "listed_on": None,  # follows from the date
                "place": plain(_l("Place")),
                "notes": plain(_l("Notes")),
                "confidential": yes_or_no(_l("Confidential")),
                "cancelled_by": choice(_l("Cancellation"), CancelledBy),
                "outcome": choice(_l("What came of it"), Outcome),
                "outcome_note": plain(_l("More about what came of it")),
                "outcome_on": on_day(_l("Known since")),
                "signals": choice(_l("Signals"), Signal),
                "author_id": record_named(_l("Author"), "User"),
                "organisations": record_named(_l("Organisations"), "Organisation"),
                "contact_participations": record_named(_l("Contacts"), "Contact"),
                "advisor_participations": record_named(_l("Advisors"), "User"),
                "measures": plain(_l("Measures")),
                "deleted_at": None,
            },
        ),
    )
    describe(
        "FollowUp",
        Description(
            label=_l("Follow-up"),
            identity=FollowUp.id,
            name=lambda: FollowUp.text,
            place=(FollowUp.id, FollowUp.interaction_id),
            path=_place_of_follow_up,
            readable=_readable_follow_ups,
            fields={
                "text": plain(_l("Follow-up")),
                "owner_id": record_named(_l("Who does it"), "User"),
                "due_on": on_day(_l("Due")),
                "interaction_id": record_named(_l("Interaction"), "Interaction"),
                "organisation_id": record_named(_l("Organisation"), "Organisation"),
                "done_at": None,
                "done_note": plain(_l("How it went")),
            },
        ),
    )


def _place_of_follow_up(identity: str, interaction: str | None) -> str:
    return f"/interactions/{interaction}#follow-ups" if interaction else f"/follow-ups/{identity}/edit"


def _readable_follow_ups(viewer: Any) -> ColumnElement[bool]:
    """Their own, and those of interactions they may read."""
    readable_ones = select(Interaction.id).where(Interaction.id == FollowUp.interaction_id, readable(viewer))
    return or_(FollowUp.interaction_id.is_(None), FollowUp.owner_id == viewer.id, readable_ones.exists())
