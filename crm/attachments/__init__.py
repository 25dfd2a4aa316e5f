"""Minutes and pictures, kept with interactions."""

from flask import Flask

from crm.attachments.commands import attachments_group
from crm.attachments.history import describe_attachments
from crm.attachments.queries import attachment_ids, attachments_of
from crm.attachments.views import blueprint
from crm.web.panels import add_panel


def register_attachments(app: Flask) -> None:
    """Routes and commands of the feature, how its records read, and what it shows on the interaction's page."""
    app.register_blueprint(blueprint)
    app.cli.add_command(attachments_group)
    describe_attachments()
    add_panel("interaction", "attachments", attachments_of)
    add_panel("interaction_history", "Attachment", attachment_ids)
