"""One interaction that a meeting becomes."""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm.accounts.models import User
from crm.extensions import db
from crm.interactions.models import CancelledBy, Interaction, InteractionKind, InteractionStatus
from crm.interactions.operations import InteractionValues, change_status, log_interaction, update_interaction
from crm.interactions.policies import can_edit
from crm.interactions.rules import PLACE_LENGTH, TITLE_LENGTH
from crm.invitations.matching import Matches
from crm.invitations.models import Meeting, Occurrence
from crm.invitations.operations.outcomes import Outcome
from crm.invitations.operations.series import Slot
from crm.invitations.reading import Invited
from crm.invitations.reasons import Reason
from crm.web.clock import today
from crm.web.formatting import day
from crm.web.locale import LOCALES
from crm.web.validation import Invalid

OPEN = (InteractionStatus.draft, InteractionStatus.planned)


@dataclass(slots=True)
class Change:
    """What a message says of a meeting, who is in it, and who sent it (None where the operator or an administrator
    answers for it). `author` is whose queue new interactions come in.
    """

    invited: Invited
    matches: Matches
    sender: User | None
    author: User | None = None

    def actor(self, interaction: Interaction) -> User:
        if self.sender is not None and can_edit(self.sender, interaction):
            return self.sender
        return interaction.author


def make_occurrence(meeting: Meeting, change: Change, slot: Slot, *, is_exception: bool = False) -> Outcome:
    """A new interaction: planned from today on, else a draft, since nobody has said that it was held."""
    author = change.author
    assert author is not None
    matches = change.matches
    advisors = [user.id for user in matches.advisors] or [author.id]
    status = InteractionStatus.planned if slot.day >= today() else InteractionStatus.draft
    with force_locale(LOCALES[author.language]):
        title, notes = _title(change.invited), _notes(change.invited)
    values = slot.values()
    values |= {
        "kind": InteractionKind.meeting,
        "status": status,
        "title": title,
        "place": _cut(change.invited.place, PLACE_LENGTH) or None,
        "notes": notes,
        "confidential": change.invited.private,
        "organisation_ids": matches.organisations,
        "contact_ids": matches.contacts,
        "advisor_ids": advisors,
    }
    interaction = log_interaction(actor=author, **values)
    meeting.occurrences.append(
        Occurrence(
            recurrence=slot.key,
            sequence=change.invited.sequence,
            stamp=change.invited.stamp,
            is_exception=is_exception,
            written=_written(interaction, matches, {}, {"title", "place"}),
            interaction=interaction,
        )
    )
    db.session.flush()
    return Outcome(status.value, interaction.id)


def change_occurrence(occurrence: Occurrence, change: Change, slot: Slot) -> Outcome:
    """Another time, place or title; whoever is newly invited comes in addition. What was held, put in the bin or cancelled
    by hand stays as it is.
    """
    interaction, invited = occurrence.interaction, change.invited
    again = interaction.status == InteractionStatus.cancelled and occurrence.is_cancelled
    occurrence.sequence, occurrence.stamp = invited.sequence, invited.stamp
    if interaction.is_binned or not (interaction.status in OPEN or again):
        return Outcome("left", interaction.id, Reason.kept)
    values = _changes(occurrence, change, slot)
    became_ahead = interaction.status == InteractionStatus.draft and occurrence.written.get("draft")
    if again or (became_ahead and slot.day >= today()):
        values["status"] = InteractionStatus.planned
    before = interaction.version
    try:
        update_interaction(interaction, actor=change.actor(interaction), version=None, **values)
    except Invalid:
        return Outcome("left", interaction.id, Reason.kept)
    occurrence.is_cancelled = False
    occurrence.written = _written(interaction, change.matches, occurrence.written, set(values))
    return Outcome("changed" if interaction.version != before else "same", interaction.id)


def cancel_occurrence(occurrence: Occurrence, change: Change) -> Outcome:
    """Cancelled by us where the organiser is one of us, else by them."""
    interaction = occurrence.interaction
    occurrence.sequence, occurrence.stamp = change.invited.sequence, change.invited.stamp
    if interaction.status == InteractionStatus.cancelled:
        return Outcome("same", interaction.id)
    if interaction.is_binned or interaction.status not in OPEN:
        return Outcome("left", interaction.id, Reason.kept)
    by = CancelledBy.us if change.matches.organiser_is_ours else CancelledBy.them
    change_status(
        interaction,
        actor=change.actor(interaction),
        version=None,
        status=InteractionStatus.cancelled,
        cancelled_by=by,
    )
    occurrence.is_cancelled = True
    return Outcome("cancelled", interaction.id)


def _changes(occurrence: Occurrence, change: Change, slot: Slot) -> InteractionValues:
    interaction, invited, matches = occurrence.interaction, change.invited, change.matches
    written = occurrence.written
    values = slot.values()
    if interaction.title == written.get("title") and invited.title:
        values["title"] = _cut(invited.title, TITLE_LENGTH)
    if interaction.place == written.get("place"):
        values["place"] = _cut(invited.place, PLACE_LENGTH) or None
    if invited.private:
        values["confidential"] = True
    users = [user.id for user in matches.advisors]
    for name, present, invited_now in (
        ("advisor_ids", interaction.advisors, users),
        ("contact_ids", interaction.contacts, matches.contacts),
        ("organisation_ids", interaction.organisations, matches.organisations),
    ):
        new = [one for one in invited_now if one not in written.get(name, [])]
        if new:
            values[name] = list(dict.fromkeys([*(record.id for record in present), *new]))  # type: ignore[literal-required]
    return values


def _written(
    interaction: Interaction, matches: Matches, before: dict[str, Any], now_written: set[str]
) -> dict[str, Any]:
    """What the calendar has written so far: where the interaction has something else, a person has changed it by hand."""
    return {
        "title": interaction.title if "title" in now_written else before.get("title"),
        "place": interaction.place if "place" in now_written else before.get("place"),
        "draft": interaction.status == InteractionStatus.draft,
        "advisor_ids": sorted({*before.get("advisor_ids", ()), *(user.id for user in matches.advisors)}),
        "contact_ids": sorted({*before.get("contact_ids", ()), *matches.contacts}),
        "organisation_ids": sorted({*before.get("organisation_ids", ()), *matches.organisations}),
    }


def _title(invited: Invited) -> str:
    return _cut(invited.title, TITLE_LENGTH) or str(_("Meeting without a title"))


def _notes(invited: Invited) -> str | None:
    """The invitation's own text. A whole-day interaction has one day: of several, the last is told in words."""
    lasts = invited.starts is not None and invited.ends is not None and not invited.recurs
    several = lasts and type(invited.ends) is type(invited.starts) and not hasattr(invited.ends, "hour")
    until = ""
    if several and invited.ends and invited.starts and invited.ends > invited.starts:
        until = str(_("Lasts until %(day)s.", day=day(invited.ends)))
    return "\n\n".join(filter(None, (until, invited.description))) or None


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
