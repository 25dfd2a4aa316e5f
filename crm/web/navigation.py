"""The main menu as data: what each role sees, in which order."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, g, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup

from crm.web.locale import language
from crm.web.settings import VERSION


@dataclass(frozen=True)
class Entry:
    """A place in the menu; `permission` is the name of what its reader must be allowed."""

    label: Any
    endpoint: str
    permission: str
    section: str
    icon: str
    """A shape of crm/web/icons.py."""


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    current: bool
    icon: str


ENTRIES = (
    Entry(_l("My day"), "interactions.my_day", "READ", "my_day", "home"),
    Entry(_l("Organisations"), "organisations.index", "READ", "organisations", "organisation"),
    Entry(_l("Contacts"), "contacts.index", "READ", "contacts", "people"),
    Entry(_l("Enquiries"), "enquiries.index", "READ", "enquiries", "phone"),
    Entry(_l("Responsibilities"), "responsibilities.index", "READ", "responsibilities", "user"),
    Entry(_l("Interactions"), "interactions.index", "READ", "interactions", "interaction"),
    Entry(_l("Follow-ups"), "follow_ups.index", "READ", "follow_ups", "follow-up"),
    Entry(_l("Dialogue arenas"), "arenas.index", "READ", "arenas", "calendar"),
    Entry(_l("Collaborations"), "collaborations.index", "READ", "collaborations", "collaboration"),
    Entry(_l("Sites"), "sites.index", "READ", "sites", "place"),
    Entry(_l("Establishments"), "establishments.index", "READ", "establishments", "search"),
    Entry(_l("Plan"), "plan.index", "READ", "plan", "plan"),
    Entry(_l("Report"), "reports.measures", "READ", "reports", "chart"),
    Entry(_l("Users"), "users.index", "MANAGE_USERS", "users", "settings"),
)


def may(permission: str) -> bool:
    """Whether the reader at hand has the permission of that name."""
    return bool(current_user.is_authenticated and current_user.may(permission.lower()))


@cache
def _menu(_language: str, _role: str, section: str) -> Markup:
    """The menu as markup, drawn once for all who see the same: it is on every page."""
    items = [
        Item(str(entry.label), url_for(entry.endpoint), entry.section == section, entry.icon)
        for entry in ENTRIES
        if may(entry.permission)
    ]
    return Markup(render_template("layouts/_navigation.html", items=items))  # noqa: S704  a template's


def navigation() -> Markup:
    return _menu(language(), current_user.role, current_section())


def current_section() -> str:
    endpoint = request.endpoint or ""
    return "my_day" if endpoint == "interactions.my_day" else endpoint.partition(".")[0]


def register_navigation(app: Flask) -> None:
    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "navigation": navigation,
            "may": may,
            "locale": language(),
            "request_id": g.get("request_id", ""),
            "app_version": VERSION,
        }
