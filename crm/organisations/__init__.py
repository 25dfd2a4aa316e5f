from flask import Flask

from crm.organisations.views import contact_blueprint, organisation_blueprint


def register_organisations(app: Flask) -> None:
    """Routes of the feature."""
    app.register_blueprint(organisation_blueprint)
    app.register_blueprint(contact_blueprint)
