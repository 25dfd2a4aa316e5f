"""/me: who a token is."""

from flask import Response, g
from flask.views import MethodView

from crm.accounts.models import Permission, Scope
from crm.api.fields import Id, Schema, Text, stamp, told
from crm.api.resources import Blueprint, told_one
from crm.web.guards import requires

blueprint = Blueprint("me", "The token itself.")


class TokenSchema(Schema):
    name = Text(
        required=True, metadata=told("What the token was called when it was made", example="Nettsidene")
    )
    scope = Text(required=True, metadata=told("What it lets its holder do", one_of=Scope))
    user = Id(
        required=True,
        metadata=told("The user in whose name it acts; an advisor's id is the same number", example=4),
    )
    expires_at = Text(required=True, metadata=told("When it stops working") | {"format": "date-time"})


@blueprint.route("/me")
class Me(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, TokenSchema)
    def get(self) -> Response:
        """Tell the token's name and scope."""
        token = g.api_token
        return told_one(
            {
                "name": token.name,
                "scope": token.scope,
                "user": token.user_id,
                "expires_at": stamp(token.expires_at),
            }
        )
