"""What users see and decide about themselves."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from crm.accounts import notices, operations, passwords, queries, signing_in
from crm.accounts.devices import device_name
from crm.accounts.forms import DetailsForm, NewPasswordForm
from crm.accounts.forms.profile import details_of
from crm.accounts.models import Permission
from crm.accounts.sessions import current_key_hash, end_session, forget_reader, signed_in_user, start_session
from crm.accounts.throttle import SIGN_IN
from crm.accounts.views.blueprints import accounts
from crm.database import now
from crm.extensions import db
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.panels import panels


@accounts.route("/profile", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
def profile() -> Any:
    user = signed_in_user()
    form = DetailsForm(obj=user, units=queries.units())
    if form.validate_on_submit() and attempted(
        form, lambda: operations.update_own_details(user=user, **form.values()), values_of=details_of
    ):
        forget_reader()  # the answer is in the language just chosen
        flash(_("Your details are saved."), "success")
        return redirect(url_for("accounts.profile"))
    page = render_template(
        "accounts/profile.html",
        form=form,
        user=user,
        absences=queries.absences_from(user, today()),
        sessions=queries.open_sessions(user, now()),
        this_session=current_key_hash(),
        device_name=device_name,
        today=today(),
        panels=panels("profile", user, user),
        edit_url=lambda absence: url_for("accounts.absence", absence_id=absence.id),
        remove_url=lambda absence: url_for("accounts.remove_absence", absence_id=absence.id),
    )
    return page, (409 if form.conflicts else 422) if form.is_submitted() else 200


@accounts.route("/profile/password", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
def password() -> Any:
    """Whoever changes it stays signed in here, and nowhere else."""
    user = signed_in_user()
    form = NewPasswordForm(user=user)
    if form.validate_on_submit() and _present_password_is_right(form):
        password_hash = passwords.hash_of(form.new_password.data)
        operations.set_password(user=user, password_hash=password_hash, actor=user)
        start_session(user)
        db.session.commit()
        notices.tell_password_changed(user)
        flash(_("The password is changed, and you are signed out on all other devices."), "success")
        return redirect(url_for("accounts.profile"))
    return render_template("accounts/password.html", form=form), 422 if form.is_submitted() else 200


def _present_password_is_right(form: NewPasswordForm) -> bool:
    """Guesses are counted with those of the sign-in page: a session left open is no way round."""
    account = signing_in.account_of(signed_in_user().email)
    db.session.commit()  # the database is not held while the password is worked on
    if account is None:
        form.refuse(
            "password", _("There have been too many attempts. Wait a quarter of an hour and try again.")
        )
        return False
    if not signing_in.opens(account, form.password.data):
        form.refuse("password", _("This is not your present password"))
        return False
    SIGN_IN.forgive(account.email)
    db.session.commit()
    return True


@accounts.post("/profile/sign-out-everywhere")
@requires(Permission.USE_OWN_ACCOUNT)
def sign_out_everywhere() -> Any:
    user = signed_in_user()
    operations.sign_out_everywhere(user=user, actor=user)
    end_session()
    db.session.commit()
    flash(_("You are signed out on all devices."), "success")
    return redirect(url_for("accounts.sign_in"))
