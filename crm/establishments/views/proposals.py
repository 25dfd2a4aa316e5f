"""What becomes of a search: sites proposed, developers met, a company established."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.establishments import operations, queries
from crm.establishments.forms import ContactForm, EstablishForm
from crm.establishments.measures import measure_on, usual_measure
from crm.establishments.models import Establishment, Proposal, ProposalState
from crm.establishments.views.blueprints import blueprint
from crm.extensions import db
from crm.interactions.views.log_page import new_key
from crm.organisations.queries import chosen_organisation, organisation_options
from crm.organisations.views.loading import flash_all
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.validation import Invalid


@blueprint.post("/<int:identity>/propose")
@requires(Permission.HANDLE_ENQUIRIES)
def propose(identity: int) -> Any:
    found = queries.found_establishment(identity)
    site_id = request.form.get("site", type=int) or abort(400)
    return _done(
        found,
        lambda: operations.propose(
            found, actor=current_user, site_id=site_id, words=request.form.get("words")
        ),
        _("The site has been proposed."),
    )


@blueprint.post("/<int:identity>/proposals/<int:proposal_id>/decline")
@requires(Permission.HANDLE_ENQUIRIES)
def decline(identity: int, proposal_id: int) -> Any:
    found = queries.found_establishment(identity)
    proposal = _proposal(found, proposal_id)
    words = request.form.get("words")
    return _done(
        found,
        lambda: operations.decline(proposal, actor=current_user, words=words),
        _("They do not want %(site)s.", site=proposal.site.name),
    )


@blueprint.post("/<int:identity>/proposals/<int:proposal_id>/choose")
@requires(Permission.HANDLE_ENQUIRIES)
def choose(identity: int, proposal_id: int) -> Any:
    found = queries.found_establishment(identity)
    proposal = _proposal(found, proposal_id)
    return _done(
        found,
        lambda: operations.choose(proposal, actor=current_user),
        _("They have chosen %(site)s.", site=proposal.site.name),
    )


@blueprint.post("/<int:identity>/give-up")
@requires(Permission.HANDLE_ENQUIRIES)
def give_up(identity: int) -> Any:
    found = queries.found_establishment(identity)
    return _done(
        found, lambda: operations.give_up(found, actor=current_user), _("The search came to nothing.")
    )


@blueprint.post("/<int:identity>/resume")
@requires(Permission.HANDLE_ENQUIRIES)
def resume(identity: int) -> Any:
    found = queries.found_establishment(identity)
    return _done(found, lambda: operations.resume_search(found, actor=current_user), _("The search goes on."))


def _done(found: Establishment, work: Callable[[], Any], message: str) -> Any:
    """One press: done and told, or refused and told why."""
    try:
        work()
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash_all(invalid)
    else:
        flash(message, "success")
    return redirect(url_for("establishments.show", identity=found.id, _anchor="chain"))


@blueprint.route("/<int:identity>/proposals/<int:proposal_id>/introduce", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def introduce(identity: int, proposal_id: int) -> Any:
    """Whom to ring, and the introduction to log."""
    return _contact(identity, proposal_id, ProposalState.introduced)


@blueprint.route("/<int:identity>/proposals/<int:proposal_id>/view", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def view(identity: int, proposal_id: int) -> Any:
    """They saw the site."""
    return _contact(identity, proposal_id, ProposalState.viewed)


def _contact(identity: int, proposal_id: int, state: ProposalState) -> Any:
    found = queries.found_establishment(identity)
    proposal = _proposal(found, proposal_id)
    usual = measure_on(today(), found.measure_id) or usual_measure(today())
    form = ContactForm(today=today(), data={"day": today(), "measure_id": usual, "submission_key": new_key()})
    if form.validate_on_submit():
        logged = attempted(
            form,
            lambda: operations.log_contact(
                proposal,
                actor=current_user,
                state=state,
                day=form.day.data,
                notes=form.notes.data,
                measure_id=form.measure_id.data,
                submission_key=form.submission_key.data,
            ),
        )
        if logged is not None:
            flash(_("It has been logged among the interactions."), "success")
            return redirect(url_for("establishments.show", identity=identity, _anchor="chain"))
    page = render_template(
        "establishments/contact.html",
        form=form,
        state=state,
        establishment=found,
        enquiry=found.enquiry,
        proposal=proposal,
        site=proposal.site,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/<int:identity>/establish", methods=["GET", "POST"])
@requires(Permission.HANDLE_ENQUIRIES)
def establish(identity: int) -> Any:
    found = queries.found_establishment(identity)
    chosen = next((one.site_id for one in found.proposals if one.state == ProposalState.chosen), None)
    form = EstablishForm(
        data={
            "organisation_id": found.organisation_id or found.enquiry.organisation_id,
            "site_id": found.site_id or chosen,
            "established_on": found.established_on or today(),
            "jobs": found.jobs,
        }
    )
    form.offer([one.site for one in found.proposals])
    if form.organisation_id.is_sought:
        form.organisation_id.results = organisation_options(form.organisation_id.query)
    elif form.validate_on_submit() and attempted(form, lambda: _established(found, form)):
        flash(_("A company has been established here."), "success")
        return redirect(url_for("establishments.show", identity=identity))
    form.organisation_id.chosen = chosen_organisation(form.organisation_id.data)
    page = render_template(
        "establishments/establish.html", form=form, establishment=found, enquiry=found.enquiry
    )
    return page, 422 if form.is_submitted() and not form.organisation_id.is_sought else 200


def _established(found: Establishment, form: EstablishForm) -> bool:
    operations.establish(
        found,
        actor=current_user,
        organisation_id=form.organisation_id.data,
        site_id=form.site_id.data,
        established_on=form.established_on.data,
        jobs=form.jobs.data,
    )
    return True


def _proposal(found: Establishment, proposal_id: int) -> Proposal:
    """404 where it is another's."""
    return next((one for one in found.proposals if one.id == proposal_id), None) or abort(404)
