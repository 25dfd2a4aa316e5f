from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import Permission
from crm.extensions import db
from crm.plan import operations, queries
from crm.plan.forms import MeasureForm, PlanForm, values_of
from crm.plan.rules import next_period, next_title
from crm.plan.views.blueprint import asked_plan, blueprint
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.validation import Invalid, Stale


@blueprint.route("/measures/<code>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_measure(code: str) -> Any:
    measure = queries.find_measure(code, asked_plan(), today()) or abort(404)
    form = MeasureForm(data=values_of(measure), leads=queries.possible_leads(measure))
    if form.validate_on_submit():
        try:
            operations.edit_measure(measure=measure, **form.values(), actor=current_user)
            db.session.commit()
        except Invalid as invalid:
            form.refuse_all(invalid.errors)
        except Stale as stale:
            form.compare(values_of(stale.record), stale.record.version)
        else:
            flash(_("The measure was saved."), "success")
            return redirect(url_for("plan.measure", code=measure.code, plan=measure.plan_id))
    page = render_template("plan/measure_form.html", form=form, measure=measure, plan=measure.plan)
    return page, (409 if form.conflicts else 422) if form.is_submitted() else 200


@blueprint.route("/continue", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def continue_plan() -> Any:
    """Make the next plan from this one."""
    plan = queries.chosen_plan(queries.plans(), asked_plan(), today()) or abort(404)
    starts_on, ends_on = next_period(plan)
    title = next_title(plan.title, starts_on, ends_on)
    form = PlanForm(data={"title": title, "starts_on": starts_on, "ends_on": ends_on})
    if form.validate_on_submit():
        try:
            made = operations.continue_plan(plan_id=plan.id, **form.heading(), actor=current_user)
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        except IntegrityError as error:
            form.explain(error)
        else:
            flash(_("The plan was made. Each measure continues the one before it."), "success")
            return redirect(url_for("plan.index", plan=made.id))
    page = render_template("plan/continue.html", form=form, plan=plan)
    return page, 422 if form.is_submitted() else 200
