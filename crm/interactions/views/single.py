"""One interaction: its page, its history, and what is done to it there."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.database import now
from crm.extensions import db
from crm.interactions import operations, queries
from crm.interactions.forms import FollowUpForm, LogForm, MoveForm, OutcomeForm
from crm.interactions.joined import joined_kind
from crm.interactions.models import CancelledBy, Interaction, InteractionKind, InteractionStatus
from crm.interactions.policies import can_bin, can_edit
from crm.interactions.queries.follow_ups import follow_up_ids, follow_ups_in
from crm.interactions.queries.log_form import people_to_choose
from crm.interactions.queries.single import parts_of
from crm.interactions.rules import is_over
from crm.interactions.views.blueprints import interaction_blueprint as blueprint
from crm.interactions.views.comparing import form_values
from crm.interactions.views.log import interaction_to_change
from crm.interactions.views.log_page import due_picks, in_two_weeks, log_page, new_key
from crm.interactions.vocabulary import Outcome, Signal
from crm.organisations.forms.fields import choices
from crm.organisations.presentation import labels_of
from crm.web.clock import local, today
from crm.web.formatting import day
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.panels import panels
from crm.web.validation import Invalid, Stale

DONE = {
    InteractionStatus.held: lambda: _("The interaction is held. It counts from now on."),
    InteractionStatus.cancelled: lambda: _("The interaction is cancelled."),
    InteractionStatus.planned: lambda: _("The interaction is planned again."),
}


@blueprint.get("/interactions/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> Any:
    interaction = queries.interaction_to_fill_in(identity, current_user)
    joined = joined_kind(interaction.kind)
    if joined is not None and joined.page is not None:
        return redirect(joined.page(identity))
    return _page(interaction, _new_follow_up_form())


def _page(
    interaction: Interaction,
    form: FollowUpForm,
    move: MoveForm | None = None,
    outcome: OutcomeForm | None = None,
) -> str:
    editable = can_edit(current_user, interaction) and not interaction.is_binned
    if editable:
        form.owner.choices = choices(
            (person.id, person.label) for person in people_to_choose(current_user.id)
        )
    return render_template(
        "interactions/show.html",
        interaction=interaction,
        kind=InteractionKind(interaction.kind),
        cancelled_by=CancelledBy(interaction.cancelled_by) if interaction.cancelled_by else None,
        status=InteractionStatus(interaction.status),
        may_edit=editable,
        may_bin=can_bin(current_user, interaction),
        follow_ups=follow_ups_in(interaction.id, current_user),
        parts=parts_of(interaction.id),
        form=form,
        move=move or _move_form(interaction),
        outcome=outcome or _outcome_form(interaction),
        outcomes=labels_of(Outcome),
        signals=labels_of(Signal),
        asks=is_over(interaction.starts_on, interaction.starts_at, interaction.ends_at, now())
        or (interaction.starts_on == today() and interaction.all_day),
        due_picks=due_picks(),
        today=today(),
        panels=panels("interaction", interaction, current_user),
    )


def _move_form(interaction: Interaction) -> MoveForm:
    begins = interaction.starts_at
    values = {"starts_at": local(begins).time() if begins else None, "version": interaction.version}
    return MoveForm(formdata=None, data=values)


def _outcome_form(interaction: Interaction) -> OutcomeForm:
    values = _outcome_values(interaction) | {"version": interaction.version}
    return OutcomeForm(data=values | {"outcome_on": interaction.outcome_on or today()})


def _outcome_values(interaction: Interaction) -> dict[str, Any]:
    return {
        "outcome": interaction.outcome or "",
        "outcome_note": interaction.outcome_note,
        "outcome_on": interaction.outcome_on,
    }


def _new_follow_up_form() -> FollowUpForm:
    return FollowUpForm(formdata=None, data={"due_on": in_two_weeks(), "owner": current_user.id})


@blueprint.post("/interactions/<int:identity>/status")
@requires(Permission.LOG_INTERACTIONS)
def change_status(identity: int) -> Any:
    """Held, cancelled or planned again. What stands in the way is told in the form, ready to be mended."""
    interaction = interaction_to_change(identity)
    status = request.form.get("status", "")
    if status not in DONE:
        abort(400)
    version = request.form.get("version", type=int)
    try:
        operations.change_status(
            interaction,
            actor=current_user,
            version=version,
            status=status,
            cancelled_by=request.form.get("cancelled_by"),
        )
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        values = form_values(interaction) | {"submission_key": new_key(), "version": interaction.version}
        form = LogForm(formdata=None, data=values | {"follow_up_owner": current_user.id})
        form.refuse_all(invalid.errors)
        return log_page(form, interaction), 422
    except Stale:
        db.session.rollback()
        flash(_("Somebody else has changed it in the meantime. Look at it before you go on."), "warning")
    else:
        flash(DONE[InteractionStatus(status)](), "success")
    return redirect(url_for("interactions.show", identity=identity))


@blueprint.post("/interactions/<int:identity>/move")
@requires(Permission.LOG_INTERACTIONS)
def move(identity: int) -> Any:
    """Another time for what is planned, in one step."""
    interaction = interaction_to_change(identity)
    if interaction.status != InteractionStatus.planned:
        abort(400)
    form = MoveForm()
    if form.validate_on_submit():
        try:
            operations.move_interaction(
                interaction,
                actor=current_user,
                version=form.version.data,
                day=form.starts_on.data,
                begins=form.starts_at.data,
            )
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        except Stale:
            db.session.rollback()
            flash(_("Somebody else has changed it in the meantime. Look at it before you go on."), "warning")
            return redirect(url_for("interactions.show", identity=identity))
        else:
            flash(_("The interaction is moved to %(day)s.", day=day(interaction.starts_on)), "success")
            return redirect(url_for("interactions.show", identity=identity))
    return _page(interaction, _new_follow_up_form(), form), 422


@blueprint.post("/interactions/<int:identity>/outcome")
@requires(Permission.LOG_INTERACTIONS)
def tell_outcome(identity: int) -> Any:
    """What came of an introduction."""
    interaction = interaction_to_change(identity)
    form = _outcome_form(interaction)
    if form.validate_on_submit():
        version, told = form.version.data, form.told
        saved = attempted(
            form,
            lambda: operations.update_interaction(interaction, actor=current_user, version=version, **told),
            values_of=_outcome_values,
        )
        if saved is not None:
            flash(_("What came of it has been saved."), "success")
            return redirect(url_for("interactions.show", identity=identity, _anchor="what-came-of-it"))
    return _page(interaction, _new_follow_up_form(), outcome=form), 422


@blueprint.post("/interactions/<int:identity>/follow-ups")
@requires(Permission.LOG_INTERACTIONS)
def add_follow_up(identity: int) -> Any:
    interaction = interaction_to_change(identity)
    form = FollowUpForm()
    if form.validate_on_submit():
        try:
            operations.create_follow_up(
                actor=current_user,
                interaction=interaction,
                text=form.text.data,
                due_on=form.due_on.data,
                owner_id=form.owner.data,
            )
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        else:
            flash(_("The follow-up has been added."), "success")
            return redirect(url_for("interactions.show", identity=identity, _anchor="follow-ups"))
    return _page(interaction, form), 422


@blueprint.post("/interactions/<int:identity>/bin", endpoint="bin")
@requires(Permission.BIN)
def move_to_bin(identity: int) -> Any:
    interaction = _to_bin_or_restore(identity)
    operations.bin_interaction(interaction, actor=current_user)
    db.session.commit()
    flash(_("The interaction has been moved to the bin. It can be restored for 30 days."), "success")
    return redirect(url_for("interactions.show", identity=identity))


@blueprint.post("/interactions/<int:identity>/restore")
@requires(Permission.BIN)
def restore(identity: int) -> Any:
    interaction = _to_bin_or_restore(identity)
    try:
        operations.restore_interaction(interaction, actor=current_user)
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        flash(" ".join(str(said) for messages in invalid.errors.values() for said in messages), "warning")
    else:
        flash(_("The interaction has been restored."), "success")
    return redirect(url_for("interactions.show", identity=identity))


def _to_bin_or_restore(identity: int) -> Interaction:
    interaction = queries.found_interaction(identity, current_user)
    if not can_bin(current_user, interaction):
        abort(403)
    return interaction


@blueprint.get("/interactions/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    interaction = queries.interaction_to_fill_in(identity, current_user)
    parts = panels("interaction_history", interaction, current_user) | {"FollowUp": follow_up_ids(identity)}
    return render_template(
        "audit/history.html",
        trail=[(_("Interactions"), "/interactions/"), (interaction.title, f"/interactions/{identity}")],
        entries=history_of(interaction, current_user, parts=parts),
    )
