"""Addresses of calendars. Whoever has one reads the calendar: they are made from the application's key, so that the
database alone, or a copy of it, gives nobody an address.
"""

import base64
import hashlib
import hmac
import secrets

from flask import current_app

from crm.accounts.sessions import hashed
from crm.calendars.models import CalendarFeed


def new_salt() -> str:
    return secrets.token_hex(16)


def token_from(salt: str) -> str:
    """The secret part of an address: 32 characters, 192 bits."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, f"calendar:{salt}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def address_of(feed: CalendarFeed) -> str | None:
    """Where the feed is read; None where that can no longer be told, since the application has another key than when it
    was made.
    """
    token = token_from(feed.salt)
    if hashed(token) != feed.token_hash:
        return None
    return f"{current_app.config['CRM'].public_url}/calendar/{token}.ics"
