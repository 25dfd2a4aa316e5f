from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.extensions import db
from crm.organisations import operations, queries
from crm.organisations.forms import EndForm, RelationForm
from crm.organisations.models import RelationKind
from crm.organisations.views.blueprints import organisation_blueprint as blueprint
from crm.organisations.views.loading import organisation_to_change, relation_of
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@blueprint.route("/organisations/<int:identity>/relations/new", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def add_relation(identity: int) -> Any:
    organisation = organisation_to_change(identity)
    form = RelationForm()
    if form.to_id.is_sought:
        form.to_id.results = queries.organisation_options(form.to_id.query)
    elif form.validate_on_submit():
        values = form.values(identity)
        made = attempted(form, lambda: operations.add_relation(actor=current_user, **values))
        if made is not None:
            flash(_("The relation has been added."), "success")
            return redirect(url_for("organisations.show", identity=identity))
    form.to_id.chosen = queries.chosen_organisation(form.to_id.data)
    page = render_template("organisations/relation.html", form=form, organisation=organisation)
    return page, 422 if form.is_submitted() and not form.to_id.is_sought else 200


@blueprint.route("/organisations/<int:identity>/relations/<int:relation_id>/end", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def end_relation(identity: int, relation_id: int) -> Any:
    organisation = organisation_to_change(identity)
    relation = relation_of(organisation, relation_id)
    form = EndForm(data={"ended_on": relation.ended_on or today()})
    if form.validate_on_submit():
        day = form.ended_on.data
        ended = attempted(form, lambda: operations.end_relation(relation, actor=current_user, ended_on=day))
        if ended is not None:
            flash(_("The relation has ended. The history is kept."), "success")
            return redirect(url_for("organisations.show", identity=identity))
    kind = RelationKind(relation.kind)
    outwards = relation.from_id == identity
    page = render_template(
        "organisations/end_relation.html",
        form=form,
        organisation=organisation,
        relation=relation,
        label=kind.label if outwards else kind.inverse_label,
        other=relation.to_organisation if outwards else relation.from_organisation,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/organisations/<int:identity>/relations/<int:relation_id>/remove")
@requires(Permission.EDIT_ORGANISATIONS)
def remove_relation(identity: int, relation_id: int) -> Any:
    organisation = organisation_to_change(identity)
    operations.remove_relation(relation_of(organisation, relation_id), actor=current_user)
    db.session.commit()
    flash(_("The relation has been removed."), "success")
    return redirect(url_for("organisations.show", identity=identity))
