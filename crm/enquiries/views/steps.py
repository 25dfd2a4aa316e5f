"""What is done to an enquiry on its way to the answer."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.enquiries import operations
from crm.enquiries.forms import StepForm, recipient
from crm.enquiries.models import Channel, Enquiry
from crm.enquiries.operations.steps import lock_enquiry
from crm.enquiries.views.blueprints import blueprint
from crm.enquiries.views.loading import enquiry_to_change, flash_if_away
from crm.enquiries.views.page import enquiry_shown
from crm.extensions import db
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.interactions.operations import log_interaction
from crm.web.clock import local
from crm.web.guards import requires
from crm.web.validation import Invalid, Stale

KINDS = {
    Channel.phone: InteractionKind.phone_call,
    Channel.email: InteractionKind.email,
    Channel.in_person: InteractionKind.meeting,
}


def _hand_over(enquiry: Enquiry, form: StepForm) -> None:
    assignee, unit = recipient(form.to.data)
    operations.hand_over(
        enquiry,
        actor=current_user,
        version=form.version.data,
        assignee_id=assignee,
        unit_id=unit,
        words=form.words.data,
    )


STEPS: dict[str, Callable[[Enquiry, StepForm], Any]] = {
    "take": lambda e, form: operations.take(e, actor=current_user, version=form.version.data),
    "assign": _hand_over,
    "wait": lambda e, form: operations.wait_for_them(
        e, actor=current_user, version=form.version.data, words=form.words.data
    ),
    "resume": lambda e, form: operations.resume(
        e, actor=current_user, version=form.version.data, words=form.words.data
    ),
    "answer": lambda e, form: operations.answer(
        e, actor=current_user, version=form.version.data, answer=form.answer.data
    ),
    "close": lambda e, form: operations.close(
        e, actor=current_user, version=form.version.data, words=form.words.data
    ),
    "reopen": lambda e, form: operations.reopen(
        e, actor=current_user, version=form.version.data, words=form.words.data
    ),
    "note": lambda e, form: operations.add_note(e, actor=current_user, words=form.words.data),
}


@requires(Permission.HANDLE_ENQUIRIES)
def take_step(identity: int, step: str) -> Any:
    enquiry = enquiry_to_change(identity)
    form = StepForm()
    if form.validate():
        try:
            STEPS[step](enquiry, form)
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        except Stale as stale:
            db.session.rollback()
            form.compare({}, stale.record.version)
            form.refuse(
                "stale", _("Somebody else has changed it meanwhile. See what they did, and try once more")
            )
        else:
            flash(_done(step, enquiry), "success")
            if step == "assign":
                flash_if_away(enquiry)
            return redirect(url_for("enquiries.show", identity=identity))
    return enquiry_shown(identity, form, step), 422


for _step in STEPS:
    blueprint.add_url_rule(
        f"/enquiries/<int:identity>/{_step}",
        endpoint=_step,
        view_func=take_step,
        defaults={"step": _step},
        methods=["POST"],
    )


def _done(step: str, enquiry: Enquiry) -> str:
    if step == "assign":
        to = enquiry.assignee or enquiry.unit
        if to is not None:
            return str(_("It has been handed to %(name)s.", name=to.name))
        return str(_("It stands in the queue."))
    said: dict[str, str] = {
        "take": _("It is yours."),
        "wait": _("It waits for them."),
        "resume": _("It has been taken up again."),
        "answer": _("The answer has been kept."),
        "close": _("The enquiry has been closed."),
        "reopen": _("The enquiry has been opened again."),
        "note": _("The note has been added."),
    }
    return said[step]


@blueprint.post("/enquiries/<int:identity>/interaction")
@requires(Permission.HANDLE_ENQUIRIES)
def convert(identity: int) -> Any:
    """It was a call or a meeting: a draft of the interaction, with what is known, to be finished on the log form."""
    enquiry = enquiry_to_change(identity)
    lock_enquiry(enquiry)  # of two presses on the button, the second finds what the first made
    if enquiry.interaction_id is not None:
        return redirect(f"/interactions/{enquiry.interaction_id}")
    notes = "\n\n".join(filter(None, [enquiry.text, enquiry.answer]))
    interaction = log_interaction(
        actor=current_user,
        kind=KINDS.get(Channel(enquiry.channel), InteractionKind.phone_call),
        status=InteractionStatus.draft,
        title=enquiry.subject,
        starts_on=local(enquiry.answered_at or enquiry.received_at).date(),
        notes=notes,
        organisation_ids=[enquiry.organisation_id] if enquiry.organisation_id else [],
        contact_ids=[enquiry.contact_id] if enquiry.contact_id else [],
        advisor_ids=[current_user.id],
    )
    operations.convert(enquiry, interaction, actor=current_user)
    db.session.commit()
    flash(_("A draft of the interaction has been made. Choose measures and save it."), "success")
    return redirect(url_for("interactions.edit", identity=interaction.id))
