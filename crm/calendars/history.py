"""How addresses of calendars read in the audit log. The addresses themselves are in no event."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from crm.accounts.models import User
from crm.audit.descriptions import Description, describe
from crm.audit.fields import at_moment, record_named, yes_or_no
from crm.calendars.models import CalendarFeed


def describe_calendars() -> None:
    whose = select(User.name).where(User.id == CalendarFeed.user_id).scalar_subquery()
    describe(
        "CalendarFeed",
        Description(
            label=_l("Calendar address"),
            identity=CalendarFeed.id,
            name=lambda: whose,
            fields={
                "user_id": record_named(_l("User"), "User"),
                "includes_team": yes_or_no(_l("With the unit's")),
                "revoked_at": at_moment(_l("Revoked")),
            },
        ),
    )
