"""API tokens: one's own, and everybody's for administrators."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm.accounts import queries
from crm.accounts import tokens as keeping
from crm.accounts.forms import TokenForm
from crm.accounts.models import ApiToken, Permission
from crm.accounts.once import show_once, take_once
from crm.accounts.sessions import signed_in_user
from crm.accounts.views.blueprints import tokens
from crm.extensions import db
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@tokens.get("/")
@requires(Permission.USE_API)
def index() -> str:
    user = signed_in_user()
    everybodys = request.args.get("whose") == "all" and user.may(Permission.MANAGE_USERS)
    return render_template(
        "tokens/index.html",
        page_of_tokens=queries.list_tokens(None if everybodys else user, cursor=request.args.get("cursor")),
        everybodys=everybodys,
        made=take_once("token"),
        user=user,
    )


@tokens.route("/new", methods=["GET", "POST"])
@requires(Permission.USE_API)
def new() -> Any:
    user = signed_in_user()
    form = TokenForm()
    if form.validate_on_submit():
        made = attempted(form, lambda: keeping.create_token(user=user, **form.values(), actor=user))
        if made is not None:
            show_once("token", raw=made.raw, name=made.token.name)
            return redirect(url_for("tokens.index"))
    return render_template("tokens/form.html", form=form), 422 if form.is_submitted() else 200


@tokens.post("/<int:token_id>/revoke")
@requires(Permission.USE_API)
def revoke(token_id: int) -> Any:
    user = signed_in_user()
    token = db.get_or_404(ApiToken, token_id)
    own = token.user_id == user.id
    if not own and not user.may(Permission.MANAGE_USERS):
        abort(404)
    keeping.revoke_token(token=token, actor=user)
    db.session.commit()
    flash(_("The token %(name)s is revoked.", name=token.name), "success")
    return redirect(url_for("tokens.index", whose=None if own else "all"))
