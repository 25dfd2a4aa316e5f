"""One page for every error: what happened, what to do, and the id to give to whoever helps."""

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from crm.extensions import db, login_manager
from crm.web.problems import problem, problem_of, wants_problem
from crm.web.uploads import most_megabytes

log = structlog.get_logger("crm")


@dataclass(frozen=True)
class Explanation:
    title: str
    what: str
    mend: str


def explain(status: int) -> Explanation:
    """Title, what happened and what to do, in the reader's language."""
    explanations = {
        400: Explanation(
            _("The request could not be understood"),
            _("Something in the address or the form was not as expected."),
            _("Go back, check what you filled in, and try again."),
        ),
        403: Explanation(
            _("You do not have access to this"),
            _("Your role does not include this page or action."),
            _("Ask an administrator if you need it."),
        ),
        404: Explanation(
            _("The page was not found"),
            _("It may have been moved or deleted, or the address may be misspelt."),
            _("Check the address, or find what you need from the front page."),
        ),
        409: Explanation(
            _("Somebody changed this before you"),
            _("The record was saved by somebody else while you were working on it."),
            _("Go back, open it again to see the latest version, and repeat your change."),
        ),
        413: Explanation(
            _("The file or text is too large"),
            _("At most %(megabytes)s MB can be sent at a time.", megabytes=most_megabytes()),
            _("Go back and send less."),
        ),
        429: Explanation(
            _("Too many requests"),
            _("There have been too many requests from you in a short time."),
            _("Wait a minute and try again."),
        ),
        503: Explanation(
            _("The service is unavailable right now"),
            _("The database does not answer."),
            _("What you typed is still in your browser. Wait a minute and try again."),
        ),
    }
    return explanations.get(
        status,
        Explanation(
            _("Something went wrong"),
            _("The mistake is ours, and it has been logged."),
            _("Try again. If it happens again, tell an administrator the error code below."),
        ),
    )


def error_page(status: int) -> tuple[str, int]:
    layout = "layouts/base.html" if current_user.is_authenticated else "layouts/plain.html"
    page = render_template(
        "errors/error.html",
        status=status,
        explanation=explain(status),
        layout=layout,
        request_id=g.get("request_id", ""),
    )
    return page, status


def register_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(OperationalError, _database_gone)
    app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    if wants_problem():
        return problem_of(error)
    return error_page(error.code or 500)


def stale_form(_error: CSRFError | None = None) -> Any:
    """A form from before a sign-out or a time-out: what was typed is carried along, to be sent again."""
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]
    page = render_template(
        "errors/stale_form.html",
        layout="layouts/base.html" if current_user.is_authenticated else "layouts/plain.html",
        typed=typed,
        action=request.full_path.rstrip("?"),
        signed_in=current_user.is_authenticated,
    )
    return page, 400


def _conflict(_error: StaleDataError) -> Any:
    db.session.rollback()
    return problem(412, "The record was changed meanwhile") if wants_problem() else error_page(409)


def _database_gone(error: OperationalError) -> Any:
    db.session.rollback()
    log.error("database", id=g.get("request_id"), error=type(error.orig).__name__)
    if wants_problem():
        return problem(503, "The database does not answer")
    login_manager._update_request_context_with_user()  # noqa: SLF001  nobody can be looked up now
    return render_template("errors/unavailable.html", explanation=explain(503)), 503


def _unexpected(error: Exception) -> Any:
    db.session.rollback()
    if current_app.config["TESTING"]:
        raise error
    log.error("unexpected", id=g.get("request_id"), exc_info=error)
    if wants_problem():
        return problem(500, f"Request {g.get('request_id', '')}")
    return error_page(500)
