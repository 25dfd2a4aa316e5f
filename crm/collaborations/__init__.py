from flask import Flask, url_for

from crm.collaborations.history import describe_collaborations
from crm.collaborations.operations import KEPT_HERE, restoring_problems
from crm.collaborations.views import blueprint
from crm.interactions.joined import JoinedKind, register_joined_kind
from crm.interactions.models import InteractionKind
from crm.web.panels import add_panel


def register_collaborations(app: Flask) -> None:
    """Routes of the feature, what it keeps of its interactions, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    describe_collaborations()
    register_joined_kind(
        InteractionKind.collaboration,
        JoinedKind(
            made_at="/collaborations/new",
            page=lambda identity: url_for("collaborations.show", identity=identity),
            fixed=KEPT_HERE,
            restoring_problems=restoring_problems,
        ),
    )
    add_panel("organisation", "collaborations", lambda *_: True)  # fetched by the page itself, afterwards
