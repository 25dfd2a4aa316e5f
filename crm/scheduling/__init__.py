from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from crm.jobs import register_job
from crm.organisations.mergeable import joins, register_mergeable
from crm.scheduling.history import describe_invitations
from crm.scheduling.models import Guest
from crm.scheduling.queries import invited_to
from crm.scheduling.sending import register_sending, send_what_was_kept_back
from crm.scheduling.views import blueprint
from crm.web.panels import add_panel


def register_scheduling(app: Flask) -> None:
    """Routes of the feature, who was invited on an interaction's page, and the sending after a request."""
    app.register_blueprint(blueprint)
    describe_invitations()
    guests = Guest.__table__.c
    register_mergeable(guests.contact_id, joins(guests.interaction_id), label=_l("Invitations"))
    register_sending(app)
    register_job("guests", send_what_was_kept_back, every=timedelta(minutes=5))
    add_panel("interaction", "invited", lambda interaction, _viewer: invited_to(interaction))
