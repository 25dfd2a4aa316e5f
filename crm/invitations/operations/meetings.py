"""One meeting of a message: made, changed or cancelled, with the interactions that it becomes.

Everything goes through the operations of interactions, so that rules and history hold. What people have written
since stays: the calendar changes time, place, title and that it is cancelled, and adds who is newly invited.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.accounts.models import Permission, User
from crm.extensions import db
from crm.interactions.policies import can_edit
from crm.invitations.matching import Directory, Matches
from crm.invitations.models import Candidate, Invitee, Meeting, Occurrence
from crm.invitations.operations.occurrences import (
    Change,
    cancel_occurrence,
    change_occurrence,
    make_occurrence,
)
from crm.invitations.operations.outcomes import Outcome
from crm.invitations.operations.series import MOST_SLOTS, Series, Slot, key_of, laid_out_to
from crm.invitations.reading import Invited, Method
from crm.invitations.reasons import Reason, Unreadable
from crm.web.clock import today

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def take_meeting(invited: Invited, directory: Directory, *, sender: User | None) -> list[Outcome]:
    """What became of it, an outcome for each interaction. Raises Unreadable where nothing of the message may be taken."""
    meeting = db.session.scalar(
        select(Meeting)
        .where(Meeting.uid == invited.uid)
        .options(selectinload(Meeting.occurrences).joinedload(Occurrence.interaction))
        .with_for_update()
    )
    if meeting is not None and sender is not None and not _may_change(sender, meeting):
        return [Outcome("not_taken", None, Reason.not_theirs)]
    change = Change(invited, directory.match(invited), sender)
    try:
        if invited.method is Method.cancel:
            return _cancel(meeting, change)
        if invited.method is Method.request:
            return _take(meeting, change)
    except Unreadable as unreadable:
        return [Outcome("not_taken", None, unreadable.reason)]
    return []


def _may_change(sender: User, meeting: Meeting) -> bool:
    interactions = [occurrence.interaction for occurrence in meeting.occurrences]
    return not interactions or any(can_edit(sender, interaction) for interaction in interactions)


def _take(meeting: Meeting | None, change: Change) -> list[Outcome]:
    invited = change.invited
    slots, series = _slots(invited)
    change.author = _author(change.matches, invited, change.sender)
    if meeting is None:
        if invited.recurrence is not None and slots[0].day < today():
            return []  # a change of what lay behind when the series was taken
        meeting = Meeting(uid=invited.uid)
        db.session.add(meeting)
        db.session.flush()
    if invited.recurrence is not None:
        outcomes = _take_one(meeting, change, slots[0])
    elif meeting.occurrences and not _is_newer(invited, meeting):
        return _unchanged(meeting.occurrences)
    else:
        outcomes = _reconcile(meeting, change, slots)
        meeting.sequence, meeting.stamp = invited.sequence, invited.stamp
        meeting.series = series.kept() if series is not None else None
        meeting.laid_out_to = laid_out_to(series) if series is not None else None
    _remember_strangers(meeting, change.matches)
    return outcomes


def _slots(invited: Invited) -> tuple[list[Slot], Series | None]:
    """The times it takes place at, from today on where it recurs. Raises Unreadable where all of them lie behind."""
    assert invited.starts is not None
    assert invited.ends is not None
    if not invited.recurs:
        key = key_of(invited.recurrence, invited.zone) if invited.recurrence is not None else ""
        return [Slot(key, invited.starts, invited.ends, invited.zone)], None
    series = Series.of(invited)
    slots = series.slots(today(), laid_out_to(series))
    if not slots:
        raise Unreadable(Reason.over)
    return slots, series


def _author(matches: Matches, invited: Invited, sender: User | None) -> User:
    """In whose queue it comes: the organiser's, else that of the invited user who sent it or is named first, else the
    sender's. Raises Unreadable where there is nobody.
    """
    advisors = matches.advisors
    by_email = {user.email: user for user in advisors}
    organiser = by_email.get(invited.organiser.email) if invited.organiser is not None else None
    sending = sender if sender is not None and sender.may(Permission.LOG_INTERACTIONS) else None
    found = organiser or (sending if sending in advisors else None) or next(iter(advisors), None) or sending
    if found is None:
        raise Unreadable(Reason.nobody)
    return found


def _is_newer(invited: Invited, kept: Meeting | Occurrence) -> bool:
    return _edition(invited) > _edition(kept)


def _edition(one: Invited | Meeting | Occurrence) -> tuple[int, datetime]:
    return one.sequence or 0, one.stamp or _LONG_AGO


def _unchanged(occurrences: Iterable[Occurrence]) -> list[Outcome]:
    return [Outcome("same", occurrence.interaction_id, Reason.older) for occurrence in occurrences]


def _take_one(meeting: Meeting, change: Change, slot: Slot) -> list[Outcome]:
    """An occurrence that differs from its series."""
    occurrence = _find(meeting, change.invited)
    if occurrence is None:
        if slot.day < today():
            return []
        return [make_occurrence(meeting, change, slot, is_exception=True)]
    if occurrence.is_exception and not _is_newer(change.invited, occurrence):
        return _unchanged([occurrence])
    if change.invited.sequence < occurrence.sequence:
        return _unchanged([occurrence])
    occurrence.is_exception = True
    return [change_occurrence(occurrence, change, slot)]


def _find(meeting: Meeting, invited: Invited) -> Occurrence | None:
    """The occurrence that the recurrence id names, to the second or else by its day alone."""
    assert invited.recurrence is not None
    key = key_of(invited.recurrence, invited.zone)
    exactly = [one for one in meeting.occurrences if one.recurrence == key]
    day = f"{invited.recurrence:%Y%m%d}"
    by_day = [one for one in meeting.occurrences if one.recurrence == day or key == one.recurrence[:8]]
    found = exactly or by_day
    return found[0] if len(found) == 1 else None


def _reconcile(meeting: Meeting, change: Change, slots: Sequence[Slot]) -> list[Outcome]:
    """Make the meeting's interactions those of the slots: first by where the rule puts them, then by their day. What is no
    longer there and still to come is cancelled.
    """
    left = {occurrence.recurrence: occurrence for occurrence in meeting.occurrences}
    found = {slot.key: left.pop(slot.key) for slot in slots if slot.key in left}
    by_day = {occurrence.interaction.starts_on: occurrence for occurrence in left.values()}
    for slot in slots:
        if slot.key not in found and slot.day in by_day:
            found[slot.key] = by_day.pop(slot.day)
            left.pop(found[slot.key].recurrence)
    if len(slots) == 1 and slots[0].key not in found and len(left) == 1:
        found[slots[0].key] = left.popitem()[1]
    outcomes = [cancel_occurrence(one, change) for one in left.values() if _is_ahead(one)]
    for slot in slots[: max(MOST_SLOTS, len(found))]:
        occurrence = found.get(slot.key)
        if occurrence is None:
            outcomes.append(make_occurrence(meeting, change, slot))
        elif occurrence.is_exception and _edition(occurrence) >= _edition(change.invited):
            outcomes += _unchanged([occurrence])
        else:
            occurrence.recurrence, occurrence.is_exception = slot.key, False
            outcomes.append(change_occurrence(occurrence, change, slot))
    return outcomes


def _is_ahead(occurrence: Occurrence) -> bool:
    day = occurrence.interaction.starts_on
    return day is not None and day >= today()


def _cancel(meeting: Meeting | None, change: Change) -> list[Outcome]:
    invited = change.invited
    if meeting is None:
        raise Unreadable(Reason.unknown_meeting)
    if invited.recurrence is not None:
        occurrence = _find(meeting, invited)
        if meeting.series is not None:
            key = key_of(invited.recurrence, invited.zone)
            meeting.series = Series.restored(meeting.series).leaving_out(key).kept()
        if occurrence is None:
            return []
        if invited.sequence < occurrence.sequence:
            return _unchanged([occurrence])
        occurrence.is_exception = True
        return [cancel_occurrence(occurrence, change)]
    if invited.sequence < (meeting.sequence or 0):
        return _unchanged(meeting.occurrences)
    meeting.sequence, meeting.stamp = invited.sequence, invited.stamp
    meeting.series = meeting.laid_out_to = None
    single = len(meeting.occurrences) == 1
    return [cancel_occurrence(one, change) for one in meeting.occurrences if single or _is_ahead(one)]


def _remember_strangers(meeting: Meeting, matches: Matches) -> None:
    """Keep what is to be asked of people whom we do not know for certain, once for the whole meeting."""
    known = set(db.session.scalars(select(Invitee.email).where(Invitee.meeting_id == meeting.id)).all())
    for question in matches.questions:
        if question.person.email in known:
            continue
        invitee = Invitee(meeting_id=meeting.id, email=question.person.email, name=question.person.name)
        invitee.candidates = [
            *(Candidate(contact_id=one) for one in question.contacts),
            *(Candidate(organisation_id=one) for one in question.organisations),
        ]
        db.session.add(invitee)
    db.session.flush()
