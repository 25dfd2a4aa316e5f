from flask import Flask

from crm.organisations.history import describe_organisations
from crm.organisations.models import OrganisationKind
from crm.organisations.views import contact_blueprint, organisation_blueprint
from crm.web.panels import add_panel


def register_organisations(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it tells other features' pages."""
    app.register_blueprint(organisation_blueprint)
    app.register_blueprint(contact_blueprint)
    describe_organisations()
    add_panel(
        "target", "organisation_kinds", lambda *_: {kind.value: kind.label for kind in OrganisationKind}
    )
