"""The log form: the heart of the product."""

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import Permission
from crm.extensions import db
from crm.interactions import operations, queries
from crm.interactions.forms import LogForm, generated_title
from crm.interactions.joined import LOGGED_KINDS, joined_kind
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.policies import can_edit
from crm.interactions.queries.listing import InteractionRow
from crm.interactions.queries.log_form import chosen_organisations, matching_people, people_to_choose
from crm.interactions.queries.participants import with_participants
from crm.interactions.views.blueprints import interaction_blueprint as blueprint
from crm.interactions.views.comparing import compare, form_values, is_saved_already
from crm.interactions.views.log_page import due_picks, log_page, mark_saved, new_key, offered_choices
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.validation import Invalid, Stale

SAVED = {
    InteractionStatus.held: lambda: _("The interaction has been saved as held."),
    InteractionStatus.planned: lambda: _("The interaction has been saved as planned."),
    InteractionStatus.cancelled: lambda: _("The interaction has been saved as cancelled."),
    InteractionStatus.draft: lambda: _("The draft has been saved. It waits for you on “My day”."),
}


@blueprint.route("/interactions/new", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def new() -> Any:
    form = LogForm(data=_starting_values())
    if not form.is_submitted() or form.wanted:
        return log_page(form)
    key = form.submission_key.data = (form.submission_key.data or new_key())[:64]
    if form.validate():
        earlier = queries.submitted(key)
        if earlier is not None:
            return _sent_again(form, earlier)
        try:
            interaction = operations.log_interaction(
                actor=current_user,
                submission_key=key,
                new_contacts=form.new_people(),
                follow_ups=form.follow_ups(),
                **_titled(form),
            )
            answer = _saved(interaction)
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        except IntegrityError:
            db.session.rollback()
            earlier = queries.submitted(key)
            if earlier is None:
                raise
            return _sent_again(form, earlier)
        else:
            return answer
    return log_page(form), 422


@blueprint.route("/interactions/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def edit(identity: int) -> Any:
    saving = request.method == "POST" and "find" not in request.form
    interaction = interaction_to_change(identity, whole=saving)
    joined = joined_kind(interaction.kind)
    if joined is not None and joined.page is not None:
        return redirect(joined.page(identity))
    row = with_participants([interaction])[0]
    form = LogForm(data=_present_values(interaction, row))
    if not saving:
        return log_page(form, interaction, known=row.contacts)
    if form.validate():
        try:
            operations.update_interaction(
                interaction,
                actor=current_user,
                version=form.version.data,
                new_contacts=form.new_people(),
                follow_ups=form.follow_ups(),
                **_titled(form, interaction),
            )
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        except Stale:
            db.session.rollback()
            if is_saved_already(form, interaction):
                return _saved(interaction)
            compare(form, interaction)
        else:
            return _saved(interaction)
    return log_page(form, interaction), 422


@blueprint.get("/interactions/suggestions")
@requires(Permission.LOG_INTERACTIONS)
def suggestions() -> str:
    """People, measures and colleagues' interactions for the organisations, kind and date in the address: parts of the
    form. `besides` is the interaction that it is the form of, which is `settled` or not.
    """
    form = LogForm(formdata=request.args, meta={"csrf": False})
    besides, settled = request.args.get("besides", type=int), "settled" in request.args
    offered = offered_choices(form, besides=besides, settled=settled)
    return render_template("interactions/_suggestions.html", form=form, **offered)


@blueprint.get("/interactions/advisors")
@requires(Permission.LOG_INTERACTIONS)
def advisor_options() -> Any:
    """Colleagues by the beginnings of their names, for the picker."""
    found = matching_people(request.args.get("q", "")[:100], people_to_choose())
    return jsonify([{"id": person.id, "label": person.label, "hint": ""} for person in found])


def interaction_to_change(identity: int, *, whole: bool = True) -> Interaction:
    """The interaction, if the user may change it; one in the bin sends them to its page, where it can be restored."""
    load = queries.found_interaction if whole else queries.interaction_to_fill_in
    interaction = load(identity, current_user)
    if not can_edit(current_user, interaction):
        abort(403)
    if interaction.is_binned:
        flash(_("The interaction is in the bin. Restore it before you change it."), "warning")
        abort(redirect(url_for("interactions.show", identity=identity)))
    return interaction


def _starting_values() -> dict[str, Any]:
    kind = request.args.get("kind")
    asked = request.args.getlist("organisation")
    return {
        "submission_key": new_key(),
        "version": 1,
        "organisations": [int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 10],
        "kind": kind if kind in set(LOGGED_KINDS) else InteractionKind.company_visit,
        "starts_on": today(),
        "advisors": [current_user.id],
        **_follow_up_values(),
    }


def _present_values(interaction: Interaction, row: InteractionRow) -> dict[str, Any]:
    values = form_values(interaction, row)
    if interaction.title == generated_title(interaction.kind, [one.name for one in row.organisations]):
        values["title"] = None
    return values | {"submission_key": new_key(), "version": interaction.version, **_follow_up_values()}


def _follow_up_values() -> dict[str, Any]:
    week = next(pick.day for pick in due_picks() if (pick.day - today()).days >= 7)
    return {"follow_up_due_on": week, "follow_up_owner": current_user.id}


def _titled(form: LogForm, interaction: Interaction | None = None) -> operations.InteractionValues:
    values = form.values(interaction)
    if not values["title"]:
        names = [one.label for one in chosen_organisations(form.organisations.data)]
        values["title"] = generated_title(form.kind.data, names)
    return values


def _sent_again(form: LogForm, earlier: Interaction) -> Any:
    """The same form came twice. Nothing is made again; if it was changed in between, the change can be saved."""
    if earlier.author_id != current_user.id:
        form.submission_key.data = new_key()
        form.refuse("submission_key", _("This form was sent before by somebody else. Save once more"))
        return log_page(form), 422
    if is_saved_already(form, earlier):
        return _saved(earlier)
    compare(form, earlier)
    return log_page(form, earlier), 422


def _saved(interaction: Interaction) -> Any:
    flash(SAVED[InteractionStatus(interaction.status)](), "success")
    return mark_saved(redirect(url_for("interactions.show", identity=interaction.id)))
