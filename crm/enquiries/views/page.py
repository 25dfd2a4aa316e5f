"""One enquiry: its page, its own fields, its history and the bin."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.database import now
from crm.enquiries import operations, queries, rules
from crm.enquiries.forms import EditForm, StepForm, edit_values
from crm.enquiries.models import EnquiryStatus, StepKind
from crm.enquiries.views.blueprints import blueprint
from crm.enquiries.views.loading import away, enquiry_to_change, recipients
from crm.extensions import db
from crm.organisations.queries import (
    chosen_contact,
    chosen_organisation,
    contact_options,
    organisation_options,
)
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.panels import panels


@blueprint.get("/enquiries/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> str:
    return enquiry_shown(identity, StepForm(formdata=None))


def enquiry_shown(identity: int, form: StepForm, asked: str = "") -> str:
    """Its page, with the form of the step `asked`, opened where that was refused."""
    enquiry = queries.enquiry_page(identity) if 0 < identity < 2**31 else None
    if enquiry is None or (enquiry.is_binned and not current_user.may(Permission.BIN)):
        abort(404)
    handles = current_user.may(Permission.HANDLE_ENQUIRIES) and not enquiry.is_binned
    if not form.is_submitted():
        form.version.data = enquiry.version
        form.to.data = (
            f"user-{enquiry.assignee_id}" if enquiry.assignee_id else f"unit-{enquiry.unit_id or ''}"
        )
    return render_template(
        "enquiries/show.html",
        enquiry=enquiry,
        status=EnquiryStatus(enquiry.status),
        may_be={kind.value: handles and rules.may_be(kind, enquiry.status) for kind in rules.ALLOWED},
        handles=handles,
        form=form,
        asked=asked,
        recipients=recipients() if handles else None,
        away=away(enquiry) if EnquiryStatus(enquiry.status).is_open else None,
        panels=panels("enquiry", enquiry, current_user),
        kinds=StepKind,
        now=now(),
    )


@blueprint.route("/enquiries/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.HANDLE_ENQUIRIES)
def edit(identity: int) -> Any:
    enquiry = enquiry_to_change(identity)
    topics = [*queries.topics()]
    if enquiry.topic is not None and enquiry.topic not in topics:
        topics.append(enquiry.topic)  # one that is no longer used stays on what has it
    form = EditForm(topics=topics, data=edit_values(enquiry) | {"version": enquiry.version})
    if not form.is_sought and form.validate_on_submit():
        version = form.version.data
        values = {name: getattr(form, name).data for name in edit_values(enquiry) if name != "topic_id"}
        saved = attempted(
            form,
            lambda: operations.edit(
                enquiry,
                actor=current_user,
                version=version,
                topic_id=form.topic,
                **_answer_aside(values, enquiry),
            ),
            values_of=edit_values,
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("enquiries.show", identity=identity))
    return _edit_page(form, identity)


def _answer_aside(values: dict[str, Any], enquiry: Any) -> dict[str, Any]:
    """Only what has been answered has an answer to be mended."""
    if enquiry.answered_at is None or not values["answer"]:
        del values["answer"]
    return values


def _edit_page(form: EditForm, identity: int) -> tuple[str, int]:
    if form.organisation_id.is_sought:
        form.organisation_id.results = organisation_options(form.organisation_id.query)
    if form.contact_id.is_sought:
        organisation = form.organisation_id.data
        form.contact_id.results = contact_options(
            form.contact_id.query, [organisation] if organisation else []
        )
    form.organisation_id.chosen = chosen_organisation(form.organisation_id.data)
    form.contact_id.chosen = chosen_contact(form.contact_id.data)
    enquiry = enquiry_to_change(identity)
    html = render_template("enquiries/edit.html", form=form, enquiry=enquiry)
    return html, 422 if form.errors or form.conflicts else 200


@blueprint.post("/enquiries/<int:identity>/bin", endpoint="bin")
@requires(Permission.BIN)
def move_to_bin(identity: int) -> Any:
    enquiry = enquiry_to_change(identity)
    operations.bin_enquiry(enquiry, actor=current_user)
    db.session.commit()
    flash(_("The enquiry has been moved to the bin. It can be restored for 30 days."), "success")
    return redirect(url_for("enquiries.index"))


@blueprint.post("/enquiries/<int:identity>/restore")
@requires(Permission.BIN)
def restore(identity: int) -> Any:
    enquiry = queries.found_enquiry(identity)
    if enquiry is None:
        abort(404)
    operations.restore_enquiry(enquiry, actor=current_user)
    db.session.commit()
    flash(_("The enquiry has been restored."), "success")
    return redirect(url_for("enquiries.show", identity=identity))


@blueprint.get("/enquiries/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    enquiry = queries.found_enquiry(identity)
    if enquiry is None:
        abort(404)
    return render_template(
        "audit/history.html",
        trail=[(_("Enquiries"), "/enquiries/"), (enquiry.subject, f"/enquiries/{identity}")],
        entries=history_of(enquiry, current_user),
    )
