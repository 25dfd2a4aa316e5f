"""Who answers for what is written, changed and taken away."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.extensions import db
from crm.organisations.queries import chosen_organisation, organisation_options
from crm.responsibilities import operations
from crm.responsibilities.facts import Answering
from crm.responsibilities.forms import ResponsibilityForm, responsibility_values
from crm.responsibilities.models import Responsibility
from crm.responsibilities.queries import ours
from crm.responsibilities.rules import SCOPE
from crm.responsibilities.views.blueprints import blueprint
from crm.responsibilities.wording import scope_in_words
from crm.web.forms.attempts import attempted
from crm.web.guards import requires

LARGEST_ID = 2**31 - 1


@blueprint.route("/responsibilities/new", methods=["GET", "POST"])
@requires(Permission.EDIT_RESPONSIBILITIES)
def new() -> Any:
    given = {name: value for name in (*SCOPE, "user_id", "unit_id") if (value := request.args.get(name))}
    numbers = {name: int(value) if value.isdigit() and len(value) < 10 else value for name, value in given.items()}  # fmt: skip
    form = ResponsibilityForm(data=numbers)
    if _is_to_be_saved(form):
        made = attempted(form, lambda: operations.create_responsibility(actor=current_user, **form.values()))
        if made is not None:
            flash(_("The responsibility has been added."), "success")
            return redirect(url_for("responsibilities.index"))
    return _form_page(form, None)


@blueprint.route("/responsibilities/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_RESPONSIBILITIES)
def edit(identity: int) -> Any:
    responsibility = _found(identity)
    form = ResponsibilityForm(
        data=responsibility_values(responsibility) | {"version": responsibility.version}
    )
    if _is_to_be_saved(form):
        version, values = form.version.data, form.values()
        saved = attempted(
            form,
            lambda: operations.update_responsibility(
                responsibility, actor=current_user, version=version, **values
            ),
            values_of=responsibility_values,
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("responsibilities.index"))
    return _form_page(form, responsibility)


def _is_to_be_saved(form: ResponsibilityForm) -> bool:
    """Without JavaScript the form is also sent to find its organisation."""
    if form.organisation_id.is_sought:
        form.organisation_id.results = organisation_options(form.organisation_id.query)
        return False
    return bool(form.validate_on_submit())


def _form_page(form: ResponsibilityForm, responsibility: Responsibility | None) -> tuple[str, int]:
    form.organisation_id.chosen = chosen_organisation(form.organisation_id.data)
    page = render_template("responsibilities/form.html", form=form, responsibility=responsibility)
    return page, 422 if form.is_submitted() and not form.organisation_id.is_sought else 200


@blueprint.route("/responsibilities/<int:identity>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_RESPONSIBILITIES)
def remove(identity: int) -> Any:
    """Asks before it is taken away."""
    responsibility = _found(identity)
    if request.method == "POST":
        operations.remove_responsibility(responsibility, actor=current_user)
        db.session.commit()
        flash(_("The responsibility has been removed."), "success")
        return redirect(url_for("responsibilities.index"))
    return render_template(
        "responsibilities/remove.html", responsibility=responsibility, what=_in_words(responsibility)
    )


@blueprint.get("/responsibilities/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    responsibility = _found(identity)
    return render_template(
        "audit/history.html",
        trail=[
            (_("Responsibilities"), "/responsibilities/"),
            (_in_words(responsibility), f"/responsibilities/{identity}/edit"),
        ],
        entries=history_of(responsibility, current_user),
    )


def _in_words(one: Responsibility) -> str:
    scope = Answering(one.id, **{name: getattr(one, name) for name in SCOPE})
    name = one.organisation.name if one.organisation is not None else None
    words = scope_in_words(scope, ours(), name)
    return words[:1].upper() + words[1:]


def _found(identity: int) -> Responsibility:
    """404 where there is none."""
    one = db.session.get(Responsibility, identity) if 0 < identity <= LARGEST_ID else None
    if one is None:
        abort(404)
    return one
