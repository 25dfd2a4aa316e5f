"""The interactions that belong to a collaboration."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm.accounts.models import Permission
from crm.collaborations import operations
from crm.collaborations.queries import possible_activities
from crm.collaborations.views.blueprints import blueprint
from crm.collaborations.views.loading import opened_to_change
from crm.extensions import db
from crm.interactions.forms import IdsField
from crm.web.forms import Form
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


class ActivitiesForm(Form):
    activities = IdsField(name="activity")


@blueprint.route("/<int:identity>/activities", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def add(identity: int) -> Any:
    """Choose among the partners' interactions of that year."""
    collaboration, interaction = opened_to_change(identity)
    form = ActivitiesForm()
    if form.validate_on_submit():
        added = attempted(
            form,
            lambda: operations.add_activities(
                collaboration, actor=current_user, interaction_ids=form.activities.data
            ),
        )
        if added is not None:
            told = ngettext("%(num)s activity has been added.", "%(num)s activities have been added.", added)
            flash(told if added else _("Nothing was chosen."), "success" if added else "warning")
            return redirect(f"/collaborations/{identity}#activities")
    html = render_template(
        "collaborations/activities.html",
        form=form,
        interaction=interaction,
        year=collaboration.year,
        possible=possible_activities(identity, collaboration.year, current_user),
        chosen=form.activities.data or (),
    )
    return html, 422 if form.errors else 200


@blueprint.post("/<int:identity>/activities/remove")
@requires(Permission.LOG_INTERACTIONS)
def remove(identity: int) -> Any:
    collaboration, _interaction = opened_to_change(identity)
    activity = request.form.get("activity", type=int) or abort(400)
    if operations.remove_activity(collaboration, actor=current_user, interaction_id=activity):
        db.session.commit()
        flash(_("The activity has been taken off. It stays among the interactions."), "success")
    else:
        db.session.rollback()
        flash(_("It does not belong to this collaboration any more."), "warning")
    return redirect(f"/collaborations/{identity}#activities")
