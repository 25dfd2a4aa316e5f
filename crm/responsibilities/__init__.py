from flask import Flask
from flask_babel import lazy_gettext as _l

from crm.organisations.mergeable import moves, register_mergeable
from crm.responsibilities import panels
from crm.responsibilities.commands import responsibilities
from crm.responsibilities.history import describe_responsibilities
from crm.responsibilities.models import Responsibility
from crm.responsibilities.views import blueprint
from crm.web.panels import add_panel


def register_responsibilities(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    app.cli.add_command(responsibilities)
    describe_responsibilities()
    add_panel("organisation", "right_contact", panels.of_organisation)
    register_mergeable(Responsibility.organisation_id, moves, label=_l("Responsibilities"))
    add_panel("user", "responsibilities", panels.of_user)
    add_panel("site", "responsible", panels.of_site)
