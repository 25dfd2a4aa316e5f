"""Inviting people to a planned interaction, and what they answered."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask_login import current_user

from crm.accounts.models import Permission
from crm.calendars.writing import Answer
from crm.database import now
from crm.extensions import db, limiter
from crm.interactions.changes import interaction_changed
from crm.interactions.models import Interaction
from crm.interactions.views.log import interaction_to_change
from crm.scheduling import operations
from crm.scheduling.forms import InviteForm
from crm.scheduling.models import Guest
from crm.scheduling.queries import guests_of, invitable
from crm.web.guards import requires
from crm.web.validation import Invalid

blueprint = Blueprint("scheduling", __name__)
SAID = {Answer.accepted, Answer.tentative, Answer.declined, Answer.none}


@blueprint.route("/interactions/<int:identity>/invitations", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
@limiter.limit("60 per hour", methods=["POST"])
def invite(identity: int) -> Any:
    interaction = interaction_to_change(identity, whole=request.method == "POST")
    form = InviteForm()
    if not form.is_submitted():
        form.people.data = [one.key for one in invitable(interaction.id, current_user) if one.email]
        return _page(form, interaction)
    if form.validate():
        try:
            operations.invite(
                interaction,
                actor=current_user,
                contact_ids=form.ids("contact"),
                user_ids=form.ids("user"),
                message=form.message.data,
            )
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        else:
            return _back(identity)
    return _page(form, interaction), 422


def _page(form: InviteForm, interaction: Interaction) -> str:
    people = invitable(interaction.id, current_user)
    form.people.choices = [(one.key, f"{one.name} ({one.email})") for one in people if one.email]
    return render_template(
        "scheduling/invite.html",
        form=form,
        interaction=interaction,
        lacking=[one.name for one in people if not one.email],
    )


@blueprint.post("/interactions/<int:identity>/invitations/<int:guest_id>/withdraw")
@requires(Permission.LOG_INTERACTIONS)
def withdraw(identity: int, guest_id: int) -> Any:
    guest = _guest(identity, guest_id)
    operations.withdraw(guest, actor=current_user)
    db.session.commit()
    return _back(identity)


@blueprint.post("/interactions/<int:identity>/invitations/<int:guest_id>/answer")
@requires(Permission.LOG_INTERACTIONS)
def answer(identity: int, guest_id: int) -> Any:
    """What they said by telephone or in the corridor."""
    said = request.form.get("answer", "")
    if said not in SAID:
        abort(400)
    guest = _guest(identity, guest_id)
    operations.set_answer(guest, actor=current_user, answer=Answer(said), at=now())
    db.session.commit()
    return _back(identity)


@blueprint.post("/interactions/<int:identity>/invitations/send")
@requires(Permission.LOG_INTERACTIONS)
def send_again(identity: int) -> Any:
    """Try once more to tell those who could not be told."""
    interaction_changed.send(interaction_to_change(identity))
    return _back(identity)


def _guest(identity: int, guest_id: int) -> Guest:
    interaction_to_change(identity, whole=False)
    found = next((one for one in guests_of(identity) if one.id == guest_id), None)
    if found is None:
        abort(404)
    return found


def _back(identity: int) -> Any:
    return redirect(f"/interactions/{identity}#invitations")
