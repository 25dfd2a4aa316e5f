"""Users, for administrators."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm.accounts import notices, operations, queries
from crm.accounts.absences import absence_on, standing_in
from crm.accounts.forms import UserFilterForm, UserForm
from crm.accounts.forms.users import values_of
from crm.accounts.links import MadeLink
from crm.accounts.models import Permission, User
from crm.accounts.once import show_once, take_once
from crm.accounts.sessions import signed_in_user
from crm.accounts.views.blueprints import users
from crm.audit.queries import history_of
from crm.database import now
from crm.extensions import db
from crm.mail import lands_in_files
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires
from crm.web.panels import panels
from crm.web.validation import Invalid


@users.get("/")
@requires(Permission.MANAGE_USERS)
def index() -> str:
    form = UserFilterForm(request.args)
    wanted = form.wanted()
    return render_template(
        "users/index.html",
        form=form,
        page_of_users=queries.list_users(wanted, cursor=request.args.get("cursor")),
        active_count=wanted.active_count,
        today=today(),
        absence_on=absence_on,
        standing_in=standing_in,
    )


@users.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new() -> Any:
    form = UserForm()
    actor = signed_in_user()
    if form.validate_on_submit():
        made = attempted(form, lambda: _invited(form, actor))
        if made is not None:
            user, link = made
            _tell(user, link, sent=notices.send_invitation(user, link, inviter=actor))
            return redirect(url_for("users.show", user_id=user.id))
    return render_template("users/form.html", form=form, user=None, units=queries.units()), _status(form)


def _invited(form: UserForm, actor: User) -> tuple[User, MadeLink]:
    user = operations.create_user(**form.values(), actor=actor)
    return user, operations.invite(user=user, actor=actor)


@users.get("/<int:user_id>")
@requires(Permission.MANAGE_USERS)
def show(user_id: int) -> str:
    overview = queries.user_overview(user_id, now()) or abort(404)
    user = overview.user
    link = take_once("link")
    return render_template(
        "users/show.html",
        panels=panels("user", user, signed_in_user()),
        user=user,
        overview=overview,
        link=link if link and link["user_id"] == user.id else None,
        away=absence_on(user, today()),
        deputy=standing_in(user, today()),
        today=today(),
        own=user is signed_in_user(),
        entries=history_of(user, signed_in_user()),
        edit_url=lambda absence: url_for("users.absence_of", user_id=user.id, absence_id=absence.id),
        remove_url=lambda absence: url_for("users.remove_absence_of", user_id=user.id, absence_id=absence.id),
    )


@users.route("/<int:user_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def edit(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    form = UserForm(data=values_of(user) | {"version": user.version})
    actor = signed_in_user()
    if form.validate_on_submit():
        version = form.version.data
        work = lambda: operations.update_user(user=user, **form.values(), version=version, actor=actor)  # noqa: E731
        if attempted(form, work, values_of=values_of):
            flash(_("The user is saved."), "success")
            return redirect(url_for("users.show", user_id=user.id))
    return render_template("users/form.html", form=form, user=user, units=queries.units()), _status(form)


@users.post("/<int:user_id>/deactivate")
@requires(Permission.MANAGE_USERS)
def deactivate(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    try:
        operations.deactivate_user(user=user, actor=signed_in_user())
        db.session.commit()
        flash(_("%(name)s is deactivated, and can no longer sign in.", name=user.name), "success")
    except Invalid as invalid:
        db.session.rollback()
        for messages in invalid.errors.values():
            flash(" ".join(str(message) for message in messages), "danger")
    return redirect(url_for("users.show", user_id=user_id))


@users.post("/<int:user_id>/reactivate")
@requires(Permission.MANAGE_USERS)
def reactivate(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    operations.reactivate_user(user=user, actor=signed_in_user())
    db.session.commit()
    flash(_("%(name)s is active again.", name=user.name), "success")
    return redirect(url_for("users.show", user_id=user_id))


@users.post("/<int:user_id>/send-link")
@requires(Permission.MANAGE_USERS)
def send_link(user_id: int) -> Any:
    """A new invitation for who has not chosen a password yet; else a link to choose a new one."""
    user = db.get_or_404(User, user_id)
    actor = signed_in_user()
    if user.is_service or not user.is_active:
        abort(404)
    if user.password_hash is None:
        link = operations.invite(user=user, actor=actor)
        db.session.commit()
        sent = notices.send_invitation(user, link, inviter=actor)
    else:
        link = operations.offer_reset(user=user, actor=actor)
        db.session.commit()
        sent = notices.send_reset(user, link)
    _tell(user, link, sent=sent)
    return redirect(url_for("users.show", user_id=user_id))


def _tell(user: User, link: MadeLink, *, sent: bool) -> None:
    """Say whether the link is on its way. Where mail goes nowhere, the administrator hands the link over."""
    if sent and not lands_in_files():
        flash(_("A link is sent to %(email)s.", email=user.email), "success")
        return
    if not sent:
        flash(
            _("The e-mail could not be sent. Give %(name)s the link below in another way.", name=user.name),
            "warning",
        )
    show_once("link", user_id=user.id, url=link.url, sent=sent)


def _status(form: UserForm) -> int:
    return (409 if form.conflicts else 422) if form.is_submitted() else 200
