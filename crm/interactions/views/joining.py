"""Taking part in a colleague's interaction instead of making one of one's own; nothing that was typed is lost."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from crm.accounts.models import Permission
from crm.extensions import db
from crm.interactions import operations, queries
from crm.interactions.forms import LogForm
from crm.interactions.models import Interaction
from crm.interactions.notices import tell_joined
from crm.interactions.queries.participants import with_participants
from crm.interactions.views.blueprints import interaction_blueprint as blueprint
from crm.interactions.views.comparing import form_values
from crm.interactions.views.log_page import log_page, mark_saved
from crm.web.guards import requires
from crm.web.validation import Invalid


@blueprint.post("/interactions/<int:identity>/join")
@requires(Permission.LOG_INTERACTIONS)
def join(identity: int) -> Any:
    """Sent by the log form. One that cannot be joined, cannot be read or is not there answers alike."""
    form = LogForm()
    interaction = queries.interaction_by_id(identity)
    if interaction is None or not _joined(interaction):
        form.refuse("submission_key", _("It can no longer be joined. What you have written is still here"))
        return log_page(form), 409
    tell_joined(interaction, current_user)
    if not form.holds_more_than_when_and_whom:
        flash(_("You take part in the interaction."), "success")
        return mark_saved(redirect(url_for("interactions.show", identity=identity)))
    flash(
        _("You take part in the interaction. What you had written is filled in below. Save to keep it."),
        "success",
    )
    row = with_participants([interaction])[0]
    return log_page(
        _carried(form, form_values(interaction, row), interaction), interaction, known=row.contacts
    )


def _joined(interaction: Interaction) -> bool:
    try:
        operations.join_interaction(interaction, actor=current_user)
        db.session.commit()
    except Invalid:
        db.session.rollback()
        return False
    return True


def _carried(form: LogForm, present: dict[str, Any], interaction: Interaction) -> LogForm:
    """The form of the colleague's interaction with what was typed into this one added, ready to be saved. It is sent as it
    was typed, so that what cannot be understood is still there to be mended.
    """
    lines = [form.title.data, form.place.data if present["place"] else None, form.notes.data]
    typed = "\n".join(line for line in lines if line)
    sent = MultiDict(request.form)
    for name, values in {
        "organisation": present["organisations"],
        "contact": [*present["contacts"], *form.contact_ids],
        "other_contact": (),
        "measure": [*present["measures"], *(form.measures.data or ())],
        "advisor": present["advisors"],
        "confidential": ["y"] if present["confidential"] or form.confidential.data else (),
    }.items():
        sent.setlist(name, list(dict.fromkeys(str(one) for one in values)))
    sent["kind"], sent["date"] = present["kind"], present["starts_on"].isoformat()
    for name in ("starts_at", "ends_at"):
        sent[name] = f"{present[name]:%H:%M}" if present[name] else ""
    sent["title"], sent["place"] = present["title"], present["place"] or form.place.data or ""
    sent["notes"] = "\n\n".join(text for text in (present["notes"], typed) if text)
    sent["version"] = str(interaction.version)
    return LogForm(formdata=sent)
