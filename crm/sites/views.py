"""Sites: the list, one of them, and what is changed of it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.extensions import db
from crm.organisations.queries import (
    chosen_contact,
    chosen_organisation,
    contact_options,
    organisation_options,
)
from crm.organisations.views.loading import flash_all
from crm.sites import operations, queries
from crm.sites.forms import SiteForm, site_values
from crm.sites.models import Premises, Regulation, Site
from crm.sites.policies import can_edit_site
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.panels import panels
from crm.web.validation import Invalid

blueprint = Blueprint("sites", __name__, url_prefix="/sites")
COLOURS = {
    Regulation.unzoned: "neutral",
    Regulation.municipal_plan: "neutral",
    Regulation.zoning: "info",
    Regulation.zoned: "accent",
    Regulation.ready: "success",
}


@blueprint.get("/")
@requires(Permission.READ)
def index() -> Any:
    errors: dict[str, list[Any]] = {}
    try:
        wanted = queries.SiteFilter.parse(request.args)
    except Invalid as invalid:
        errors = invalid.errors
        wanted = queries.SiteFilter.parse({**request.args, "free": ""})
    html = render_template(
        "sites/index.html",
        page=queries.list_sites(wanted, cursor=request.args.get("cursor")),
        filter=wanted,
        free=request.args.get("free", ""),
        errors=errors,
        statuses=[(one.value, str(one.label)) for one in Regulation],
        kinds=[(one.value, str(one.label)) for one in Premises],
        colours=COLOURS,
    )
    return html, 400 if errors else 200


@blueprint.get("/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> str:
    found = queries.site_page(identity)
    if found.site.is_binned and not current_user.may(Permission.BIN):
        abort(404)
    named = {int(one.code): one for one in queries.focus_areas()}
    return render_template(
        "sites/show.html",
        shown=found,
        site=found.site,
        colours=COLOURS,
        statuses={one.value: str(one.label) for one in Regulation},
        kinds=[str(one.label) for one in Premises if one in set(found.site.premises)],
        focus_areas=[(number, named.get(number)) for number in found.site.focus_areas],
        panels=panels("site", found.site, current_user),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_SITES)
def new() -> Any:
    form = SiteForm(data={"developer_id": request.args.get("developer", type=int)})
    if not _looked_up(form) and form.validate_on_submit():
        made = attempted(form, lambda: operations.create_site(actor=current_user, **form.values()))
        if made is not None:
            flash(_("%(name)s has been added.", name=made.name), "success")
            return _saved(made)
    return _form_page(form, None)


@blueprint.route("/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_SITES)
def edit(identity: int) -> Any:
    site = _found(identity)
    if not can_edit_site(current_user, site):
        flash(_("The site is in the bin. Restore it before you change it."), "warning")
        return redirect(url_for("sites.show", identity=identity))
    form = SiteForm(data=site_values(site) | {"version": site.version})
    if not _looked_up(form) and form.validate_on_submit():
        version, values = form.version.data, form.values()
        saved = attempted(
            form,
            lambda: operations.update_site(site, actor=current_user, version=version, **values),
            values_of=site_values,
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return _saved(saved)
    return _form_page(form, site)


def _saved(site: Site) -> Any:
    if not queries.is_among_developers_people(site):
        flash(_("The contact is not among the developer's people. Is it the right one?"), "warning")
    return redirect(url_for("sites.show", identity=site.id))


def _looked_up(form: SiteForm) -> bool:
    """Without JavaScript the form is also sent to find its developer or contact."""
    if form.developer_id.is_sought:
        form.developer_id.results = organisation_options(form.developer_id.query)
    elif form.contact_id.is_sought:
        at = [form.developer_id.data] if form.developer_id.data is not None else []
        form.contact_id.results = contact_options(form.contact_id.query, at)
    return form.is_sought


def _form_page(form: SiteForm, site: Site | None) -> tuple[str, int]:
    form.developer_id.chosen = chosen_organisation(form.developer_id.data)
    form.contact_id.chosen = chosen_contact(form.contact_id.data)
    html = render_template("sites/form.html", form=form, site=site)
    return html, 422 if form.is_submitted() and not form.is_sought else 200


@blueprint.post("/<int:identity>/bin", endpoint="bin")
@requires(Permission.BIN)
def move_to_bin(identity: int) -> Any:
    site = _found(identity)
    operations.bin_site(site, actor=current_user)
    db.session.commit()
    flash(_("%(name)s has been moved to the bin.", name=site.name), "success")
    return redirect(url_for("sites.show", identity=identity))


@blueprint.post("/<int:identity>/restore")
@requires(Permission.BIN)
def restore(identity: int) -> Any:
    site = _found(identity)
    try:
        operations.restore_site(site, actor=current_user)
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash_all(invalid)
    else:
        flash(_("%(name)s has been restored.", name=site.name), "success")
    return redirect(url_for("sites.show", identity=identity))


@blueprint.get("/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    site = _found(identity)
    return render_template(
        "audit/history.html",
        trail=[(_("Sites"), "/sites/"), (site.name, f"/sites/{identity}")],
        entries=history_of(site, current_user),
    )


def _found(identity: int) -> Site:
    """404 where there is none."""
    site = db.session.get(Site, identity) if 0 < identity <= queries.LARGEST_ID else None
    return site or abort(404)
