"""The audit log of an interaction in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.audit.history import Entry, Show, entries, events_of
from crm.audit.models import AuditEvent
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.queries.follow_ups import follow_up_ids
from crm.interactions.queries.names import names_of
from crm.web.formatting import day, moment


def interaction_history(interaction: Interaction) -> list[Entry]:
    """Who changed what of it and of what was promised in it, newest first. Three statements."""
    subjects = [
        ("Interaction", interaction.id),
        *(("FollowUp", one) for one in follow_up_ids(interaction.id)),
    ]
    events = events_of(subjects)
    names = names_of(
        organisations=_ids(events, "organisations"),
        contacts=_ids(events, "contact_participations"),
        users=_ids(events, "advisor_participations", "owner_id", "author_id"),
    )

    def named(kind: str) -> Show:
        return lambda value: names[kind].get(value, "")

    fields: Mapping[str, tuple[Any, Show | None]] = {
        "kind": (_l("Kind"), lambda value: str(InteractionKind(value).label)),
        "status": (_l("Status"), lambda value: str(InteractionStatus(value).label)),
        "title": (_l("Title"), None),
        "starts_on": (_l("Date"), _day),
        "starts_at": (_l("From"), _moment),
        "ends_at": (_l("To"), _moment),
        "place": (_l("Place"), None),
        "notes": (_l("Notes"), _shortened),
        "confidential": (_l("Confidential"), None),
        "organisations": (_l("Organisations"), named("organisations")),
        "contact_participations": (_l("People met"), named("contacts")),
        "advisor_participations": (_l("Advisors"), named("users")),
        "measures": (_l("Measures"), None),
        "text": (_l("Follow-up"), None),
        "due_on": (_l("Due"), _day),
        "owner_id": (_l("Who does it"), named("users")),
    }
    return entries(events, fields)


def _day(value: Any) -> str:
    return day(date.fromisoformat(value))


def _moment(value: Any) -> str:
    return moment(datetime.fromisoformat(value))


def _shortened(text: Any) -> str:
    words = str(text)
    return (
        words
        if len(words) <= 600
        else _("%(beginning)s … (%(length)s characters)", beginning=words[:600], length=len(words))
    )


def _ids(events: Sequence[AuditEvent], *fields: str) -> set[int]:
    found: set[int] = set()
    for event in events:
        for field in fields:
            for value in event.changes.get(field, ()):
                found.update(
                    one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)
                )
    return found
