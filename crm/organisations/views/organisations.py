from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.directory import directory
from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.extensions import db
from crm.organisations import operations, queries
from crm.organisations.forms import OrganisationForm
from crm.organisations.forms.organisation import organisation_values
from crm.organisations.models import Organisation, OrganisationKind, OrganisationStatus
from crm.organisations.municipalities import NAMES, municipality
from crm.organisations.presentation import labels_of
from crm.organisations.queries.bin import binned_with_number
from crm.organisations.views.blueprints import organisation_blueprint as blueprint
from crm.organisations.views.loading import flash_all, found, organisation_to_change
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.panels import panels
from crm.web.sorting import Sorting
from crm.web.validation import Invalid

MOST_SEEN = 20


@blueprint.get("/organisations/")
@requires(Permission.READ)
def index() -> str:
    wanted = queries.OrganisationFilter.from_args(request.args)
    sorting = Sorting.from_request({"name", "updated_at"}, default="name")
    page = queries.OrganisationQuery(wanted).page(sorting, request.args.get("cursor"))
    choices = queries.choices(wanted.account_manager)
    return render_template(
        "organisations/index.html",
        page=page,
        filter=wanted,
        sorting=sorting,
        kinds=labels_of(OrganisationKind),
        statuses=labels_of(OrganisationStatus),
        people=directory(),
        managers=choices.managers,
        municipalities=[(number, municipality(number)) for number in choices.municipality_numbers],
        tags=choices.tags,
    )


@blueprint.get("/organisations/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> Any:
    shown = queries.organisation_page(identity, today())
    if shown is None:
        abort(404)
    organisation = shown.organisation
    if organisation.merged_into is not None:
        return redirect(url_for("organisations.show", identity=organisation.merged_into))
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        kind=labels_of(OrganisationKind)[organisation.kind],
        status=labels_of(OrganisationStatus)[organisation.status],
        municipality=municipality(organisation.municipality_number),
        tags=shown.tags,
        other_names=shown.names,
        account_manager=shown.account_manager,
        responsible=shown.responsible,
        people=queries.people_at(identity),
        relations=queries.relations_of(identity),
        panels=panels("organisation", organisation, current_user),
    )


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def new() -> Any:
    choices = queries.choices()
    form = OrganisationForm(managers=choices.managers, data={"name": request.args.get("name")})
    doubts: list[Any] = []
    if form.validate_on_submit():
        doubts = _doubts(form)
        made = (
            None
            if doubts
            else attempted(form, lambda: operations.create_organisation(actor=current_user, **form.values()))
        )
        if made is not None:
            flash(_("%(name)s has been added.", name=made.name), "success")
            return redirect(url_for("organisations.show", identity=made.id))
    return _form_page(form, None, choices.tags, doubts)


@blueprint.route("/organisations/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def edit(identity: int) -> Any:
    organisation = organisation_to_change(identity)
    choices = queries.choices(organisation.account_manager_id, organisation.deputy_id)
    form = OrganisationForm(
        managers=choices.managers,
        data=organisation_values(organisation) | {"version": organisation.version},
    )
    if form.validate_on_submit():
        version = form.version.data
        saved = attempted(
            form,
            lambda: operations.update_organisation(
                organisation, actor=current_user, version=version, **form.values()
            ),
            values_of=organisation_values,
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("organisations.show", identity=identity))
    return _form_page(form, organisation, choices.tags)


def _form_page(
    form: OrganisationForm, organisation: Organisation | None, tags: Sequence[str], doubts: Sequence[Any] = ()
) -> tuple[str, int]:
    page = render_template(
        "organisations/form.html",
        form=form,
        organisation=organisation,
        doubts=doubts,
        tags=tags,
        municipalities=NAMES,
    )
    return page, 422 if form.is_submitted() else 200


def _doubts(form: OrganisationForm) -> list[Any]:
    """Organisations that the new one may be already, those aside that whoever saves has been shown."""
    seen = set(request.form.getlist("seen")[:MOST_SEEN])
    possible = queries.similar_organisations(form.name.data or "")
    in_bin = binned_with_number(form.organisation_number.data)
    doubtful = [*([in_bin] if in_bin is not None else []), *possible]
    return [one for one in doubtful if str(one.id) not in seen]


@blueprint.get("/organisations/similar")
@requires(Permission.READ)
def similar() -> str:
    """While a name is typed: who it may be already."""
    typed = request.args.get("name", "")[:200]
    besides = request.args.get("besides", "")
    hits = queries.similar_organisations(typed, besides=int(besides) if besides.isdigit() else None)
    return render_template("organisations/_similar.html", similar=hits)


@blueprint.post("/organisations/<int:identity>/bin", endpoint="bin")
@requires(Permission.BIN)
def move_to_bin(identity: int) -> Any:
    organisation: Organisation = found(Organisation, identity)
    operations.bin_organisation(organisation, actor=current_user)
    db.session.commit()
    flash(_("%(name)s has been moved to the bin.", name=organisation.name), "success")
    return redirect(url_for("organisations.show", identity=identity))


@blueprint.post("/organisations/<int:identity>/restore")
@requires(Permission.BIN)
def restore(identity: int) -> Any:
    organisation: Organisation = found(Organisation, identity)
    try:
        operations.restore_organisation(organisation, actor=current_user)
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash_all(invalid)
    else:
        flash(_("%(name)s has been restored.", name=organisation.name), "success")
    return redirect(url_for("organisations.show", identity=identity))


@blueprint.get("/organisations/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    organisation: Organisation = found(Organisation, identity)
    return render_template(
        "audit/history.html",
        trail=[(_("Organisations"), "/organisations/"), (organisation.name, f"/organisations/{identity}")],
        entries=history_of(organisation, current_user),
    )
