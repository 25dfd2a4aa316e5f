"""What was promised: the list, and what is done to one."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.extensions import db
from crm.interactions import operations
from crm.interactions.forms import FinishForm, FollowUpForm, NewFollowUpForm
from crm.interactions.models import FollowUp
from crm.interactions.policies import can_edit_follow_up
from crm.interactions.queries.follow_ups import FollowUpFilter, FollowUps, follow_up_page, found_follow_up
from crm.interactions.queries.log_form import people_to_choose
from crm.interactions.views.blueprints import follow_up_blueprint as blueprint
from crm.interactions.views.log_page import due_picks, in_two_weeks
from crm.organisations.forms.fields import choices
from crm.organisations.queries import chosen_organisation, organisation_options
from crm.web.clock import today
from crm.web.formatting import day
from crm.web.forms import Form
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.redirects import safe_next


@blueprint.get("/follow-ups/")
@requires(Permission.READ)
def index() -> str:
    whose, done = _whose(), request.args.get("state") == "done"
    wanted = FollowUpFilter(
        owner_id=current_user.id if whose == "me" else None,
        unit_id=current_user.unit_id if whose == "unit" else None,
        done=done,
    )
    page = follow_up_page(wanted, current_user, request.args.get("cursor"))
    return render_template(
        "follow_ups/index.html",
        page=page,
        whose=whose,
        done=done,
        follow_ups=FollowUps(page.rows, today()),
    )


def _whose() -> str:
    """me, unit or all: what the address asks for, as far as it has a meaning for the reader."""
    asked = request.args.get("owner")
    if asked == "unit" and current_user.unit_id is not None:
        return "unit"
    return "all" if asked == "all" or not current_user.may(Permission.LOG_INTERACTIONS) else "me"


@blueprint.route("/follow-ups/new", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def new() -> Any:
    form = NewFollowUpForm(data=_starting_values())
    if form.organisation.is_sought:
        form.organisation.results = organisation_options(form.organisation.query)
    elif form.validate_on_submit():
        made = attempted(
            form,
            lambda: operations.create_follow_up(
                actor=current_user,
                text=form.text.data,
                due_on=form.due_on.data,
                owner_id=form.owner.data,
                organisation_id=form.organisation.data,
            ),
        )
        if made is not None:
            flash(_("The follow-up has been added."), "success")
            return redirect(safe_next("follow_ups.index"))
    form.organisation.chosen = chosen_organisation(form.organisation.data)
    _offer_owners(form, "owner")
    page = render_template("follow_ups/new.html", form=form, due_picks=due_picks())
    return page, 422 if form.is_submitted() and not form.organisation.is_sought else 200


def _starting_values() -> dict[str, Any]:
    asked = request.args.get("organisation", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 10
    return {
        "due_on": in_two_weeks(),
        "owner": current_user.id,
        "organisation": int(asked) if known else None,
    }


def _offer_owners(form: Form, field: str, *besides: int) -> None:
    people = people_to_choose(current_user.id, *besides)
    form[field].choices = choices((person.id, person.label) for person in people)


@blueprint.route("/follow-ups/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def edit(identity: int) -> Any:
    follow_up = _to_change(identity)
    form = FollowUpForm(data=_values(follow_up) | {"version": follow_up.version})
    _offer_owners(form, "owner", follow_up.owner_id)
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


@blueprint.route("/follow-ups/<int:identity>/finish", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def finish(identity: int) -> Any:
    """Done, with a word on how, and perhaps the next one in the same step."""
    follow_up = _to_change(identity)
    form = FinishForm(
        data={
            "next_text": follow_up.text,
            "next_due_on": in_two_weeks(),
            "next_owner": follow_up.owner_id,
        }
    )
    _offer_owners(form, "next_owner", follow_up.owner_id)
    if form.is_submitted() and (form.following is None or form.validate()):
        finished = attempted(form, lambda: _finished(follow_up, form))
        if finished is not None:
            flash(finished, "success")
            return redirect(safe_next("follow_ups.index"))
    page = render_template("follow_ups/finish.html", form=form, follow_up=follow_up, due_picks=due_picks())
    return page, 422 if form.is_submitted() else 200


def _finished(follow_up: FollowUp, form: FinishForm) -> str:
    made = operations.complete_follow_up(
        follow_up, actor=current_user, note=form.done_note.data, following=form.following
    )
    if made is None:
        return str(_("The follow-up is done."))
    return str(_("The follow-up is done, and the next one is due %(day)s.", day=day(made.due_on)))


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
