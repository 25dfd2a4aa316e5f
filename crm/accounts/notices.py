"""What users are written to about. Send them when the change is committed; each tells whether it was handed over."""

from flask_babel import lazy_gettext as _l

from crm.accounts.links import MadeLink
from crm.accounts.models import User
from crm.database import now
from crm.mail import send


def send_invitation(user: User, link: MadeLink, *, inviter: User | None) -> bool:
    return send(
        user.email,
        _l("You have been made a user of Næringskontakt"),
        "invitation",
        language=user.language,
        name=user.name,
        inviter=inviter.name if inviter else None,
        link=link.url,
        until=link.expires_at,
    )


def send_reset(user: User, link: MadeLink, *, wait: bool = True) -> bool:
    return send(
        user.email,
        _l("Choose a new password for Næringskontakt"),
        "reset",
        language=user.language,
        name=user.name,
        wait=wait,
        link=link.url,
        until=link.expires_at,
    )


def tell_password_changed(user: User) -> bool:
    return send(
        user.email,
        _l("Your password was changed"),
        "password_changed",
        language=user.language,
        name=user.name,
        at=now(),
    )
