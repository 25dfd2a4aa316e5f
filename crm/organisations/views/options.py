"""What comboboxes ask for while somebody types."""

from typing import Any

from flask import jsonify, request

from crm.accounts.models import Permission
from crm.organisations import queries
from crm.organisations.views.blueprints import contact_blueprint, organisation_blueprint
from crm.web.guards import requires

MOST_ORGANISATIONS = 50


@organisation_blueprint.get("/organisations/options", endpoint="options")
@requires(Permission.READ)
def organisations() -> Any:
    return jsonify(queries.organisation_options(request.args.get("q", "")))


@contact_blueprint.get("/contacts/options", endpoint="options")
@requires(Permission.READ)
def contacts() -> Any:
    """Those of the organisations in the address come first; `organisations` is what a form's field may be called."""
    typed = [
        value
        for name in ("organisation", "organisations", "organisation_id")
        for value in request.args.getlist(name)
    ]
    ids = [int(value) for value in typed if value.isascii() and value.isdigit() and len(value) < 10]
    return jsonify(queries.contact_options(request.args.get("q", ""), ids[:MOST_ORGANISATIONS]))
