from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from crm.accounts.models import User
from crm.enquiries import queries, wording
from crm.enquiries.escalation import JOB, escalate
from crm.enquiries.history import describe_enquiries
from crm.enquiries.models import Enquiry
from crm.enquiries.notices import register_notices
from crm.enquiries.views import blueprint
from crm.interactions.joined import KEPT_ELSEWHERE
from crm.interactions.models import InteractionStatus
from crm.jobs import register_job
from crm.organisations.mergeable import moves, register_mergeable
from crm.web.panels import add_panel


def register_enquiries(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["enquiry_words"] = wording
    describe_enquiries()
    register_notices(app)
    register_job(JOB, escalate, every=timedelta(minutes=15))
    add_panel("interaction", "enquiry", _of_interaction)
    add_panel("bin", "enquiries", lambda *_: queries.binned_enquiries())
    register_mergeable(Enquiry.organisation_id, moves, label=_l("Enquiries"))
    register_mergeable(Enquiry.contact_id, moves, label=_l("Enquiries"))


def _of_interaction(interaction: Any, _viewer: User) -> Any:
    """The enquiry that became it, which is never a kind kept elsewhere. The page of what is planned asks for its guests, so
    that this is fetched after it.
    """
    if interaction.kind in KEPT_ELSEWHERE:
        return None
    if interaction.status == InteractionStatus.planned:
        return {"after": interaction.id}
    found = queries.enquiry_of_interaction(interaction.id)
    return {"enquiry": found} if found is not None else None
