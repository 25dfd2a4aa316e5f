"""Lists of enquiries, and the parts of other pages that show them."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from crm.accounts.models import Permission
from crm.database import now
from crm.enquiries import queries
from crm.enquiries.queries.listing import LARGEST_ID, STATES, EnquiryFilter, EnquiryQuery, whose_first
from crm.enquiries.views.blueprints import blueprint
from crm.enquiries.wording import topic_name
from crm.organisations.queries import chosen_contact, chosen_organisation
from crm.web.clock import today
from crm.web.guards import requires


@blueprint.get("/enquiries/")
@requires(Permission.READ)
def index() -> str:
    narrow = {
        "organisation",
        "contact",
        "assignee",
        "unit",
        "q",
        "from",
        "to",
        "answered",
    } & request.args.keys()
    wanted = EnquiryFilter.parse(request.args, whose="all" if narrow else whose_first(current_user))
    query = EnquiryQuery(wanted, current_user, today=today())
    names = [*chosen_organisation(wanted.organisation), *chosen_contact(wanted.contact)]
    return render_template(
        "enquiries/index.html",
        page=query.page(request.args.get("cursor")),
        filter=wanted,
        args=wanted.args(),
        about=", ".join(one["label"] for one in names),
        topics=[(one.id, topic_name(one)) for one in queries.topics()],
        states=STATES,
        now=now(),
    )


@blueprint.get("/enquiries/queue")
@requires(Permission.READ)
def queue() -> Any:
    return redirect(url_for("enquiries.index", whose="queue"))


@blueprint.get("/enquiries/of")
@requires(Permission.READ)
def of() -> Any:
    """The latest of an organisation or a contact: a part of its page, or else the list."""
    if "interaction" in request.args:
        return _of_interaction(request.args.get("interaction", 0, int))
    wanted = EnquiryFilter.parse(request.args)
    if "HX-Request" not in request.headers or not (wanted.organisation or wanted.contact):
        whom: dict[str, Any] = {"organisation": wanted.organisation, "contact": wanted.contact}
        return redirect(url_for("enquiries.index", status="all", **whom))
    rows = (
        queries.latest_of_organisation(wanted.organisation)
        if wanted.organisation
        else queries.latest_of_contact(wanted.contact or 0)
    )
    return render_template("enquiries/_latest.html", rows=rows, now=now())


def _of_interaction(identity: int) -> Any:
    """The one that became the interaction: a part of its page, or else its own page."""
    found = queries.enquiry_of_interaction(identity) if 0 < identity <= LARGEST_ID else None
    if "HX-Request" not in request.headers:
        return redirect(url_for("enquiries.show", identity=found.id) if found else url_for("enquiries.index"))
    return render_template("enquiries/_of_interaction.html", enquiry=found)


@blueprint.get("/enquiries/mine")
@requires(Permission.HANDLE_ENQUIRIES)
def mine() -> Any:
    """What waits for the reader: a part of “My day”, or else the list."""
    if "HX-Request" not in request.headers:
        return redirect(url_for("enquiries.index", whose="mine"))
    found = queries.my_enquiries(current_user, today())
    return render_template("enquiries/_mine.html", mine=found, rows=found.rows, now=now())
