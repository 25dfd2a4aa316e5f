from flask import Flask

from crm.scheduling.commands import invitations
from crm.scheduling.history import describe_invitations
from crm.scheduling.queries import invited_to
from crm.scheduling.sending import register_sending
from crm.scheduling.views import blueprint
from crm.web.panels import add_panel


def register_scheduling(app: Flask) -> None:
    """Routes of the feature, who was invited on an interaction's page, and the sending after a request."""
    app.register_blueprint(blueprint)
    app.cli.add_command(invitations)
    describe_invitations()
    register_sending(app)
    add_panel("interaction", "invited", lambda interaction, _viewer: invited_to(interaction))
