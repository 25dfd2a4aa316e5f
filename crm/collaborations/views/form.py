"""A collaboration is made, changed and continued."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.collaborations import operations
from crm.collaborations.forms import CollaborationForm, title_of
from crm.collaborations.models import Collaboration, Stage
from crm.collaborations.queries import collaboration_to_change, continued_values
from crm.collaborations.views.blueprints import blueprint
from crm.collaborations.views.form_page import (
    current_values,
    form_page,
    form_values,
    is_saved_already,
    partner_names,
)
from crm.collaborations.views.loading import Opened, opened, opened_to_change, refuse_binned
from crm.interactions.policies import can_edit
from crm.interactions.queries import submitted
from crm.interactions.queries.listing import InteractionRow
from crm.interactions.queries.participants import with_participants
from crm.interactions.views.log_page import new_key
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def new() -> Any:
    form = CollaborationForm(data=_starting_values())
    return _made(form, None)


@blueprint.route("/<int:identity>/continue", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def continue_next_year(identity: int) -> Any:
    """The next year's, filled in from this year's. It is made when the form is saved."""
    before = opened(identity)
    refuse_binned(before.interaction)
    already = operations.continuation_of(identity, current_user)
    if already is not None and not request.form:
        flash(_("It has been continued already, in %(year)s.", year=already.year), "info")
        return redirect(f"/collaborations/{already.id if already.is_readable else identity}")
    row = with_participants([before.interaction])[0]
    values = continued_values(before.collaboration, row, current_user)
    if values["title"] == _written(row, values["year"]):
        values["title"] = None
    values["lead"] = values.pop("lead_id")
    form = CollaborationForm(data=values | {"submission_key": new_key(), "version": None})
    return _made(form, before, row)


@blueprint.route("/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def edit(identity: int) -> Any:
    found = opened_to_change(identity)
    row = with_participants([found.interaction])[0]
    values = form_values(found.collaboration, found.interaction, row)
    shown = dict(values)
    if values["title"] == _written(row, found.collaboration.year):
        shown["title"] = None
    form = CollaborationForm(data=shown | {"submission_key": new_key(), "version": found.interaction.version})
    if not form.is_submitted() or form.wanted:
        return form_page(form, found, row)
    if form.validate():
        saved = attempted(
            form,
            lambda: operations.update_collaboration(
                found.collaboration,
                actor=current_user,
                version=form.version.data,
                **form.values(partner_names(form)),
            ),
            values_of=lambda _interaction: current_values(form, found),
        )
        if saved is not None:
            return _saved(saved)
    return form_page(form, found, row), 422


def _made(form: CollaborationForm, before: Opened | None, row: InteractionRow | None = None) -> Any:
    """The form for a new one, and what comes of it."""
    if not form.is_submitted() or form.wanted:
        return form_page(form, before, row, is_new=True)
    key = form.submission_key.data = (form.submission_key.data or new_key())[:64]
    if form.validate():
        earlier = _sent_before(key)
        if earlier is None:
            saved = attempted(form, _work(form, key, before))
            if saved is not None:
                return _saved(saved)
            earlier = _sent_before(key)  # the other of two that came at once
        if earlier is not None:
            return _sent_again(form, earlier)
    return form_page(form, before, row, is_new=True), 422


def _sent_again(form: CollaborationForm, earlier: Collaboration) -> Any:
    """The same form came twice. Nothing is made again; if it was changed in between, the change can be saved."""
    found = Opened(earlier, earlier.interaction)
    form.refused_nothing()
    if is_saved_already(form, found):
        return _saved(earlier)
    form.compare(current_values(form, found), found.interaction.version)
    return form_page(form, found), 422


def _work(form: CollaborationForm, key: str, before: Opened | None) -> Callable[[], Collaboration]:
    return lambda: operations.create_collaboration(
        actor=current_user,
        submission_key=key,
        continues_id=before.collaboration.id if before is not None else None,
        **form.values(partner_names(form)),
    )


def _sent_before(key: str) -> Collaboration | None:
    earlier = submitted(key)
    if earlier is None or earlier.author_id != current_user.id or not can_edit(current_user, earlier):
        return None
    return collaboration_to_change(earlier.id) or abort(404)


def _saved(collaboration: Collaboration) -> Any:
    flash(
        _("The idea has been saved. It counts once it is initiated.")
        if collaboration.stage == Stage.idea
        else _("The collaboration has been saved."),
        "success",
    )
    return redirect(f"/collaborations/{collaboration.id}")


def _starting_values() -> dict[str, Any]:
    asked = request.args.getlist("organisation")
    return {
        "submission_key": new_key(),
        "version": None,
        "organisations": [int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 10],
        "year": today().year,
        "stage": Stage.idea,
        "lead": current_user.id,
        "advisors": [current_user.id],
    }


def _written(row: InteractionRow, year: int) -> str:
    return title_of([one.name for one in row.organisations], year)
