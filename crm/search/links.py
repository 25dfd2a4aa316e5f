"""Where a search leads on to: the page of a hit, an enquiry that is handed over, or one from somebody unknown."""

from typing import Any
from urllib.parse import urlencode

from flask import url_for

from crm.accounts.models import Permission, User
from crm.search.answers import Answers
from crm.search.queries import Hit, Kind

NEW_ENQUIRY = "/enquiries/new"


def page_of(hit: Hit, viewer: User) -> str:
    """The hit's own page; a colleague's is for whoever manages users, and others are shown the hit with its number."""
    if hit.kind == Kind.user and not viewer.may(Permission.MANAGE_USERS):
        return url_for("search.index", q=hit.title, kind=hit.kind.value)
    return hit.url


def hand_over(answered: Answers, hit: Hit | None = None) -> str:
    """The form of a new enquiry, filled in with who calls, about what, and what was typed."""
    given: dict[str, Any] = {"topic": answered.topic_id, "site": answered.site_id, "q": answered.query}
    if hit is not None:
        given["organisation"] = hit.organisation_id
        given["contact"] = hit.id if hit.kind == Kind.contact else None
        given["topic"] = answered.topic_id or hit.topic_id
        given["site"] = answered.site_id or hit.site_id
    return f"{NEW_ENQUIRY}?{urlencode({name: value for name, value in given.items() if value})}"
