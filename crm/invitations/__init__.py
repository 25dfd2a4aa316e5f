from datetime import timedelta

from flask import Flask

from crm.invitations.commands import calendar
from crm.invitations.history import describe_invitations
from crm.invitations.jobs import fetch, tidy
from crm.invitations.models import Candidate
from crm.invitations.queries import invitation_of
from crm.invitations.views import blueprint
from crm.jobs import register_job
from crm.organisations.mergeable import joins, register_mergeable
from crm.web.panels import add_panel


def register_invitations(app: Flask) -> None:
    """Routes, commands and jobs of the feature, how its records read, and what it asks on the page of an interaction."""
    app.register_blueprint(blueprint)
    app.cli.add_command(calendar)
    register_job("mailbox", fetch, every=timedelta(minutes=1))
    register_job("invitations", tidy, every=timedelta(days=1))
    describe_invitations()
    candidates = Candidate.__table__.c
    register_mergeable(candidates.organisation_id, joins(candidates.invitee_id))
    register_mergeable(candidates.contact_id, joins(candidates.invitee_id))
    add_panel("interaction", "invitation", invitation_of)
