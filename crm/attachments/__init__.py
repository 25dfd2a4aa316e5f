"""Minutes and pictures, kept with interactions."""

from datetime import timedelta

from flask import Flask

from crm.attachments.history import describe_attachments
from crm.attachments.operations import sweep_loose_files
from crm.attachments.queries import attachment_ids, attachments_of
from crm.attachments.views import blueprint
from crm.jobs import register_job
from crm.web.panels import add_panel


def register_attachments(app: Flask) -> None:
    """Routes and the job of the feature, how its records read, and what it shows on the interaction's page."""
    app.register_blueprint(blueprint)
    register_job("attachments", sweep_loose_files, every=timedelta(days=1))
    describe_attachments()
    add_panel("interaction", "attachments", attachments_of)
    add_panel("interaction_history", "Attachment", attachment_ids)
