"""/responsibilities: the same operations and rules as the pages."""

from typing import Any

from flask import Response
from flask.views import MethodView
from flask_login import current_user
from sqlalchemy import func, select

from crm.accounts.models import Permission
from crm.api.fields import (
    LARGEST_ID,
    Changes,
    Id,
    IdAsked,
    ListQuery,
    Moment,
    Number,
    Recorded,
    Text,
    fields_of,
    list_schema,
    recorded,
    told,
)
from crm.api.resources import (
    ROWS,
    Answer,
    Blueprint,
    changed,
    check_settable,
    errors_named,
    found_or_404,
    told_list,
    told_one,
    version_read,
    writes,
)
from crm.extensions import db
from crm.organisations.models import OrganisationKind
from crm.responsibilities.models import Responsibility
from crm.responsibilities.operations import (
    create_responsibility,
    remove_responsibility,
    update_responsibility,
)
from crm.web.guards import requires
from crm.web.paging import Key, paged

blueprint = Blueprint("responsibilities", "Who of the municipality answers for what.")

COLUMNS = {
    "topic": "topic_id",
    "site": "site_id",
    "organisation": "organisation_id",
    "user": "user_id",
    "unit": "unit_id",
    "deputy": "deputy_id",
}
"""The columns of the fields that are named otherwise here."""
NAMES = {column: name for name, column in COLUMNS.items()}
PLAIN = ("focus_area", "industry_prefix", "organisation_kind", "phone_hours", "note")
KEYS = (Key("id", Responsibility.__table__.c.id),)
LATEST_CHANGES = (Key("updated_at", Responsibility.__table__.c.updated_at), *KEYS)


class ResponsibilitySchema(Recorded):
    topic = Id(allow_none=True, metadata=told("What is asked about: see /topics", example=2))
    site = Id(allow_none=True, metadata=told("A business area"))
    organisation = Id(allow_none=True, metadata=told("One organisation"))
    organisation_kind = Text(
        allow_none=True, metadata=told("All organisations of a kind", one_of=OrganisationKind)
    )
    industry_prefix = Text(
        allow_none=True, metadata=told("The beginning of an industry code", example="62.01")
    )
    focus_area = Number(allow_none=True, metadata=told("The number of a focus area of the plan", example=3))
    user = Id(allow_none=True, metadata=told("Who answers; null where a unit does"))
    unit = Id(allow_none=True, metadata=told("The unit that answers; null where a user does"))
    deputy = Id(allow_none=True, metadata=told("Who is named while the user is away"))
    phone_hours = Text(allow_none=True, metadata=told("At most 120 characters", example="Hverdager 9–15"))
    note = Text(allow_none=True, metadata=told("At most 2 000 characters"))


class ResponsibilityChangesSchema(Changes, ResponsibilitySchema):
    pass


class ResponsibilityListQuery(ListQuery):
    topic = IdAsked(metadata=told("Those that name the topic"))
    site = IdAsked(metadata=told("Those that name the site"))
    organisation = IdAsked(metadata=told("Those that name the organisation"))
    user = IdAsked(metadata=told("Those of the user"))
    updated_since = Moment(metadata=told("Only what was changed then or later, in the order of the changes"))


def as_json(one: Responsibility) -> dict[str, Any]:
    return {
        "id": one.id,
        **{name: getattr(one, column) for name, column in COLUMNS.items()},
        **fields_of(one, PLAIN),
        **recorded(fields_of(one, ("version", "created_at", "updated_at"))),
    }


@blueprint.route("/responsibilities")
class Responsibilities(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(ResponsibilityListQuery, location="query")
    @blueprint.response(200, list_schema("ResponsibilityList", ResponsibilitySchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List responsibilities.

        In the order they were made, unless `updated_since` is given.
        """
        since = asked.get("updated_since")
        conditions = [
            getattr(Responsibility, column) == asked[name]
            for name, column in COLUMNS.items()
            if asked.get(name) is not None
        ]
        if since is not None:
            conditions.append(Responsibility.updated_at >= since)
        counted = select(func.count()).select_from(Responsibility).where(*conditions)
        page = paged(
            select(Responsibility).where(*conditions),
            keys=LATEST_CHANGES if since is not None else KEYS,
            total=db.session.scalar(counted) or 0,
            cursor=asked.get("cursor"),
            size=asked.get("limit", ROWS),
        )
        return told_list(page, as_json)

    @requires(Permission.EDIT_RESPONSIBILITIES)
    @blueprint.arguments(ResponsibilitySchema)
    @blueprint.response(201, ResponsibilitySchema)
    @writes
    def post(self, body: dict[str, Any]) -> Answer:
        """Say who answers for something.

        All that is named must hold; the more is named, the more specific. Either `user` or `unit` is given.
        """
        check_settable(body)
        with errors_named(NAMES):
            one = create_responsibility(actor=current_user, **_values(body))
        return as_json(one), 201


@blueprint.route(f"/responsibilities/<int(max={LARGEST_ID}):responsibility_id>")
class OneResponsibility(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, ResponsibilitySchema)
    def get(self, responsibility_id: int) -> Response:
        """Read a responsibility."""
        one = found_or_404(Responsibility, responsibility_id)
        return told_one(as_json(one), version=one.version)

    @requires(Permission.EDIT_RESPONSIBILITIES)
    @blueprint.arguments(ResponsibilityChangesSchema)
    @blueprint.response(200, ResponsibilitySchema)
    @writes
    def patch(self, body: dict[str, Any], responsibility_id: int) -> Answer:
        """Change a responsibility.

        Fields left out stay as they are. A record may be sent back whole: what is the same changes nothing.
        """
        one = found_or_404(Responsibility, responsibility_id)
        version = version_read(one)
        changes = changed(body, as_json(one))
        with errors_named(NAMES):
            update_responsibility(one, actor=current_user, version=version, **_values(changes))
        return as_json(one), 200

    @requires(Permission.EDIT_RESPONSIBILITIES)
    @blueprint.response(204)
    @writes
    def delete(self, responsibility_id: int) -> Answer:
        """Remove a responsibility for good. The audit log keeps what it was."""
        one = found_or_404(Responsibility, responsibility_id)
        remove_responsibility(one, actor=current_user, version=version_read(one))
        return None, 204


def _values(body: dict[str, Any]) -> Any:
    """As operations take them."""
    return {COLUMNS.get(name, name): value for name, value in body.items()}
