"""Registering absences: one's own, and others' by an administrator when somebody falls ill."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from crm.accounts import operations, queries
from crm.accounts.absences import overlapping
from crm.accounts.forms import AbsenceForm
from crm.accounts.models import Absence, Permission, User
from crm.accounts.sessions import signed_in_user
from crm.accounts.views.blueprints import accounts, users
from crm.extensions import db
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@accounts.route("/profile/absences/new", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
def new_absence() -> Any:
    return _edited(signed_in_user(), None, url_for("accounts.profile"))


@accounts.route("/profile/absences/<int:absence_id>", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
def absence(absence_id: int) -> Any:
    user = signed_in_user()
    return _edited(user, _absence_of(user, absence_id), url_for("accounts.profile"))


@accounts.post("/profile/absences/<int:absence_id>/remove")
@requires(Permission.USE_OWN_ACCOUNT)
def remove_absence(absence_id: int) -> Any:
    user = signed_in_user()
    return _removed(_absence_of(user, absence_id), url_for("accounts.profile"))


@users.route("/<int:user_id>/absences/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new_absence_for(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    return _edited(user, None, url_for("users.show", user_id=user.id))


@users.route("/<int:user_id>/absences/<int:absence_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def absence_of(user_id: int, absence_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    return _edited(user, _absence_of(user, absence_id), url_for("users.show", user_id=user.id))


@users.post("/<int:user_id>/absences/<int:absence_id>/remove")
@requires(Permission.MANAGE_USERS)
def remove_absence_of(user_id: int, absence_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    return _removed(_absence_of(user, absence_id), url_for("users.show", user_id=user.id))


def _absence_of(user: User, absence_id: int) -> Absence:
    return next((a for a in user.absences if a.id == absence_id), None) or abort(404)


def _edited(user: User, present: Absence | None, back: str) -> Any:
    deputies = [u for u in queries.active_users() if u.id != user.id]
    form = AbsenceForm(obj=present, deputies=deputies)
    actor = signed_in_user()
    if form.validate_on_submit():
        saved = attempted(
            form,
            lambda: operations.add_absence(user=user, **form.values(), actor=actor, instead_of=present),
        )
        if saved is not None:
            _tell_saved(saved)
            return redirect(back)
    page = render_template(
        "accounts/absence.html", form=form, user=user, absence=present, back=back, own=user is actor
    )
    return page, 422 if form.is_submitted() else 200


def _tell_saved(saved: Absence) -> None:
    flash(_("The absence is saved."), "success")
    deputy = saved.deputy
    if deputy is not None and overlapping(deputy.absences, saved.starts_on, saved.ends_on):
        flash(
            _(
                "%(name)s is away on some of these days too. Nobody is shown as deputy then.",
                name=deputy.name,
            ),
            "warning",
        )


def _removed(absence: Absence, back: str) -> Any:
    operations.remove_absence(absence=absence, actor=signed_in_user())
    db.session.commit()
    flash(_("The absence is removed."), "success")
    return redirect(back)
