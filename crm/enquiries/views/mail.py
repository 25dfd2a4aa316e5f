"""An e-mail dropped on the page: read into the form of a new enquiry, for the user to look through. Nothing is kept yet."""

from contextlib import closing
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.accounts.models import Permission
from crm.database import now
from crm.enquiries import queries
from crm.enquiries.forms import EnquiryForm
from crm.enquiries.models import Channel
from crm.enquiries.quoting import turned
from crm.enquiries.reading import MOST_BYTES, Draft, Refusal, Refused, read
from crm.enquiries.views.blueprints import blueprint
from crm.enquiries.views.new import form_page
from crm.interactions.views.log_page import new_key
from crm.organisations.queries.by_address import domain_of, own_addresses, own_domains
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.uploads import MEGABYTE, takes_megabytes


@blueprint.route("/enquiries/from-mail", methods=["GET", "POST"])
@requires(Permission.HANDLE_ENQUIRIES)
@takes_megabytes(MOST_BYTES // MEGABYTE)
def from_mail() -> Any:
    if request.method == "GET":  # a page left open is asked for anew
        return redirect(url_for("enquiries.new"))
    own = own_domains()
    try:
        draft = read(
            _sent(),
            is_ours=lambda email: domain_of(email) in own or email in own_addresses(),
            at=now(),
        )
    except Refused as refused:
        form = EnquiryForm(formdata=None, topics=queries.topics(), data={"submission_key": new_key()})
        return form_page(form, queries.topics(), mail_error=refused.refusal.label), 422
    earlier = queries.enquiry_of_message(draft.key)
    if earlier is not None:
        flash(_("This e-mail has been taken in already. This is the enquiry that it became."), "warning")
        return redirect(url_for("enquiries.show", identity=earlier.id))
    topics = queries.topics()
    return form_page(EnquiryForm(formdata=None, topics=topics, data=_values(draft)), topics, draft=draft)


def _sent() -> bytes:
    """The file's bytes. Raises Refused where none was chosen, or one of Outlook's own, whatever stands in it."""
    file = request.files.get("mail")
    if file is None or not file.filename:
        raise Refused(Refusal.none)
    with closing(file):
        if file.filename.lower().endswith((".msg", ".oft")):
            raise Refused(Refusal.outlooks_own)
        return bytes(file.read(MOST_BYTES + 1))


def _values(draft: Draft) -> dict[str, Any]:
    """By the fields of EnquiryForm. Of somebody known only what is not known of them is written."""
    known = queries.known_by(draft.email, today())
    contact = known.contact
    phone = None if contact is not None and contact.phone == draft.phone else draft.phone
    return {
        "submission_key": new_key(),
        "organisation_id": known.organisation,
        "contact_id": contact.id if contact is not None else None,
        "caller_name": None if contact is not None else draft.name or None,
        "caller_organisation": None if known.organisation else draft.firm or None,
        "caller_phone": phone,
        "caller_email": None if contact is not None else draft.email,
        "subject": draft.subject or None,
        "text": _text(draft) or None,
        "channel": Channel.email.value,
        "message_key": draft.key,
        "received_at": draft.received_at.isoformat() if draft.received_at else None,
    }


def _text(draft: Draft) -> str:
    """What the caller wrote; under it, each in a paragraph of its own, what else the e-mail holds."""
    parts = [draft.text]
    if draft.attached:
        told = ngettext(
            "%(num)s attachment in the e-mail", "%(num)s attachments in the e-mail", len(draft.attached)
        )
        parts.append(f"{told}: {', '.join(draft.attached)}")
    if draft.forwarded_by is not None:
        by = turned(draft.forwarded_by.name) or draft.forwarded_by.email
        told = _("Forwarded by %(name)s", name=by)
        parts.append(f"{told}: {draft.cover}" if draft.cover else told)
    if draft.history:
        parts.append(_("Earlier in the e-mail:") + "\n" + draft.history)
    return "\n\n".join(filter(None, parts))
