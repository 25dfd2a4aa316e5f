"""Taking an enquiry in, while the caller is on the line."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.database import now
from crm.enquiries import operations, queries
from crm.enquiries.forms import EnquiryForm, recipient
from crm.enquiries.models import Channel, Enquiry
from crm.enquiries.queries.registering import Proposal
from crm.enquiries.understanding import Typed, typed
from crm.enquiries.views.blueprints import blueprint
from crm.enquiries.views.loading import enquiry_to_change, flash_if_away, recipients
from crm.interactions.views.log_page import new_key
from crm.organisations.queries import (
    chosen_contact,
    chosen_organisation,
    contact_options,
    organisation_options,
)
from crm.responsibilities.models import Topic
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@blueprint.route("/enquiries/new", methods=["GET", "POST"])
@requires(Permission.HANDLE_ENQUIRIES)
def new() -> Any:
    topics = queries.topics()
    form = EnquiryForm(topics=topics, data=_starting_values())
    if not form.is_submitted() or form.is_sought:
        return form_page(form, topics)
    if form.adds_to is not None:
        return _added_to(form, form.adds_to)
    form.submission_key.data = (form.submission_key.data or new_key())[:64]
    if form.validate():
        earlier = queries.submitted(form.submission_key.data)
        if earlier is not None and earlier.author_id == current_user.id:
            return redirect(url_for("enquiries.show", identity=earlier.id))
        made = attempted(form, lambda: _registered(form, topics))
        if made is not None:
            flash(_saved(made), "success")
            flash_if_away(made)
            return redirect(url_for("enquiries.show", identity=made.id))
    return form_page(form, topics), 422


@blueprint.get("/enquiries/suggestions")
@requires(Permission.HANDLE_ENQUIRIES)
def suggestions() -> str:
    """Who is to answer, by when, and what the caller has asked before: a part of the form, for what stands in it now."""
    topics = queries.topics()
    form = EnquiryForm(formdata=request.args, topics=topics, meta={"csrf": False})
    return render_template("enquiries/_suggestions.html", form=form, **_offered(form, topics))


def _starting_values() -> dict[str, Any]:
    args = request.args
    organisation, contact = args.get("organisation", type=int), args.get("contact", type=int)
    is_known = organisation is not None or contact is not None
    guess = Typed() if is_known else typed(args.get("q"))
    about = args.get("about") or guess.subject
    channel = args.get("channel")
    return {
        "submission_key": new_key(),
        "organisation_id": organisation,
        "contact_id": contact,
        "caller_phone": args.get("phone") or guess.phone,
        "caller_email": args.get("email") or guess.email,
        "subject": about,
        "topic_id": args.get("topic", ""),
        "site_id": args.get("site"),
        "channel": channel if channel in set(Channel) else Channel.phone,
        "to": None,
    }


def _proposal(form: EnquiryForm, topics: Any) -> Proposal:
    return queries.proposal(
        every=topics,
        topic=form.topic_id.data,
        words=" ".join(filter(None, [form.subject.data, form.text.data])),
        organisation=form.organisation_id.data,
        site=form.site,
        at=form.received or now(),
        day=today(),
    )


def _registered(form: EnquiryForm, topics: Any) -> Enquiry:
    """Made, and handed to whom the form says: to the right contact as it follows from the form, unless somebody else was chosen."""
    proposed = _proposal(form, topics)
    assignee, unit = recipient(proposed.to if form.follows_proposal else form.to.data)
    topic: Topic | None = proposed.topic
    return operations.register(
        actor=current_user,
        subject=form.subject.data,
        text=form.text.data,
        channel=form.channel.data,
        topic=topic.id if topic is not None else None,
        site=form.site,
        organisation=form.organisation_id.data,
        contact=form.contact_id.data,
        caller_name=form.caller_name.data,
        caller_organisation=form.caller_organisation.data,
        caller_phone=form.caller_phone.data,
        caller_email=form.caller_email.data,
        assignee=assignee,
        unit=unit,
        due_on=form.due_on.data or proposed.due_on,
        submission_key=form.submission_key.data,
        received_at=form.received,
        message_key=form.message,
    )


def _added_to(form: EnquiryForm, identity: int) -> Any:
    """No second enquiry: what was written becomes a note on the one that there is."""
    if not form.validate():
        return form_page(form, queries.topics()), 422
    enquiry = enquiry_to_change(identity)
    made = attempted(form, lambda: operations.add_note(enquiry, actor=current_user, words=form.as_note))
    if made is None:
        return form_page(form, queries.topics()), 422
    flash(_("What you wrote has been added to this enquiry as a note."), "success")
    return redirect(url_for("enquiries.show", identity=identity))


def _saved(enquiry: Enquiry) -> str:
    if enquiry.assignee is not None:
        return str(_("The enquiry has been handed to %(name)s.", name=enquiry.assignee.name))
    if enquiry.unit is not None:
        return str(_("The enquiry stands in the queue of %(name)s.", name=enquiry.unit.name))
    return str(_("The enquiry stands in the queue."))


def _offered(form: EnquiryForm, topics: Any) -> dict[str, Any]:
    proposed = _proposal(form, topics)
    if form.follows_proposal:
        form.to.data = proposed.to
    form.proposed.data = proposed.to
    return {
        "proposed": proposed,
        "recipients": recipients(),
        "duplicates": queries.duplicates(_caller(form), at=now()),
        "now": now(),
    }


def _caller(form: EnquiryForm) -> queries.Caller:
    return queries.Caller(
        organisation=form.organisation_id.data,
        contact=form.contact_id.data,
        phone=form.caller_phone.data or form.caller_phone.raw,
        email=form.caller_email.data,
        name=form.caller_name.data,
        subject=form.subject.data,
    )


def form_page(form: EnquiryForm, topics: Any, **shown: Any) -> str:
    if form.organisation_id.is_sought:
        form.organisation_id.results = organisation_options(form.organisation_id.query)
    if form.contact_id.is_sought:
        organisation = form.organisation_id.data
        form.contact_id.results = contact_options(
            form.contact_id.query, [organisation] if organisation else []
        )
    form.organisation_id.chosen = chosen_organisation(form.organisation_id.data)
    form.contact_id.chosen = chosen_contact(form.contact_id.data)
    if form.organisation_id.data and not form.organisation_id.chosen and not form.is_submitted():
        abort(404)
    return render_template("enquiries/new.html", form=form, **_offered(form, topics), **shown)
