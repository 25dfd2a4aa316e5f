from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from crm.interactions.digest import JOB, send_digests
from crm.interactions.history import describe_interactions
from crm.interactions.models import ContactParticipation, FollowUp, InteractionKind, interaction_organisations
from crm.interactions.queries.panels import (
    binned_interactions,
    follow_ups_of_organisation,
    timeline_of_contact,
    timeline_of_measure,
    timeline_of_organisation,
)
from crm.interactions.views import follow_up_blueprint, interaction_blueprint
from crm.interactions.views.measure_tree import register_measure_tree
from crm.jobs import register_job
from crm.organisations.mergeable import joins, moves, register_mergeable
from crm.web.panels import add_panel


def register_interactions(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(interaction_blueprint)
    app.register_blueprint(follow_up_blueprint)
    describe_interactions()
    _register_mergeables()
    register_measure_tree(app)
    register_job(JOB, send_digests, every=timedelta(minutes=5))
    add_panel("organisation", "timeline", timeline_of_organisation)
    add_panel("organisation", "follow_ups", follow_ups_of_organisation)
    add_panel("contact", "timeline", timeline_of_contact)
    add_panel("measure", "timeline", timeline_of_measure)
    add_panel("target", "interaction_kinds", lambda *_: {kind.value: kind.label for kind in InteractionKind})
    add_panel("bin", "interactions", binned_interactions)


def _register_mergeables() -> None:
    links, people = interaction_organisations.c, ContactParticipation.__table__.c
    for column, interaction in (
        (links.organisation_id, links.interaction_id),
        (people.contact_id, people.interaction_id),
    ):
        register_mergeable(column, joins(interaction), label=_l("Interactions"), touches=interaction)
    register_mergeable(people.affiliation_id, moves)
    register_mergeable(FollowUp.organisation_id, moves, label=_l("Follow-ups"))
