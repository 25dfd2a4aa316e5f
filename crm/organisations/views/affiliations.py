"""Who works where: from the contact's page, and from the organisation's."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.organisations import operations, queries
from crm.organisations.forms import AffiliationForm, EndForm, PersonForm
from crm.organisations.forms.contact import AFFILIATION_FIELDS
from crm.organisations.models import Contact
from crm.organisations.views.blueprints import contact_blueprint, organisation_blueprint
from crm.organisations.views.loading import (
    affiliation_of,
    contact_to_change,
    found,
    organisation_to_change,
)
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@contact_blueprint.route("/contacts/<int:identity>/affiliations/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def add_affiliation(identity: int) -> Any:
    contact = contact_to_change(identity)
    form = AffiliationForm()
    del form.ended_on
    pick = form.organisation_id
    if pick.is_sought:
        pick.results = queries.organisation_options(pick.query)
    elif form.validate_on_submit():
        made = attempted(
            form, lambda: operations.add_affiliation(contact, actor=current_user, **form.values())
        )
        if made is not None:
            flash(_("%(name)s has been registered there.", name=contact.name), "success")
            return redirect(url_for("contacts.show", identity=identity))
    pick.chosen = queries.chosen_organisation(pick.data)
    page = render_template("contacts/affiliation.html", form=form, contact=contact, affiliation=None)
    return page, 422 if form.is_submitted() and not pick.is_sought else 200


@contact_blueprint.route(
    "/contacts/<int:identity>/affiliations/<int:affiliation_id>/edit", methods=["GET", "POST"]
)
@requires(Permission.EDIT_ORGANISATIONS)
def edit_affiliation(identity: int, affiliation_id: int) -> Any:
    contact = contact_to_change(identity)
    affiliation = affiliation_of(contact, affiliation_id)
    form = AffiliationForm(data={name: getattr(affiliation, name) for name in AFFILIATION_FIELDS})
    del form.organisation_id
    if form.validate_on_submit():
        saved = attempted(
            form, lambda: operations.update_affiliation(affiliation, actor=current_user, **form.values())
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("contacts.show", identity=identity))
    page = render_template("contacts/affiliation.html", form=form, contact=contact, affiliation=affiliation)
    return page, 422 if form.is_submitted() else 200


@contact_blueprint.route(
    "/contacts/<int:identity>/affiliations/<int:affiliation_id>/end", methods=["GET", "POST"]
)
@requires(Permission.EDIT_ORGANISATIONS)
def end_affiliation(identity: int, affiliation_id: int) -> Any:
    contact = contact_to_change(identity)
    affiliation = affiliation_of(contact, affiliation_id)
    form = EndForm(data={"ended_on": today()})
    if form.validate_on_submit():
        day = form.ended_on.data
        ended = attempted(
            form, lambda: operations.end_affiliation(affiliation, actor=current_user, ended_on=day)
        )
        if ended is not None:
            flash(_("%(name)s no longer works there. The history is kept.", name=contact.name), "success")
            return redirect(url_for("contacts.show", identity=identity))
    page = render_template("contacts/end.html", form=form, contact=contact, affiliation=affiliation)
    return page, 422 if form.is_submitted() else 200


@organisation_blueprint.route("/organisations/<int:identity>/people/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def add_person(identity: int) -> Any:
    """Somebody who is registered already."""
    organisation = organisation_to_change(identity)
    form = PersonForm()
    del form.ended_on, form.organisation_id
    pick = form.contact_id
    if pick.is_sought:
        pick.results = queries.contact_options(pick.query)
    elif form.validate_on_submit():
        if not queries.chosen_contact(pick.data):
            form.refuse("contact_id", _("Choose a contact"))
        elif _added(form, organisation.id):
            return redirect(url_for("organisations.show", identity=identity))
    pick.chosen = queries.chosen_contact(pick.data)
    page = render_template("organisations/person.html", form=form, organisation=organisation)
    return page, 422 if form.is_submitted() and not pick.is_sought else 200


def _added(form: PersonForm, organisation_id: int) -> bool:
    contact: Contact = found(Contact, form.contact_id.data or 0)
    values = {name: value for name, value in form.values().items() if name != "contact_id"}
    made = attempted(
        form,
        lambda: operations.add_affiliation(
            contact, actor=current_user, organisation_id=organisation_id, **values
        ),
    )
    if made is None:
        return False
    flash(_("%(name)s has been registered there.", name=contact.name), "success")
    return True
