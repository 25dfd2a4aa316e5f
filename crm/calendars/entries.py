"""Interactions and follow-ups as entries of a calendar, in the language at hand."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from crm.accounts.models import User
from crm.calendars import queries
from crm.calendars.models import CalendarFeed
from crm.calendars.queries import MOST_OF_NOTES, Engagement, Promise
from crm.calendars.writing import CalendarEntry, Method, Person, Status, calendar_file, uid
from crm.interactions.models import InteractionStatus
from crm.interactions.queries.rows import ListedInteraction, listed
from crm.web.locale import LOCALES

ASKED_AGAIN_AFTER = timedelta(hours=1)
STATUSES = {
    InteractionStatus.draft: Status.tentative,
    InteractionStatus.cancelled: Status.cancelled,
}


def feed_file(feed: CalendarFeed, today: date) -> bytes:
    """The calendar of the feed's user as a file, in their language; the same bytes as long as nothing has changed.
    `today` is the local day that its window is counted from.
    """
    with force_locale(LOCALES[feed.user.language]):
        found = queries.engagements(feed, today)
        parts = _parts_of(found)
        entries = [_of_interaction(one, parts.get(one.id)) for one in found]
        entries += [_of_follow_up(one, feed.user) for one in queries.promises(feed, today)]
        return calendar_file(
            entries,
            name=f"Næringskontakt – {feed.user.name}",
            refresh=ASKED_AGAIN_AFTER,
        )


def interaction_file(one: Engagement, organizer: User) -> bytes:
    """An interaction that the reader may read, to put into a calendar once."""
    entry = _of_interaction(one, _parts_of([one])[one.id], Person(email=organizer.email, name=organizer.name))
    return calendar_file([entry], method=Method.publish)


def _parts_of(found: Iterable[Engagement]) -> dict[int, ListedInteraction]:
    """Who and what belongs to those that may be read. One statement, and one for what is kept."""
    return {row.id: row for row in listed([one.id for one in found if one.readable])}


def _of_interaction(
    one: Engagement, parts: ListedInteraction | None, organizer: Person | None = None
) -> CalendarEntry:
    """Of what may not be read only that there is something confidential, and when."""
    times: dict[str, Any] = {"starts": one.starts_at or one.starts_on, "ends": one.ends_at}
    shared: dict[str, Any] = times | {
        "uid": uid("interaction", one.id, _public_url()),
        "sequence": one.version - 1,
        "last_modified": one.updated_at,
        "status": STATUSES.get(InteractionStatus(one.status), Status.confirmed),
        "confidential": one.confidential,
        "organizer": organizer,
    }
    if parts is None:
        return CalendarEntry(summary=_told(_("Confidential interaction"), one), **shared)
    return CalendarEntry(
        summary=_told(one.title if one.own else _whose(one.title, parts.advisors), one),
        place=one.place or "",
        description="" if one.confidential else _description(parts, one.notes),
        categories=tuple(parts.measures),
        url=f"{_public_url()}/interactions/{one.id}",
        **shared,
    )


def _told(title: Any, one: Engagement) -> str:
    """Not every calendar shows what is cancelled as such."""
    if one.status == InteractionStatus.cancelled:
        return str(_("Cancelled: %(title)s", title=title))
    return str(title)


def _whose(title: str | None, names: Sequence[str]) -> str:
    return f"{title} ({', '.join(names)})" if names else str(title)


def _description(parts: ListedInteraction, notes: str | None) -> str:
    named = ((_("Organisations"), parts.organisations), (_("From the municipality"), parts.advisors))
    lines = [f"{label}: {', '.join(names)}" for label, names in named if names]
    if notes:
        beginning = notes if len(notes) <= MOST_OF_NOTES else f"{notes[:MOST_OF_NOTES]} …"
        lines.append(f"\n{beginning}" if lines else beginning)
    return "\n".join(lines)


def _of_follow_up(one: Promise, reader: User) -> CalendarEntry:
    """A whole day that takes no time from it."""
    text = _("Follow-up: %(text)s", text=one.text)
    about = [] if one.confidential else [one.organisation_name, one.interaction_title]
    page = (
        f"/interactions/{one.interaction_id}#follow-ups"
        if one.interaction_id
        else f"/follow-ups/{one.id}/edit"
    )
    return CalendarEntry(
        uid=uid("follow-up", one.id, _public_url()),
        sequence=one.version - 1,
        last_modified=one.updated_at,
        summary=text if one.owner_id == reader.id else _whose(text, [one.owner_name]),
        starts=one.due_on,
        description="\n".join(filter(None, about)),
        url=f"{_public_url()}{page}",
        busy=False,
        confidential=one.confidential,
    )


def _public_url() -> str:
    return str(current_app.config["CRM"].public_url)
