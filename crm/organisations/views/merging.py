from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.directory import directory
from crm.accounts.models import Permission
from crm.audit.descriptions import described
from crm.audit.fields import Context
from crm.extensions import db
from crm.organisations import queries
from crm.organisations.forms.merging import OtherForm, merge_form
from crm.organisations.operations.merging import CONTACTS, ORGANISATIONS, Kind, merge, unmerge
from crm.organisations.queries.merging import (
    maybe_the_same_contact,
    maybe_the_same_organisation,
    moved_by_merge,
)
from crm.organisations.views.blueprints import contact_blueprint, organisation_blueprint
from crm.organisations.views.loading import (
    contact_to_change,
    flash_all,
    found,
    id_in_address,
    organisation_to_change,
)
from crm.web.guards import requires
from crm.web.validation import Invalid, Stale


@organisation_blueprint.route(
    "/organisations/<int:identity>/merge", methods=["GET", "POST"], endpoint="merge"
)
@requires(Permission.MERGE)
def merge_organisation(identity: int) -> Any:
    organisation = organisation_to_change(identity)
    other_id = id_in_address("with")
    if other_id is None:
        options = queries.organisation_options, queries.chosen_organisation
        return _choose(ORGANISATIONS, organisation, maybe_the_same_organisation(organisation), *options)
    return _merge(ORGANISATIONS, organisation, organisation_to_change(other_id))


@contact_blueprint.route("/contacts/<int:identity>/merge", methods=["GET", "POST"], endpoint="merge")
@requires(Permission.MERGE)
def merge_contact(identity: int) -> Any:
    contact = contact_to_change(identity)
    other_id = id_in_address("with")
    if other_id is None:
        options = queries.contact_options, queries.chosen_contact
        return _choose(CONTACTS, contact, maybe_the_same_contact(contact), *options)
    return _merge(CONTACTS, contact, contact_to_change(other_id))


def _choose(kind: Kind, record: Any, proposals: Any, options: Any, chosen: Any) -> Any:
    """First the other one is chosen."""
    form = OtherForm()
    if form.other_id.is_sought:
        form.other_id.results = options(form.other_id.query)
    elif form.validate_on_submit():
        if form.other_id.data not in {None, record.id}:
            return redirect(f"{kind.path}{record.id}/merge?with={form.other_id.data}")
        form.refuse("other_id", _("Choose another one"))
    form.other_id.chosen = chosen(form.other_id.data)
    page = render_template(
        "organisations/merge_choose.html", form=form, record=record, kind=kind, proposals=proposals
    )
    return page, 422 if form.is_submitted() and not form.other_id.is_sought else 200


def _merge(kind: Kind, survivor: Any, loser: Any) -> Any:
    """Then what wins, and what moves."""
    if survivor.id == loser.id:
        abort(404)
    labels = _labels(kind)
    form = merge_form(survivor, loser, labels, lambda name, value: _in_words(kind, name, value))
    if form.validate_on_submit():
        versions = form.version.data, form.other_version.data
        try:
            merge(kind, survivor, loser, actor=current_user, chosen=form.chosen(), versions=versions)
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        except Stale:
            db.session.rollback()
            flash(
                _("One of the two was changed in the meantime. Look once more before you merge them."),
                "warning",
            )
            return redirect(request.full_path)
        else:
            flash(_("The two are one now. It can be undone from the bin for 30 days."), "success")
            return redirect(f"{kind.path}{survivor.id}")
    page = render_template(
        "organisations/merge.html",
        form=form,
        kind=kind,
        survivor=survivor,
        loser=loser,
        same=[
            (label, _in_words(kind, name, getattr(survivor, name)))
            for name, label in labels.items()
            if name not in form
        ],
        moved=moved_by_merge(kind.model, loser.id),
    )
    return page, 422 if form.is_submitted() else 200


def _labels(kind: Kind) -> dict[str, Any]:
    description = described(kind.model.__name__)
    assert description is not None  # described when the feature was registered
    return {name: field.label for name in kind.fields if (field := description.fields[name]) is not None}


def _in_words(kind: Kind, name: str, value: Any) -> str:
    """A value as the history tells it."""
    description = described(kind.model.__name__)
    field = description.fields[name] if description is not None else None
    if value in (None, "") or field is None:
        return str(_("(empty)"))
    people = directory()
    return field.in_words(value, Context(None, {(k, i): people[i].name for k, i in field.references(value)}))


@organisation_blueprint.post("/organisations/<int:identity>/unmerge", endpoint="unmerge")
@requires(Permission.MERGE)
def unmerge_organisation(identity: int) -> Any:
    return _unmerge(ORGANISATIONS, identity)


@contact_blueprint.post("/contacts/<int:identity>/unmerge", endpoint="unmerge")
@requires(Permission.MERGE)
def unmerge_contact(identity: int) -> Any:
    return _unmerge(CONTACTS, identity)


def _unmerge(kind: Kind, identity: int) -> Any:
    loser = found(kind.model, identity)
    try:
        unmerge(kind, loser, actor=current_user)
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash_all(invalid)
        return redirect(url_for("organisations.recycle_bin"))
    flash(_("The merge has been undone. %(name)s is back.", name=loser.name), "success")
    return redirect(f"{kind.path}{identity}")
