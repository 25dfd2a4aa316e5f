from typing import Any

from flask import Flask

from crm.accounts.models import User
from crm.enquiries import queries, wording
from crm.enquiries.history import describe_enquiries
from crm.enquiries.views import blueprint
from crm.web.panels import add_panel


def register_enquiries(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["enquiry_words"] = wording
    describe_enquiries()
    add_panel("interaction", "enquiry", _of_interaction)
    add_panel("bin", "enquiries", lambda *_: queries.binned_enquiries())


def _of_interaction(interaction: Any, _viewer: User) -> Any:
    return queries.enquiry_of_interaction(interaction.id)
