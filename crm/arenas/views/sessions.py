"""Sessions of an arena: planned, left out, and held with attendance, agenda and minutes."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm.accounts.models import Permission
from crm.arenas import operations, queries
from crm.arenas.forms import NewSessionForm, day_written, end_of
from crm.arenas.views.blueprints import blueprint
from crm.arenas.views.loading import arena_to_change
from crm.extensions import db
from crm.interactions.models import InteractionStatus
from crm.organisations.views.loading import flash_all
from crm.web.clock import today
from crm.web.formatting import day
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.validation import Invalid

MOST_AT_ONCE = 60


@blueprint.get("/arenas/<int:identity>/sessions")
@requires(Permission.READ)
def sessions(identity: int) -> str:
    arena = queries.shown_arena(identity, current_user, today=today())
    if arena.is_binned and not current_user.may(Permission.BIN):
        abort(404)
    page = queries.list_sessions(identity, current_user, request.args.get("cursor"))
    return render_template("arenas/sessions.html", arena=arena, page=page)


@blueprint.post("/arenas/<int:identity>/plan")
@requires(Permission.LOG_INTERACTIONS)
def plan(identity: int) -> Any:
    """Sessions on the days of the rhythm that were sent."""
    arena = arena_to_change(identity)
    days = [day_written(one) for one in request.form.getlist("occurrence")[:MOST_AT_ONCE]]
    try:
        made = operations.plan_days(arena, actor=current_user, days=[one for one in days if one is not None])
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash_all(invalid)
    else:
        count = len(made)
        flash(
            ngettext("%(num)s session has been planned.", "%(num)s sessions have been planned.", count),
            "success",
        )
    return redirect(url_for("arenas.show", identity=identity, _anchor="sessions"))


@blueprint.post("/arenas/<int:identity>/leave-out")
@requires(Permission.LOG_INTERACTIONS)
def leave_out(identity: int) -> Any:
    """No session on a day of the rhythm; with `back`, it is proposed again."""
    arena = arena_to_change(identity)
    which = day_written(request.form.get("occurrence"))
    if which is None:
        abort(400)
    try:
        if request.form.get("back"):
            operations.take_back(arena, actor=current_user, day=which)
            message = _("%(day)s is proposed again.", day=day(which))
        else:
            operations.leave_out(arena, actor=current_user, day=which)
            message = _("%(day)s is left out.", day=day(which))
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash_all(invalid)
    else:
        flash(message, "success")
    return redirect(url_for("arenas.show", identity=identity, _anchor="sessions"))


@blueprint.route("/arenas/<int:identity>/sessions/new", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def new_session(identity: int) -> Any:
    """On another day than the rhythm's (`?occurrence=`), or outside it."""
    arena = arena_to_change(identity)
    form = NewSessionForm(
        data={
            "starts_on": day_written(request.args.get("occurrence")),
            "begins_at": arena.begins_at,
            "ends_at": end_of(arena.begins_at, arena.minutes),
            "place": arena.place,
            "occurrence": request.args.get("occurrence", "")[:10],
        }
    )
    if form.validate_on_submit():
        made = attempted(
            form,
            lambda: operations.plan_session(
                arena,
                actor=current_user,
                day=form.starts_on.data,
                proposed_for=form.proposed_for,
                agenda=form.agenda.data,
                times=form.times(),
            ),
        )
        if made is not None:
            return _made(identity, made)
    page = render_template("arenas/new_session.html", form=form, arena=arena, occurrence=form.proposed_for)
    return page, 422 if form.is_submitted() else 200


def _made(identity: int, session: Any) -> Any:
    """To the arena; of a session that is over already, on to who came."""
    if session.interaction.status == InteractionStatus.draft:
        flash(_("The day has passed: say who came, and save the session as held."), "info")
        return redirect(url_for("arenas.session", identity=identity, interaction_id=session.id))
    flash(ngettext("%(num)s session has been planned.", "%(num)s sessions have been planned.", 1), "success")
    return redirect(url_for("arenas.show", identity=identity, _anchor="sessions"))
