"""The API's description, for programs and for people; nothing is fetched from elsewhere."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask_login import current_user

from crm.api.reference import reference
from crm.api.specification import specification
from crm.web.guards import public

blueprint = Blueprint("documentation", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    return jsonify(specification())


@blueprint.get("/docs")
@public
def docs() -> Any:
    layout = "layouts/base.html" if current_user.is_authenticated else "layouts/plain.html"
    return render_template(
        "api/docs.html",
        layout=layout,
        reference=reference(specification()),
        address=f"{current_app.config['CRM'].public_url}/api/v1",
    )
