"""Deny by default: an endpoint that declares neither a permission nor that it is public is refused to all."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from crm.web.errors import stale_form

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
DECLARED = "_declared_access"


def public(view: View) -> View:
    """Anybody may ask for it, signed in or not."""
    setattr(view, DECLARED, PUBLIC)
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Only who has the permission (a member of `accounts.models.Permission`) may ask for it."""

    def declare(view: View) -> View:
        setattr(view, DECLARED, permission)
        return view

    return declare


def declared_access(view: Any, method: str) -> str | None:
    """What a view declares for an HTTP method: a permission, PUBLIC, or None where it declares nothing."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        name = "get" if method == "HEAD" else method.lower()
        view = getattr(view_class, name, None)
    return getattr(view, DECLARED, None)


def check_access() -> Any:
    """Before every request: nothing, a redirect to sign in, or 403."""
    if request.endpoint is None:
        return None
    access = declared_access(current_app.view_functions[request.endpoint], request.method)
    if access == PUBLIC or request.method == "OPTIONS":
        return None
    if access is None:
        abort(403)
    if request.blueprint is not None and request.blueprint.startswith("api"):
        if "api_token" not in g:  # a browser's session is no key to the API, which has no CSRF protection
            abort(401)
    elif not current_user.is_authenticated:
        if request.method not in {"GET", "HEAD"}:
            return stale_form()
        if (
            "HX-Request" in request.headers
        ):  # a part of a page cannot show the sign-in: the whole page goes there
            return "", 401, {"HX-Redirect": url_for("accounts.sign_in")}
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if not current_user.may(access):
        abort(403)
    return None


def register_guard(app: Flask) -> None:
    app.before_request(check_access)
    public(app.view_functions["static"])
