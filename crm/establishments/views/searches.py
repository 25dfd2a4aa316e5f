"""Searches for a place: the list, and one of them with its chain and the sites that suit."""

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.establishments import queries, rules
from crm.establishments.forms import ProposeForm
from crm.establishments.matching import Verdict, matches
from crm.establishments.models import EstablishmentStage, ProposalState
from crm.establishments.views.blueprints import blueprint
from crm.plan.queries import outlines
from crm.sites.measuring import area_range
from crm.sites.models import Premises
from crm.sites.queries import focus_areas
from crm.web.guards import requires
from crm.web.locale import language

COLOURS = {
    EstablishmentStage.seeking: "info",
    EstablishmentStage.proposed: "accent",
    EstablishmentStage.viewing: "accent",
    EstablishmentStage.negotiating: "warning",
    EstablishmentStage.established: "success",
    EstablishmentStage.given_up: "neutral",
}
STATE_COLOURS = {
    ProposalState.proposed: "info",
    ProposalState.introduced: "accent",
    ProposalState.viewed: "accent",
    ProposalState.declined: "neutral",
    ProposalState.chosen: "success",
}
SIGNS = {
    Verdict.fits: "success",
    Verdict.partly: "accent",
    Verdict.unknown: "neutral",
    Verdict.misfit: "warning",
    Verdict.impossible: "danger",
}


@blueprint.get("/")
@requires(Permission.READ)
def index() -> str:
    wanted = queries.EstablishmentFilter.parse(request.args)
    query = queries.EstablishmentQuery(wanted)
    stages = query.stages()
    total = stages.get(wanted.stage, 0) if wanted.stage else sum(stages.values())
    measure = outlines().measures.get(wanted.measure or 0)
    return render_template(
        "establishments/index.html",
        page=query.page(request.args.get("cursor"), total),
        filter=wanted,
        args=wanted.args(),
        stages=[(one, str(one.label), stages.get(one, 0)) for one in EstablishmentStage],
        everything=sum(stages.values()),
        measure=f"{measure.code} {measure.label(language())}" if measure is not None else None,
        areas=[(int(one.code), f"{one.code} {one.label(language())}") for one in focus_areas()],
        colours=COLOURS,
        area_range=area_range,
        labels={one.value: str(one.label) for one in EstablishmentStage},
    )


@blueprint.get("/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> str:
    found = queries.establishment_page(identity, current_user)
    establishment = found.establishment
    names = {int(one.code): one.label(language()) for one in focus_areas()}
    taken = {one.site_id for one in establishment.proposals if one.state != ProposalState.declined}
    measure = outlines().measures.get(establishment.measure_id or 0)
    open_ = establishment.stage not in rules.ENDED
    return render_template(
        "establishments/show.html",
        establishment=establishment,
        enquiry=establishment.enquiry,
        contacts=found.contacts,
        matches=matches(establishment, found.sites, focus_areas=names) if open_ else [],
        taken=taken,
        measure=measure,
        focus_area=names.get(establishment.focus_area or 0),
        kinds=[str(one.label) for one in Premises if one in set(establishment.premises)],
        is_open=open_,
        colours=COLOURS,
        state_colours=STATE_COLOURS,
        signs=SIGNS,
        stage=EstablishmentStage(establishment.stage),
        states={one.value: str(one.label) for one in ProposalState},
        form=ProposeForm(formdata=None) if open_ else None,
    )


@blueprint.get("/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    found = queries.found_establishment(identity)
    return render_template(
        "audit/history.html",
        trail=[
            (_("Establishments"), "/establishments/"),
            (found.enquiry.subject, f"/establishments/{identity}"),
        ],
        entries=history_of(found, current_user),
    )
