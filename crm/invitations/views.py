from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission, User
from crm.accounts.queries import user_by_email
from crm.database import now
from crm.extensions import db
from crm.interactions.policies import can_edit, can_view
from crm.invitations import operations, queries
from crm.invitations.answers import answer
from crm.invitations.forms import UploadForm
from crm.invitations.models import InboundMessage, Invitee, MessageState, Proof, Via
from crm.invitations.reading import opened
from crm.invitations.reasons import Reason, Unreadable
from crm.web.guards import requires
from crm.web.validation import Invalid

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations")


@blueprint.get("/")
@requires(Permission.LOG_INTERACTIONS)
def index() -> str:
    return _page(UploadForm(formdata=None))


@blueprint.post("/")
@requires(Permission.LOG_INTERACTIONS)
def upload() -> Any:
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(form), 422
    file = form.file.data
    message = operations.receive(file.read(), via=Via.upload, actor=current_user, filename=file.filename)
    if message.state != MessageState.taken:
        operations.take_in(message, proof=Proof.sign_in, sender=current_user)
    db.session.commit()
    if message.state != MessageState.taken:
        form.refuse("file", Reason(message.reason or Reason.failed).label)
        return _page(form), 422
    interactions = {identity for _did, identity, _why in message.results if identity}
    if len(interactions) == 1:
        flash(_("The invitation is taken in. Look through what was read from it."), "success")
        return redirect(url_for("interactions.show", identity=interactions.pop()))
    flash(_("The invitation is taken in."), "success")
    return redirect(url_for("invitations.index"))


@blueprint.post("/<int:identity>/take")
@requires(Permission.MANAGE_USERS)
def take(identity: int) -> Any:
    message = _waiting(identity)
    if message is not None:
        operations.take_in(message, proof=Proof.administrator, sender=None, actor=current_user)
        db.session.commit()
        if message.state == MessageState.taken:
            flash(_("The invitation is taken in."), "success")
        else:
            flash(Reason(message.reason or Reason.failed).label, "warning")
        _tell_sender(message)
    return redirect(url_for("invitations.index"))


@blueprint.post("/<int:identity>/refuse")
@requires(Permission.MANAGE_USERS)
def refuse(identity: int) -> Any:
    message = _waiting(identity)
    if message is not None:
        operations.refuse_message(message, actor=current_user, reason=Reason.refused_by_hand)
        db.session.commit()
        flash(_("The invitation is not taken in."), "success")
        _tell_sender(message)
    return redirect(url_for("invitations.index"))


@blueprint.post("/questions/<int:identity>")
@requires(Permission.LOG_INTERACTIONS)
def answer_question(identity: int) -> Any:
    """Which contact or organisation it is; without a candidate, none of them."""
    invitee = queries.found_invitee(identity)
    interaction = _asked_from(invitee, request.form.get("interaction", type=int))
    if invitee is None or interaction is None:
        abort(404)
    if not can_edit(current_user, interaction):
        abort(403)
    chosen = request.form.get("candidate", type=int)
    try:
        if "known" in request.form:
            operations.welcome_contact(invitee, actor=current_user)
        elif chosen is None:
            operations.settle_invitee(invitee)
        else:
            operations.answer_question(invitee, chosen, actor=current_user)
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        for messages in invalid.errors.values():
            flash(" ".join(str(message) for message in messages), "warning")
    return redirect(url_for("interactions.show", identity=interaction.id))


def _page(form: UploadForm) -> str:
    mailbox = current_app.config["CRM"].mailbox
    decides = current_user.may(Permission.MANAGE_USERS)
    return render_template(
        "invitations/index.html",
        form=form,
        address=mailbox.user if mailbox is not None and "@" in mailbox.user else None,
        latest=queries.latest_of(current_user),
        questions=queries.open_questions(current_user),
        waiting=queries.waiting() if decides else None,
        reason_of=lambda message: Reason(message.reason).label if message.reason else "",
    )


def _waiting(identity: int) -> InboundMessage | None:
    message = queries.found_message(identity) if identity < 2**31 else None
    if message is None:
        abort(404)
    if message.state != MessageState.waiting:
        db.session.rollback()
        flash(_("Somebody else has decided on it in the meantime."), "warning")
        return None
    return message


def _tell_sender(message: InboundMessage) -> None:
    """Only users are written to: whoever else it says it is from may not have sent it."""
    if message.via != Via.mailbox or message.raw is None or message.state == MessageState.waiting:
        return
    user = user_by_email(message.raw.from_address or "")
    if not isinstance(user, User) or not user.is_active:
        return
    try:
        mail = opened(message.raw.content)
    except Unreadable:
        return
    answer(message, mail, to=user, at=now())


def _asked_from(invitee: Invitee | None, interaction_id: int | None) -> Any:
    """The interaction of the meeting on whose page it was asked, if the reader may see it."""
    occurrences = invitee.meeting.occurrences if invitee is not None else []
    found = next((one.interaction for one in occurrences if one.interaction_id == interaction_id), None)
    return found if found is not None and can_view(current_user, found) else None
