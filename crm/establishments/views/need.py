"""What somebody needs is written down: with a new enquiry, or of one that is there."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.enquiries.models import Enquiry
from crm.enquiries.operations import register
from crm.establishments import operations, queries
from crm.establishments.forms import NeedForm, SearchForm, need_values
from crm.establishments.measures import usual_measure
from crm.establishments.models import Establishment
from crm.establishments.views.blueprints import blueprint
from crm.extensions import db
from crm.organisations.queries import (
    chosen_contact,
    chosen_organisation,
    contact_options,
    organisation_options,
)
from crm.sites.queries import LARGEST_ID
from crm.web.clock import local, today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.HANDLE_ENQUIRIES)
def new() -> Any:
    """A new search, or with `?enquiry=` what the caller of that enquiry needs."""
    if "enquiry" in request.args:
        return _of_enquiry(request.args.get("enquiry", type=int))
    form = SearchForm(day=today(), data={"measure_id": usual_measure(today())})
    if not _looked_up(form) and form.validate_on_submit():
        made = attempted(form, lambda: _made(form))
        if made is not None:
            flash(_("The search has been saved. These sites suit best."), "success")
            return redirect(url_for("establishments.show", identity=made.id, _anchor="matches"))
    form.organisation_id.chosen = chosen_organisation(form.organisation_id.data)
    form.contact_id.chosen = chosen_contact(form.contact_id.data)
    page = render_template("establishments/new.html", form=form, enquiry=None)
    return page, 422 if form.is_submitted() and not form.is_sought else 200


def _made(form: SearchForm) -> Establishment:
    """The enquiry, which whoever writes it down answers, and what is needed."""
    caller = form.caller()
    who = next(
        (one["label"] for one in chosen_organisation(caller["organisation"])),
        caller["caller_organisation"] or caller["caller_name"],
    )
    caller["subject"] = caller["subject"] or (_("Seeks a place: %(who)s", who=who) if who else None)
    enquiry = register(actor=current_user, assignee=current_user.id, **caller)
    return operations.begin_search(enquiry, actor=current_user, **form.need())


def _looked_up(form: SearchForm) -> bool:
    """Without JavaScript the form is also sent to find who it is."""
    if form.organisation_id.is_sought:
        form.organisation_id.results = organisation_options(form.organisation_id.query)
    elif form.contact_id.is_sought:
        at = [form.organisation_id.data] if form.organisation_id.data is not None else []
        form.contact_id.results = contact_options(form.contact_id.query, at)
    return form.is_sought


def _of_enquiry(identity: int | None) -> Any:
    enquiry = db.session.get(Enquiry, identity) if identity and 0 < identity <= LARGEST_ID else None
    if enquiry is None or enquiry.is_binned:
        abort(404)
    if db.session.get(Establishment, enquiry.id) is not None:
        return redirect(url_for("establishments.show", identity=enquiry.id))
    day = local(enquiry.received_at).date()
    form = NeedForm(day=day, data={"measure_id": usual_measure(day)})
    if form.validate_on_submit():
        made = attempted(form, lambda: operations.begin_search(enquiry, actor=current_user, **form.need()))
        if made is not None:
            return redirect(url_for("establishments.show", identity=made.id, _anchor="matches"))
    page = render_template("establishments/new.html", form=form, enquiry=enquiry)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.HANDLE_ENQUIRIES)
def edit(identity: int) -> Any:
    found = queries.found_establishment(identity)
    form = NeedForm(
        day=local(found.enquiry.received_at).date(),
        data=need_values(found) | {"version": found.enquiry.version},
    )
    if form.validate_on_submit():
        version, need = form.version.data, form.need()
        saved = attempted(
            form,
            lambda: operations.update_need(found, actor=current_user, version=version, **need),
            values_of=lambda _enquiry: need_values(queries.found_establishment(identity)),
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("establishments.show", identity=identity))
    page = render_template("establishments/edit.html", form=form, establishment=found, enquiry=found.enquiry)
    return page, 422 if form.is_submitted() else 200
