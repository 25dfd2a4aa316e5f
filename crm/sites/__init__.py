from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from crm.accounts.models import User
from crm.organisations.mergeable import moves, register_mergeable
from crm.sites import queries
from crm.sites.history import describe_sites
from crm.sites.measuring import area_in_words, power_in_words
from crm.sites.models import Site
from crm.sites.views import blueprint
from crm.web.panels import add_panel


def register_sites(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["area"] = area_in_words
    app.jinja_env.filters["power"] = power_in_words
    describe_sites()
    add_panel("organisation", "sites", _of_developer)
    add_panel("bin", "sites", lambda *_: queries.binned_sites())
    register_mergeable(Site.developer_id, moves, label=_l("Business areas that it develops"))
    register_mergeable(Site.contact_id, moves, label=_l("Business areas"))


def _of_developer(organisation: Any, _viewer: User) -> Any:
    return queries.developed().get(organisation.id, ())
