from typing import Any

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, make_response, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.extensions import csrf, db
from crm.web.forms import Form
from crm.web.guards import public
from crm.web.locale import LOCALES, language_chosen
from crm.web.redirects import safe_next

blueprint = Blueprint("web", __name__)


@blueprint.get("/health/live")
@public
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/health/ready")
@public
def ready() -> tuple[dict[str, str], int]:
    """The database answers and is migrated to the version of this code."""
    try:
        db.session.execute(text("SELECT 1"))
        at = MigrationContext.configure(db.session.connection()).get_current_heads()
        expected = ScriptDirectory(current_app.extensions["migrate"].directory).get_heads()
    except SQLAlchemyError as error:
        structlog.get_logger("crm").error("not ready", error=type(error).__name__)
        return {"status": "unavailable", "database": "does not answer"}, 503
    if set(at) != set(expected):
        return {"status": "unavailable", "migrations": "not at head"}, 503
    return {"status": "ok", "database": "ok", "migrations": "at head"}, 200


@blueprint.get("/about")
@public
def about() -> str:
    layout = "layouts/base.html" if current_user.is_authenticated else "layouts/plain.html"
    return render_template("web/about.html", layout=layout)


@blueprint.post("/language")
@csrf.exempt  # a page left open overnight must not ask for a password to change its language
@public
def set_language() -> Any:
    """The language of this browser; a signed-in user's own setting follows along, if it is they who ask."""
    chosen = request.form.get("language", "")
    answer = make_response(redirect(safe_next("web.about")))
    if chosen in LOCALES:
        if Form().validate():
            language_chosen.send(language=chosen)
        answer.set_cookie(
            "language", chosen, max_age=31_536_000, httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
    return answer
