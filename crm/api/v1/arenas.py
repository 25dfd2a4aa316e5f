"""/arenas: the same operations and rules as the pages."""

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

import marshmallow as ma
from flask import Response
from flask.views import MethodView
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from crm.accounts.models import Permission
from crm.api.fields import (
    LARGEST_ID,
    Changes,
    Day,
    Id,
    ListQuery,
    Moment,
    Number,
    Recorded,
    Schema,
    Text,
    fields_of,
    list_schema,
    recorded,
    stamp_day,
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
from crm.arenas.models import Arena
from crm.arenas.operations import bin_arena, create_arena, replace_members, update_arena
from crm.arenas.queries.listing import KEYS, LATEST_CHANGES, STATES, ArenaFilter
from crm.arenas.rules import measures_on
from crm.extensions import db
from crm.plan.queries import current_plan, measures_by_code, outlines
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.paging import paged
from crm.web.validation import Invalid

blueprint = Blueprint("arenas", "Dialogue arenas: standing forums with members and a rhythm.")

NAMES = {
    "host_id": "host",
    "organisation_id": "members.organisation",
    "contact_id": "members.contact",
}
"""The API's names of what operations call otherwise."""


class MemberSchema(Schema):
    organisation = Id(allow_none=True, metadata=told("The member, or whom the contact comes for", example=17))
    contact = Id(allow_none=True, metadata=told("Who comes; null where the organisation sends whom it will"))
    started_on = Day(allow_none=True, metadata=told("The first day", example="2026-01-01"))
    ended_on = Day(allow_none=True, metadata=told("The last day; null while it lasts"))


class ArenaSchema(Recorded):
    name = Text(required=True, metadata=told("At most 120 characters", example="Næringslivsfrokost"))
    purpose = Text(allow_none=True, metadata=told("Markdown"))
    host = Id(allow_none=True, metadata=told("The organisation that invites; null where we do"))
    rhythm = Text(
        allow_none=True,
        metadata=told("An iCalendar recurrence rule, in Norwegian time", example="FREQ=MONTHLY;BYDAY=1TH"),
    )
    starts_on = Day(
        allow_none=True, metadata=told("The day that the rhythm counts from", example="2026-01-01")
    )
    begins_at = Text(
        allow_none=True, metadata=told("A time of day, HH:MM, in Norwegian time", example="08:30")
    )
    minutes = Number(allow_none=True, metadata=told("How long a session lasts", example=60))
    place = Text(allow_none=True, metadata=told("At most 200 characters", example="Lillestrøm"))
    ended_on = Day(allow_none=True, metadata=told("The last day; null while it goes on"))
    measures = ma.fields.List(
        Text(), metadata=told("Codes of today's plan that new sessions are tagged with", example=["1.B.1"])
    )
    members = ma.fields.List(
        ma.fields.Nested(MemberSchema),
        metadata=told(
            "In the order they came. In a PATCH they are all that last: one that is left out ends today; ended ones stay "
            "in the history, named or not"
        ),
    )


class ArenaChangesSchema(Changes, ArenaSchema):
    pass


class ArenaListQuery(ListQuery):
    q = Text(metadata=told("Words in the name or the purpose"))
    state = Text(metadata=told("Those that go on unless told otherwise", one_of=STATES))
    updated_since = Moment(metadata=told("Only what was changed then or later, in the order of the changes"))


def as_json(arena: Arena) -> dict[str, Any]:
    plans = outlines()
    current = measures_on(today(), [measure.id for measure in arena.measures], plans)
    return {
        "id": arena.id,
        **fields_of(arena, ("name", "purpose")),
        "host": arena.host_id,
        "rhythm": arena.rhythm,
        "starts_on": stamp_day(arena.starts_on),
        "begins_at": f"{arena.begins_at:%H:%M}" if arena.begins_at is not None else None,
        **fields_of(arena, ("minutes", "place")),
        "ended_on": stamp_day(arena.ended_on),
        "measures": [plans.measures[one].code for one in current],
        "members": [
            {
                "organisation": one.organisation_id,
                "contact": one.contact_id,
                "started_on": stamp_day(one.started_on),
                "ended_on": stamp_day(one.ended_on),
            }
            for one in arena.members
        ],
        **recorded(fields_of(arena, ("version", "created_at", "updated_at"))),
    }


@blueprint.route("/arenas")
class Arenas(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(ArenaListQuery, location="query")
    @blueprint.response(200, list_schema("ArenaList", ArenaSchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List dialogue arenas.

        In the Norwegian order of their names, unless `updated_since` is given. Those in the bin are left out.
        """
        size, cursor, since = (
            asked.pop("limit", ROWS),
            asked.pop("cursor", None),
            asked.pop("updated_since", None),
        )
        conditions = ArenaFilter.parse(asked).conditions(today())
        if since is not None:
            conditions.append(Arena.updated_at >= since)
        total = db.session.scalar(select(func.count()).select_from(Arena).where(*conditions)) or 0
        whole = (selectinload(Arena.members), selectinload(Arena.measures))
        page = paged(
            select(Arena).where(*conditions).options(*whole),
            keys=LATEST_CHANGES if since is not None else KEYS,
            total=total,
            cursor=cursor,
            size=size,
        )
        return told_list(page, as_json)

    @requires(Permission.LOG_INTERACTIONS)
    @blueprint.arguments(ArenaSchema)
    @blueprint.response(201, ArenaSchema)
    @writes
    def post(self, body: dict[str, Any]) -> Answer:
        """Add a dialogue arena."""
        check_settable(body)
        members = body.pop("members", [])
        with errors_named(NAMES):
            arena = create_arena(actor=current_user, **_values(body))
            replace_members(arena, actor=current_user, members=members)
        return as_json(arena), 201


@blueprint.route(f"/arenas/<int(max={LARGEST_ID}):arena_id>")
class OneArena(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, ArenaSchema)
    def get(self, arena_id: int) -> Response:
        """Read a dialogue arena."""
        arena = found_or_404(Arena, arena_id)
        return told_one(as_json(arena), version=arena.version)

    @requires(Permission.LOG_INTERACTIONS)
    @blueprint.arguments(ArenaChangesSchema)
    @blueprint.response(200, ArenaSchema)
    @writes
    def patch(self, body: dict[str, Any], arena_id: int) -> Answer:
        """Change a dialogue arena.

        Fields left out stay as they are. A record may be sent back whole: what is the same changes nothing.
        """
        arena = found_or_404(Arena, arena_id)
        version = version_read(arena)
        changes = changed(body, as_json(arena))
        members = changes.pop("members", None)
        with errors_named(NAMES):
            update_arena(arena, actor=current_user, version=version, **_values(changes))
            if members is not None:
                replace_members(arena, actor=current_user, members=members)
        return as_json(arena), 200

    @requires(Permission.BIN)
    @blueprint.response(204)
    @writes
    def delete(self, arena_id: int) -> Answer:
        """Put a dialogue arena in the bin. Its sessions stay."""
        arena = found_or_404(Arena, arena_id)
        bin_arena(arena, actor=current_user, version=version_read(arena))
        return None, 204


def _values(fields: dict[str, Any]) -> Any:
    """As operations take them. Raises Invalid."""
    values = {{"host": "host_id"}.get(name, name): value for name, value in fields.items()}
    if values.get("begins_at") is not None:
        values["begins_at"] = _time(values["begins_at"])
    if "measures" in values:
        values["measure_ids"] = _measure_ids(values.pop("measures"))
    return values


def _time(written: str) -> time:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", written, re.ASCII)
    if found is None:
        raise Invalid({"begins_at": [_("Enter a time as hours and minutes, such as 09:30")]})
    return time(int(found[1]), int(found[2]))


def _measure_ids(codes: Sequence[str]) -> list[int]:
    plan = current_plan(today())
    if plan is None:
        if codes:
            raise Invalid({"measures": [_("There is no plan yet")]})
        return []
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes))
    found = measures_by_code(plan, wanted)
    if unknown := [code for code in wanted if code not in found]:
        message = _("“%(plan)s” has no measure %(codes)s", plan=plan.title, codes=", ".join(unknown)[:200])
        raise Invalid({"measures": [message]})
    return [found[code] for code in wanted]
