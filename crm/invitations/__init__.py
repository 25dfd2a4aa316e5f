from flask import Flask

from crm.invitations.commands import calendar
from crm.invitations.history import describe_invitations
from crm.invitations.queries import invitation_of
from crm.invitations.views import blueprint
from crm.web.panels import add_panel


def register_invitations(app: Flask) -> None:
    """Routes and commands of the feature, how its records read, and what it asks on the page of an interaction."""
    app.register_blueprint(blueprint)
    app.cli.add_command(calendar)
    describe_invitations()
    add_panel("interaction", "invitation", invitation_of)
