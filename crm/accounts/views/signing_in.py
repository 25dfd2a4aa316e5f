"""Getting in and out: sign-in, sign-out, forgotten passwords, one-time links."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts import links, notices, operations, passwords, queries, signing_in
from crm.accounts.forms import (
    ChoosePasswordForm,
    FirstAdministratorForm,
    ForgottenPasswordForm,
    SignInForm,
    SignOutForm,
)
from crm.accounts.models import LinkPurpose, OneTimeLink, Role, User
from crm.accounts.resuming import Interrupted
from crm.accounts.sessions import signed_in_user, start_session
from crm.accounts.throttle import FORGOTTEN_PASSWORD, SIGN_IN
from crm.accounts.views.blueprints import accounts
from crm.extensions import csrf, db
from crm.web.errors import stale_form
from crm.web.guards import public
from crm.web.locale import language
from crm.web.redirects import safe_next
from crm.web.validation import Invalid


@accounts.route("/sign-in", methods=["GET", "POST"])
@csrf.exempt  # the form checks its token itself, see forms/signing_in.py
@public
def sign_in() -> Any:
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(safe_next())
    form = SignInForm()
    interrupted = Interrupted.from_request()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        status = _let_in(form)
        if status == 200:
            return interrupted.resume_page() if interrupted else redirect(safe_next())
    if interrupted:
        refused = [str(message) for messages in form.errors.values() for message in messages]
        return interrupted.sign_in_page(email=form.email.data, refused=refused), status
    return render_template("accounts/sign_in.html", form=form, next=request.values.get("next", "")), status


def _let_in(form: SignInForm) -> int:
    """200 where the password was right and a session has begun; else the form says why not."""
    account = signing_in.account_of(form.email.data or "")
    if account is None:
        db.session.rollback()
        minutes = int(SIGN_IN.window.total_seconds() // 60)
        form.refuse(
            "",
            _("There have been too many attempts. Wait %(minutes)s minutes and try again.", minutes=minutes),
        )
        return 429
    db.session.commit()
    if signing_in.opens(account, form.password.data) and signing_in.sign_in(account, form.password.data):
        db.session.commit()
        return 200
    db.session.rollback()
    form.refuse("", _("The e-mail address or the password is wrong."))
    return 422


@accounts.post("/sign-out")
@csrf.exempt  # who is signed out already has no token, and is where they want to be
@public
def sign_out() -> Any:
    if current_user.is_authenticated:
        if not SignOutForm().validate():
            return stale_form()
        signing_in.sign_out(signed_in_user())
        db.session.commit()
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.sign_in"))


@accounts.route("/forgotten-password", methods=["GET", "POST"])
@csrf.exempt  # the form checks its token itself, see forms/signing_in.py
@public
def forgotten() -> Any:
    """The same answer for everybody, so that it tells nobody who has an account."""
    form = ForgottenPasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten.html", form=form), 422 if form.is_submitted() else 200
    email = form.email.data or ""
    user = queries.user_by_email(email) if FORGOTTEN_PASSWORD.admits(email) else None
    if user is not None and user.is_active and not user.is_service:
        link = operations.offer_reset(user=user, actor=None)
        db.session.commit()
        notices.send_reset(user, link, wait=False)
    else:
        db.session.commit()
    return render_template("accounts/forgotten_sent.html", email=email)


@accounts.route("/links/<token>", methods=["GET", "POST"])
@csrf.exempt  # the form checks its token itself, see forms/signing_in.py
@public
def one_time_link(token: str) -> Any:
    link = links.find_link(token)
    if link is None:
        return render_template("accounts/link_gone.html"), 410
    purpose, user = LinkPurpose(link.purpose), link.user
    form = ChoosePasswordForm(name=user.name, email=user.email) if user else FirstAdministratorForm()
    if form.validate_on_submit():
        db.session.rollback()  # the database is not held while the password is worked on
        password_hash = passwords.hash_of(form.new_password.data)
        used = links.use_link(token)
        if used is None:
            db.session.rollback()
            return render_template("accounts/link_gone.html"), 410
        user = _owner_of(used, form)
        if user is not None:
            operations.set_password(user=user, password_hash=password_hash, actor=user)
            start_session(user)
            db.session.commit()
            flash(_("Your password is set, and you are signed in."), "success")
            return redirect(safe_next())
    page = render_template("accounts/one_time_link.html", form=form, user=user, purpose=purpose)
    return page, 422 if form.is_submitted() else 200


def _owner_of(link: OneTimeLink, form: Any) -> User | None:
    """The link's user; the first administrator is made here. None where the form was refused."""
    if link.user is not None:
        return link.user
    try:
        return operations.create_user(
            email=form.email.data,
            name=form.name.data,
            role=Role.administrator,
            language=language(),
            actor=None,
        )
    except Invalid as invalid:
        db.session.rollback()
        form.refuse_all(invalid.errors)
        return None
