"""/interactions: the same operations, rules, counts and secrecy as the pages."""

from typing import Any

from flask import Response, abort
from flask.views import MethodView
from flask_login import current_user

from crm.accounts.models import Permission
from crm.api.fields import (
    LARGEST_ID,
    list_schema,
)
from crm.api.resources import (
    ROWS,
    Answer,
    Blueprint,
    changed,
    check_settable,
    errors_named,
    told_list,
    told_one,
    version_read,
    writes,
)
from crm.api.v1.interactions import collaborations
from crm.api.v1.interactions.schemas import (
    InteractionChangesSchema,
    InteractionListQuery,
    InteractionSchema,
    as_json,
    record_as_json,
)
from crm.api.v1.interactions.values import NAMES, as_typed, values_of
from crm.arenas.queries import arenas_by_interaction
from crm.interactions.models import Interaction, InteractionKind
from crm.interactions.operations import bin_interaction, log_interaction, update_interaction
from crm.interactions.policies import can_bin, can_edit, can_view
from crm.interactions.queries import (
    KEYS,
    InteractionFilter,
    InteractionQuery,
    interaction_by_id,
    record_for,
)
from crm.web.guards import requires
from crm.web.paging import Key

blueprint = Blueprint(
    "interactions",
    "Visits, meetings and other contact with organisations.",
)

LATEST_CHANGES = (
    Key("updated_at", Interaction.__table__.c.updated_at),
    Key("id", Interaction.__table__.c.id),
)


@blueprint.route("/interactions")
class Interactions(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(InteractionListQuery, location="query")
    @blueprint.response(200, list_schema("InteractionList", InteractionSchema, hidden=True))
    def get(self, asked: dict[str, Any]) -> Response:
        """List interactions.

        The latest first, unless `updated_since` is given; an undated draft stands at the day it was begun. Confidential
        ones that the token's user may not read are counted in `confidential_hidden` instead of being listed. Reports count
        both: with `status=held` and the report's filters, `total` and `confidential_hidden` together are its number.
        """
        size, cursor = asked.pop("limit", ROWS), asked.pop("cursor", None)
        query = InteractionQuery(InteractionFilter.parse(as_typed(asked)), current_user)
        page = query.records(cursor, size, LATEST_CHANGES if query.filter.updated_since else KEYS)
        parts = collaborations.parts_of(page.rows)
        arenas = arenas_by_interaction([row.fields["id"] for row in page.rows])
        return told_list(
            page,
            lambda row: record_as_json(row, parts.get(row.fields["id"]), arenas.get(row.fields["id"])),
            confidential_hidden=query.hidden_count(),
        )

    @requires(Permission.LOG_INTERACTIONS)
    @blueprint.arguments(InteractionSchema)
    @blueprint.response(201, InteractionSchema)
    @writes
    def post(self, body: dict[str, Any]) -> Answer:
        """Log an interaction.

        One of the kind collaboration is made with `collaboration` and without `status`, which follows from its stage.
        """
        check_settable(body)
        if body.get("kind") == InteractionKind.collaboration:
            made = collaborations.make(body)
            return as_json(made, collaborations.part_of(made)), 201
        collaborations.refuse_part(body)
        if current_user.is_service:  # a machine takes part in nothing
            body.setdefault("advisors", [])
        with errors_named(NAMES):
            interaction = log_interaction(actor=current_user, **values_of(body, None))
        return as_json(interaction), 201


@blueprint.route(f"/interactions/<int(max={LARGEST_ID}):interaction_id>")
class OneInteraction(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, InteractionSchema)
    def get(self, interaction_id: int) -> Response:
        """Read an interaction."""
        record = record_for(interaction_id, current_user)
        part = collaborations.parts_of([record]).get(interaction_id)
        arena = arenas_by_interaction([interaction_id]).get(interaction_id)
        return told_one(record_as_json(record, part, arena), version=record.fields["version"])

    @requires(Permission.LOG_INTERACTIONS)
    @blueprint.arguments(InteractionChangesSchema)
    @blueprint.response(200, InteractionSchema)
    @writes
    def patch(self, body: dict[str, Any], interaction_id: int) -> Answer:
        """Change an interaction.

        Fields left out stay as they are. A record may be sent back whole: what is the same changes nothing. Only its
        author, its advisors, managers and administrators may change it.
        """
        interaction = _found(interaction_id)
        if not can_edit(current_user, interaction):
            abort(403, "Only its author, its advisors, managers and administrators may change it")
        version = version_read(interaction)
        part = collaborations.part_of(interaction)
        changes = changed(body, as_json(interaction, part))
        if part is not None:
            collaborations.change(interaction, changes, part, version)
            return as_json(interaction, collaborations.part_of(interaction)), 200
        collaborations.refuse_part(changes)
        with errors_named(NAMES):
            update_interaction(
                interaction, actor=current_user, version=version, **values_of(changes, interaction)
            )
        return as_json(interaction), 200

    @requires(Permission.BIN)
    @blueprint.response(204)
    @writes
    def delete(self, interaction_id: int) -> Answer:
        """Put an interaction in the bin."""
        interaction = _found(interaction_id)
        if not can_bin(current_user, interaction):
            abort(403, "Only its author, its advisors, managers and administrators may put it in the bin")
        bin_interaction(interaction, actor=current_user, version=version_read(interaction))
        return None, 204


def _found(interaction_id: int) -> Interaction:
    """The interaction; 404 where there is none, 403 where it is confidential and not for the token's user."""
    interaction = interaction_by_id(interaction_id)
    if interaction is None or interaction.is_binned:
        abort(404)
    if not can_view(current_user, interaction):
        abort(403, "The interaction is confidential")
    return interaction
