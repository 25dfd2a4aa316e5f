"""What was promised: the list, and what is done to one."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.extensions import db
from crm.interactions import operations
from crm.interactions.forms import FollowUpForm
from crm.interactions.models import FollowUp
from crm.interactions.policies import can_edit_follow_up
from crm.interactions.queries.follow_ups import FollowUpFilter, FollowUps, follow_up_page, found_follow_up
from crm.interactions.queries.log_form import people_to_choose
from crm.interactions.views.blueprints import follow_up_blueprint as blueprint
from crm.interactions.views.log_page import due_picks
from crm.organisations.forms.fields import choices
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.redirects import safe_next


@blueprint.get("/follow-ups/")
@requires(Permission.READ)
def index() -> str:
    everybody, done = request.args.get("owner") == "all", request.args.get("state") == "done"
    if not current_user.may(Permission.LOG_INTERACTIONS):
        everybody = True
    wanted = FollowUpFilter(owner_id=None if everybody else current_user.id, done=done)
    page = follow_up_page(wanted, current_user, request.args.get("cursor"))
    return render_template(
        "follow_ups/index.html",
        page=page,
        everybody=everybody,
        done=done,
        follow_ups=FollowUps(page.rows, today()),
    )


@blueprint.route("/follow-ups/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def edit(identity: int) -> Any:
    follow_up = _to_change(identity)
    form = FollowUpForm(data=_values(follow_up) | {"version": follow_up.version})
    people = people_to_choose(follow_up.owner_id)
    form.owner.choices = choices((person.id, person.label) for person in people)
    if form.validate_on_submit():
        saved = attempted(
            form,
            lambda: operations.update_follow_up(
                follow_up,
                actor=current_user,
                version=form.version.data,
                text=form.text.data,
                due_on=form.due_on.data,
                owner_id=form.owner.data,
            ),
            values_of=_values,
        )
        if saved is not None:
            flash(_("The follow-up has been saved."), "success")
            return redirect(safe_next("follow_ups.index"))
    page = render_template("follow_ups/edit.html", form=form, follow_up=follow_up, due_picks=due_picks())
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/follow-ups/<int:identity>/done")
@requires(Permission.LOG_INTERACTIONS)
def done(identity: int) -> Any:
    operations.complete_follow_up(_to_change(identity), actor=current_user)
    db.session.commit()
    flash(_("The follow-up is done."), "success")
    return redirect(safe_next("follow_ups.index"))


@blueprint.post("/follow-ups/<int:identity>/reopen")
@requires(Permission.LOG_INTERACTIONS)
def reopen(identity: int) -> Any:
    operations.reopen_follow_up(_to_change(identity), actor=current_user)
    db.session.commit()
    flash(_("The follow-up is open again."), "success")
    return redirect(safe_next("follow_ups.index"))


def _to_change(identity: int) -> FollowUp:
    follow_up = found_follow_up(identity, current_user)
    if not can_edit_follow_up(current_user, follow_up):
        abort(403)
    return follow_up


def _values(follow_up: FollowUp) -> dict[str, Any]:
    return {"text": follow_up.text, "due_on": follow_up.due_on, "owner": follow_up.owner_id}
