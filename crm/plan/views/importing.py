from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import Permission
from crm.extensions import db
from crm.plan import operations
from crm.plan.documents import (
    PlanDocument,
    PreviewRow,
    UnreadableDocument,
    read_plan,
    template_csv,
    template_xlsx,
)
from crm.plan.forms import ConfirmForm, ImportForm
from crm.plan.rules import checked_heading, suggested_period
from crm.plan.sealing import seal, unseal
from crm.plan.views.blueprint import blueprint
from crm.web.guards import requires
from crm.web.validation import Invalid

TEMPLATES = {
    "csv": (template_csv, "text/csv; charset=utf-8"),
    "xlsx": (template_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@blueprint.route("/import", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def import_plan() -> Any:
    form = ImportForm()
    if form.validate_on_submit():
        filename = form.document.data.filename or ""
        try:
            document = read_plan(filename, form.document.data.read())
            sealed = seal(document, user_id=current_user.id)
        except UnreadableDocument as unreadable:
            form.refuse("document", _in_words(unreadable))
        except Invalid as invalid:
            form.refuse_all(invalid.errors)
        else:
            return _first_preview(form, document, filename, sealed)
    if form.errors and not form.document.errors:
        form.refuse("document", _("Choose the document again: a browser does not keep it"))
    return render_template("plan/import.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/import/confirm")
@requires(Permission.EDIT_PLAN)
def confirm_import() -> Any:
    form = ConfirmForm()
    document = unseal(form.sealed.data or "", user_id=current_user.id)
    if document is None:
        flash(_("The preview is too old. Choose the document again."), "warning")
        return redirect(url_for("plan.import_plan"))
    if form.validate():
        try:
            outcome = operations.import_plan(document=document, **form.heading(), actor=current_user)
            db.session.commit()
        except Invalid as invalid:
            db.session.rollback()
            form.refuse_all(invalid.errors)
        except IntegrityError as error:
            form.explain(error)
        else:
            flash(_imported(outcome.updated), "success")
            return redirect(url_for("plan.index", plan=outcome.plan.id))
    return _preview(form, document)


@blueprint.get("/import/template.<ending>")
@requires(Permission.EDIT_PLAN)
def template(ending: str) -> Any:
    if ending not in TEMPLATES:
        abort(404)
    make, mimetype = TEMPLATES[ending]
    name = f"handlingsplan-mal.{ending}"
    return make(), {"Content-Type": mimetype, "Content-Disposition": f'attachment; filename="{name}"'}


def _in_words(unreadable: UnreadableDocument) -> str:
    if not unreadable.excerpt:
        return str(unreadable)
    return str(
        _("%(reason)s The text there: “%(excerpt)s”", reason=str(unreadable), excerpt=unreadable.excerpt)
    )


def _imported(updated: bool) -> str:
    if updated:
        return str(_("The plan was updated with the document's wording."))
    return str(_("The plan was imported."))


def _first_preview(upload: ImportForm, document: PlanDocument, filename: str, sealed: str) -> Any:
    """The preview, with what was left open in the upload taken from the document."""
    period = suggested_period(document, filename, upload.title.data) or (None, None)
    starts_on = upload.starts_on.data or period[0]
    ends_on = upload.ends_on.data or period[1]
    title = upload.title.data or operations.expected_title(document, filename, starts_on, ends_on)
    form = ConfirmForm(formdata=None, title=title, starts_on=starts_on, ends_on=ends_on, sealed=sealed)
    return _preview(form, document)


def _preview(form: ConfirmForm, document: PlanDocument) -> Any:
    """What the document holds and what importing it would do, or why it cannot be done."""
    standing = None
    if not form.errors:
        try:
            _title, starts_on, ends_on = checked_heading(
                form.title.data, form.starts_on.data, form.ends_on.data
            )
            standing = operations.expect_import(document=document, starts_on=starts_on, ends_on=ends_on)
        except Invalid as invalid:
            form.refuse_all(invalid.errors)
    page = render_template(
        "plan/preview.html",
        form=form,
        document=document,
        standing=standing,
        rows=_rows(document),
        sizes=(
            len(document.focus_areas),
            sum(1 for _each in document.strategies()),
            sum(1 for _each in document.sub_strategies()),
            sum(1 for _each in document.measures()),
        ),
    )
    return page, 422 if form.errors else 200


def _rows(document: PlanDocument) -> list[tuple[PreviewRow, list[Any]]]:
    """The document's rows, each with what is remarked about its line; of several on one line the first has them."""
    remarks: dict[int, list[Any]] = {}
    for remark in document.warnings:
        remarks.setdefault(remark.line, []).append(remark.message)
    return [(row, remarks.pop(row.line, [])) for row in document.rows()]
