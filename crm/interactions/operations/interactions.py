"""Logging an interaction and what is done to it afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from flask_babel import gettext as _
from sqlalchemy import inspect, update
from sqlalchemy.orm.attributes import set_committed_value

from crm.accounts.models import User
from crm.audit.recording import diff, record
from crm.database import now
from crm.extensions import db
from crm.interactions.changes import interaction_changed
from crm.interactions.joined import joined_problems
from crm.interactions.models import Interaction, InteractionStatus, interaction_search_text
from crm.interactions.operations.follow_ups import create_follow_up, find_owner, follow_up_problems
from crm.interactions.operations.locking import lock_interaction
from crm.interactions.operations.participants import (
    NewContact,
    Participants,
    find_participants,
    put_on,
    put_signals_on,
    tagged,
)
from crm.interactions.operations.values import InteractionValues, NewFollowUp
from crm.interactions.rules import Candidate, Problems, problems
from crm.organisations.models import Contact
from crm.organisations.operations import create_contact
from crm.web.clock import instant, local, today
from crm.web.forms.fields import tidy, tidy_text
from crm.web.validation import Invalid

OWN_FIELDS = (
    "kind",
    "status",
    "title",
    "starts_on",
    "starts_at",
    "ends_at",
    "place",
    "notes",
    "confidential",
    "cancelled_by",
    "outcome",
    "outcome_note",
    "outcome_on",
)


def log_interaction(
    *,
    actor: User,
    submission_key: str | None = None,
    new_contacts: Sequence[NewContact] = (),
    follow_ups: Sequence[NewFollowUp] = (),
    keeper: bool = False,
    **values: Unpack[InteractionValues],
) -> Interaction:
    """Keep a new interaction, with people met for the first time and what was promised, in one transaction.

    The actor is its author, and its advisor where `advisor_ids` is left out. `submission_key` is unique: the
    database refuses the same submission a second time (`uq_interactions_submission_key`). `keeper` says that the
    caller is the feature that keeps a joined kind (see `crm.interactions.joined`).
    Raises Invalid; nothing is kept then once the caller has rolled back.
    """
    values.setdefault("advisor_ids", [actor.id])
    interaction = Interaction(
        author_id=actor.id, author=actor, submission_key=submission_key, status=InteractionStatus.draft
    )
    return _save(interaction, actor, values, new_contacts, follow_ups, keeper=keeper)


def update_interaction(
    interaction: Interaction,
    *,
    actor: User,
    version: int | None,
    new_contacts: Sequence[NewContact] = (),
    follow_ups: Sequence[NewFollowUp] = (),
    keeper: bool = False,
    **values: Unpack[InteractionValues],
) -> Interaction:
    """Change what is given, leave the rest. `version` is what the writer read; None takes any.

    Raises Invalid, or Stale when somebody else has saved it since.
    """
    lock_interaction(interaction, version)
    return _save(interaction, actor, values, new_contacts, follow_ups, keeper=keeper)


def set_further_words(interaction: Interaction, words: str) -> None:
    """Let it be found by these words, too: those of what an upper feature keeps with it. That is no change of the record:
    its version stays, so that nobody's half-written form is refused for it. Lock it before the words are gathered.
    """
    set_committed_value(interaction, "further_words", words or None)
    found_by = interaction_search_text(interaction)
    set_committed_value(interaction, "search_text", found_by)
    table: Any = Interaction.__table__
    db.session.execute(
        update(table)
        .where(table.c.id == interaction.id)
        .values(further_words=interaction.further_words, search_text=found_by, updated_at=table.c.updated_at)
    )


def _save(
    interaction: Interaction,
    actor: User,
    values: InteractionValues,
    new_contacts: Sequence[NewContact],
    follow_ups: Sequence[NewFollowUp],
    *,
    keeper: bool,
) -> Interaction:
    is_new = inspect(interaction).transient
    participants, wrong = find_participants(
        interaction,
        organisation_ids=values.get("organisation_ids"),
        contact_ids=values.get("contact_ids"),
        advisor_ids=values.get("advisor_ids"),
        measure_ids=values.get("measure_ids"),
    )
    own = _own_values(interaction, values)
    signals = values.get("signals")
    found = problems(_candidate(interaction, own, participants, signals, is_new=is_new), today())
    if not keeper:
        before = None if is_new else {name: getattr(interaction, name) for name in OWN_FIELDS}
        found |= joined_problems(before, own)
    found |= wrong | _follow_up_problems(follow_ups, actor)
    if found:
        raise Invalid(dict(found))
    for name, value in own.items():
        if getattr(interaction, name) != value:
            setattr(interaction, name, value)
    if signals is not None:
        put_signals_on(interaction, signals)
    if participants.contacts is None and new_contacts:
        participants.contacts = interaction.contacts
    put_on(
        interaction,
        Participants(participants.organisations, None, participants.advisors, participants.measures),
    )
    if participants.contacts is not None:
        made = _create_contacts(new_contacts, interaction, actor)
        put_on(interaction, Participants(contacts=[*participants.contacts, *made]))
    if not is_new and diff(interaction):
        interaction.updated_at = now()  # the version counts changes of its participants and tags, too
    record(interaction, actor=actor)
    for promised in follow_ups:
        create_follow_up(
            actor=actor,
            text=promised.text,
            due_on=promised.due_on,
            owner_id=promised.owner_id,
            interaction=interaction,
        )
    interaction_changed.send(interaction)
    return interaction


def _own_values(interaction: Interaction, values: InteractionValues) -> dict[str, Any]:
    """OWN_FIELDS as they would be."""
    own: dict[str, Any] = {name: values.get(name, getattr(interaction, name)) for name in OWN_FIELDS}
    own["confidential"] = bool(own["confidential"])
    if own["status"] != InteractionStatus.cancelled:
        own["cancelled_by"] = values.get(
            "cancelled_by"
        )  # the rules refuse it; what was there goes with the status
    for name in ("title", "place", "outcome", "outcome_note"):
        own[name] = tidy(own[name] or "") or None
    own["notes"] = tidy_text(own["notes"] or "") or None
    _agree_on_day(values, own, interaction.starts_at)
    return own


def _agree_on_day(values: InteractionValues, own: dict[str, Any], was_at: datetime | None) -> None:
    """Day and instants agree: a new day alone takes the times of day along; else the start's local day counts."""
    if "starts_on" in values and "starts_at" not in values and was_at is not None:
        day = own["starts_on"]
        for name in ("starts_at", "ends_at"):
            if own[name] is not None:
                then = local(own[name])
                days = then.date() - local(was_at).date()
                own[name] = instant(day + days, then.time()) if day is not None else None
    elif own["starts_at"] is not None:
        own["starts_on"] = local(own["starts_at"]).date()


def _candidate(
    interaction: Interaction,
    own: dict[str, Any],
    participants: Participants,
    signals: Sequence[str] | None,
    *,
    is_new: bool,
) -> Candidate:
    def size(given: list[Any] | None, present: Sequence[Any]) -> int:
        return len(present if given is None else given)

    measures = interaction.measures if participants.measures is None else participants.measures
    return Candidate(
        kind=own["kind"],
        status=own["status"],
        title=own["title"],
        starts_on=own["starts_on"],
        starts_at=own["starts_at"],
        ends_at=own["ends_at"],
        place=own["place"],
        notes=own["notes"],
        organisations=size(participants.organisations, interaction.organisations),
        advisors=size(participants.advisors, interaction.advisor_participations),
        measures=tagged(measures),
        cancelled_by=own["cancelled_by"],
        outcome=own["outcome"],
        outcome_note=own["outcome_note"],
        outcome_on=own["outcome_on"],
        signals=signals or (),
        was_status=None if is_new else interaction.status,
        was_on=None if is_new else interaction.starts_on,
    )


def _follow_up_problems(follow_ups: Sequence[NewFollowUp], actor: User) -> Problems:
    found: Problems = {}
    for promised in follow_ups:
        wrong = follow_up_problems(promised.text, promised.due_on)
        find_owner(promised.owner_id, actor, wrong)
        for name, messages in wrong.items():
            found.setdefault(f"follow_up_{name}", []).extend(messages)
    return found


def _create_contacts(
    new_contacts: Sequence[NewContact], interaction: Interaction, actor: User
) -> list[Contact]:
    """People met for the first time, at the interaction's first organisation. Errors are named by their place:
    `new_contacts-0-email`.
    """
    made: list[Contact] = []
    for place, person in enumerate(new_contacts):
        if not interaction.organisations:
            raise Invalid({"organisations": [_("Choose the organisation that the new person belongs to")]})
        try:
            made.append(
                create_contact(
                    actor=actor,
                    given_name=person.given_name,
                    family_name=person.family_name,
                    phone=person.phone,
                    email=person.email,
                    affiliations=[
                        {"organisation_id": interaction.organisations[0].id, "title": person.title}
                    ],
                )
            )
        except Invalid as invalid:
            raise Invalid(
                {f"new_contacts-{place}-{name}": messages for name, messages in invalid.errors.items()}
            ) from invalid
    return made
