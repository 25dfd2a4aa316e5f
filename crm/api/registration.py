from flask import Flask
from flask_smorest import Api

from crm.api import documentation
from crm.api.authentication import authenticate
from crm.api.specification import DESCRIPTION, ProblemSchema
from crm.api.v1 import (
    arenas,
    contacts,
    enquiries,
    interactions,
    me,
    measures,
    organisations,
    plans,
    reports,
    responsibilities,
    search,
    sites,
    topics,
)
from crm.extensions import csrf

RESOURCES = (
    search,
    organisations,
    contacts,
    interactions,
    arenas,
    sites,
    topics,
    responsibilities,
    enquiries,
    plans,
    measures,
    reports,
    me,
)


class _Api(Api):
    DEFAULT_ERROR_RESPONSE_NAME = None
    """Each operation names its errors (`crm.api.specification`)."""

    def _register_error_handlers(self) -> None:
        """Errors are told by `crm.web.errors`, for pages and programs alike."""

    def _register_doc_blueprint(self) -> None:
        """The specification and its page are our own (`crm.api.documentation`)."""


def register_api(app: Flask) -> None:
    app.before_request(authenticate)
    smorest = _Api(
        app,
        spec_kwargs={
            "info": {"description": DESCRIPTION},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    app.cli.commands.pop("openapi")  # the description is served; commands are our own
    smorest.spec.components.schema("Problem", schema=ProblemSchema)
    for resource in RESOURCES:
        csrf.exempt(resource.blueprint)  # no cookie opens the API, so there is nothing to forge
        smorest.register_blueprint(resource.blueprint)
    app.register_blueprint(documentation.blueprint)
