"""What can be done with the address of a calendar. Flushes and records; whoever calls commits."""

from sqlalchemy import select

from crm.accounts.models import User
from crm.accounts.sessions import hashed
from crm.audit.recording import record
from crm.calendars import queries
from crm.calendars.addresses import new_salt, token_from
from crm.calendars.models import CalendarFeed
from crm.database import now
from crm.extensions import db


def open_feed(*, user: User, actor: User | None, salt: str | None = None) -> CalendarFeed:
    """A new address, with the choices of the one before it, which stops working."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    before = queries.feed_of_user(user)
    includes_team = before.includes_team if before is not None else False
    close_feed(user=user, actor=actor)
    salt = salt or new_salt()
    feed = CalendarFeed(
        user_id=user.id, salt=salt, token_hash=hashed(token_from(salt)), includes_team=includes_team
    )
    record(feed, actor=actor)
    return feed


def close_feed(*, user: User, actor: User | None) -> None:
    """Nobody reads the user's calendar any more, whoever has the address."""
    feed = queries.feed_of_user(user)
    if feed is not None:
        feed.revoked_at = now()
        record(feed, actor=actor, action="revoked")


def choose_team(*, feed: CalendarFeed, includes_team: bool, actor: User) -> None:
    """Whether the calendar also holds what the rest of the user's unit does."""
    feed.includes_team = includes_team
    record(feed, actor=actor)
