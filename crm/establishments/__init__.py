from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

import crm.establishments.models
from crm.accounts.models import User
from crm.establishments import queries
from crm.establishments.history import describe_establishments
from crm.establishments.models import Establishment, EstablishmentStage, ProposalState
from crm.establishments.views import blueprint
from crm.extensions import db
from crm.organisations.mergeable import moves, register_mergeable
from crm.web.panels import add_panel


def register_establishments(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    describe_establishments()
    add_panel("site", "establishments", _of_site)
    add_panel("measure", "establishments", lambda measure, _viewer: queries.counts_under(measure.id))
    add_panel("enquiry", "establishments", _of_enquiry)
    register_mergeable(Establishment.organisation_id, moves, label=_l("Establishments"))


def _of_site(site: Any, _viewer: User) -> Any:
    states = {one.value: str(one.label) for one in ProposalState}
    stages = {one.value: str(one.label) for one in EstablishmentStage}
    return [(one, states[one.state], stages[one.stage]) for one in queries.proposed_of_site(site)]


def _of_enquiry(enquiry: Any, _viewer: User) -> Any:
    """The search that an enquiry is, or None, for "establishments/_of_enquiry.html". One statement."""
    return {"search": db.session.get(crm.establishments.models.Establishment, enquiry.id)}
