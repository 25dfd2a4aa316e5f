from datetime import timedelta

from flask import Flask

from crm.jobs import register_job
from crm.scheduling.history import describe_invitations
from crm.scheduling.queries import invited_to
from crm.scheduling.sending import register_sending, send_what_was_kept_back
from crm.scheduling.views import blueprint
from crm.web.panels import add_panel


def register_scheduling(app: Flask) -> None:
    """Routes of the feature, who was invited on an interaction's page, and the sending after a request."""
    app.register_blueprint(blueprint)
    describe_invitations()
    register_sending(app)
    register_job("guests", send_what_was_kept_back, every=timedelta(minutes=5))
    add_panel("interaction", "invited", lambda interaction, _viewer: invited_to(interaction))
