"""Who calls: a token in the Authorization header, never a browser's cookie."""

from typing import Any

from flask import g, request

from crm.accounts.models import Permission, Scope
from crm.accounts.tokens import authenticate_token
from crm.extensions import login_manager
from crm.web.problems import problem
from crm.web.transactions import SAFE


def authenticate() -> Any:
    """Before a request to the API: the token's user is the current user, within the token's scope."""
    if request.blueprint is None or not request.blueprint.startswith("api_") or request.method == "OPTIONS":
        return None
    scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not raw.strip():
        return problem(401, "Send a token as Authorization: Bearer …")
    token = authenticate_token(raw.strip())
    if token is None:
        return problem(401, "The token is unknown, expired or revoked")
    if not (token.user.is_service or token.user.may(Permission.USE_API)):
        return problem(403, "The role of the token's user does not include the API")
    if token.scope == Scope.read and request.method not in SAFE:
        return problem(403, "The token may only read")
    g.api_token = token
    login_manager._update_request_context_with_user(token.user)  # noqa: SLF001  the library's only way without a cookie
    return None
