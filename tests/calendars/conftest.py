"""A feed as calendar programs read it."""

import icalendar
import pytest
import vobject

from crm.calendars import operations
from crm.calendars.addresses import address_of
from crm.extensions import db


class Subscription:
    """An address put into a calendar program."""

    def __init__(self, pages, user, *, includes_team=False):
        feed = operations.open_feed(user=user, actor=user)
        operations.choose_team(feed=feed, includes_team=includes_team, actor=user)
        db.session.commit()
        self.pages = pages
        self.feed = feed
        self.address = address_of(feed)
        self.path = "/" + self.address.split("/", 3)[3]

    def get(self, status=200, **options):
        """The answer to somebody who is not signed in."""
        return self.pages.get(self.path, status=status, **options)

    @property
    def raw(self):
        return self.get().response.data

    @property
    def text(self):
        """Unfolded, so that nothing hides behind the end of a line."""
        return self.raw.replace(b"\r\n ", b"").decode()

    @property
    def entries(self):
        """What both readers find, by the part of the UID before the host."""
        raw = self.raw
        events = {event["UID"].partition("@")[0]: event for event in icalendar.Calendar.from_ical(raw).events}
        theirs = getattr(vobject.readOne(raw.decode()), "vevent_list", [])
        assert sorted(one.uid.value.partition("@")[0] for one in theirs) == sorted(events)
        return events

    @property
    def summaries(self):
        return sorted(str(event["SUMMARY"]) for event in self.entries.values())


@pytest.fixture
def subscribe(pages):
    return lambda user, **options: Subscription(pages, user, **options)
