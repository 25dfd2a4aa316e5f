from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Language, Permission
from crm.audit.queries import history_of
from crm.extensions import db
from crm.organisations import operations, queries
from crm.organisations.forms import ContactForm, NewContactForm
from crm.organisations.forms.contact import contact_values
from crm.organisations.models import Contact
from crm.organisations.presentation import labels_of
from crm.organisations.views.blueprints import contact_blueprint as blueprint
from crm.organisations.views.loading import (
    contact_to_change,
    flash_all,
    found,
    id_in_address,
)
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.panels import panels
from crm.web.sorting import Sorting
from crm.web.validation import Invalid


@blueprint.get("/contacts/")
@requires(Permission.READ)
def index() -> str:
    wanted = queries.ContactFilter.from_args(request.args)
    sorting = Sorting.from_request({"name", "updated_at"}, default="name")
    page = queries.ContactQuery(wanted).page(sorting, request.args.get("cursor"))
    return render_template(
        "contacts/index.html",
        page=page,
        filter=wanted,
        sorting=sorting,
        affiliations=queries.current_affiliations([row.id for row in page.rows]),
        organisation=queries.chosen_organisation(wanted.organisation),
    )


@blueprint.get("/contacts/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> Any:
    shown = queries.contact_page(identity)
    if shown is None:
        abort(404)
    if shown.contact.merged_into is not None:
        return redirect(url_for("contacts.show", identity=shown.contact.merged_into))
    return render_template(
        "contacts/show.html",
        contact=shown.contact,
        name=shown.name,
        language=labels_of(Language)[shown.contact.language],
        current=shown.current,
        former=shown.former,
        panels=panels("contact", shown.contact, current_user),
    )


@blueprint.route("/contacts/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def new() -> Any:
    form = NewContactForm(data={"organisation_id": id_in_address("organisation"), **_typed_name()})
    sought = form.organisation_id.is_sought
    if sought:
        form.organisation_id.results = queries.organisation_options(form.organisation_id.query)
    elif form.validate_on_submit():
        made = attempted(form, lambda: operations.create_contact(actor=current_user, **form.values()))
        if made is not None:
            flash(_("%(name)s has been added.", name=made.name), "success")
            return redirect(_back_to(form.organisation_id.data, made))
    form.organisation_id.chosen = queries.chosen_organisation(form.organisation_id.data)
    page = render_template("contacts/form.html", form=form, contact=None)
    return page, 422 if form.is_submitted() and not sought else 200


def _typed_name() -> dict[str, str]:
    """A name on its way from a search that found nobody: the last word is the family name."""
    given, _space, family = request.args.get("name", "")[:200].strip().rpartition(" ")
    return {"given_name": given or family, "family_name": family if given else ""}


def _back_to(organisation_id: int | None, contact: Contact) -> str:
    """Whoever came from an organisation goes back there."""
    if organisation_id is not None and id_in_address("organisation") == organisation_id:
        return url_for("organisations.show", identity=organisation_id)
    return url_for("contacts.show", identity=contact.id)


@blueprint.route("/contacts/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def edit(identity: int) -> Any:
    contact = contact_to_change(identity)
    form = ContactForm(data=contact_values(contact) | {"version": contact.version})
    if form.validate_on_submit():
        version = form.version.data
        saved = attempted(
            form,
            lambda: operations.update_contact(contact, actor=current_user, version=version, **form.values()),
            values_of=contact_values,
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("contacts.show", identity=identity))
    page = render_template("contacts/form.html", form=form, contact=contact)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/contacts/<int:identity>/bin", endpoint="bin")
@requires(Permission.BIN)
def move_to_bin(identity: int) -> Any:
    contact: Contact = found(Contact, identity)
    operations.bin_contact(contact, actor=current_user)
    db.session.commit()
    flash(_("%(name)s has been moved to the bin.", name=contact.name), "success")
    return redirect(url_for("contacts.show", identity=identity))


@blueprint.post("/contacts/<int:identity>/restore")
@requires(Permission.BIN)
def restore(identity: int) -> Any:
    contact: Contact = found(Contact, identity)
    try:
        operations.restore_contact(contact, actor=current_user)
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash_all(invalid)
    else:
        flash(_("%(name)s has been restored.", name=contact.name), "success")
    return redirect(url_for("contacts.show", identity=identity))


@blueprint.get("/contacts/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    contact: Contact = found(Contact, identity)
    return render_template(
        "audit/history.html",
        trail=[(_("Contacts"), "/contacts/"), (contact.name, f"/contacts/{identity}")],
        entries=history_of(contact, current_user),
    )
