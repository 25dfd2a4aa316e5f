"""/plans: read only; plans are imported and edited on the pages."""

from typing import Any

from flask import Response, abort
from flask.views import MethodView
from sqlalchemy import func, select

from crm.accounts.models import Permission
from crm.api.fields import LARGEST_ID, Day, Id, ListQuery, Number, Schema, Text, list_schema, stamp_day, told
from crm.api.resources import ROWS, Blueprint, told_list, told_one
from crm.extensions import db
from crm.plan.models import Plan, PlanState
from crm.plan.queries import PlanSize, plan_sizes
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.paging import Key, paged

blueprint = Blueprint("plans", "Action plans; their periods succeed one another without overlapping.")

KEYS = (
    Key("starts_on", Plan.__table__.c.starts_on, descending=True),
    Key("id", Plan.__table__.c.id, descending=True),
)


class PlanSchema(Schema):
    id = Id(required=True, metadata=told("The plan's id", example=1))
    title = Text(required=True, metadata=told("Its name", example="Handlingsplan 2022–2024"))
    starts_on = Day(required=True, metadata=told("The first day"))
    ends_on = Day(required=True, metadata=told("The last day"))
    state = Text(required=True, metadata=told("closed once its last day has passed", one_of=PlanState))
    focus_areas = Number(required=True, metadata=told("How many focus areas it has"))
    strategies = Number(required=True, metadata=told("How many strategies"))
    sub_strategies = Number(required=True, metadata=told("How many sub-strategies"))
    measures = Number(required=True, metadata=told("How many measures"))


def as_json(plan: Plan, size: PlanSize) -> dict[str, Any]:
    return {
        "id": plan.id,
        "title": plan.title,
        "starts_on": stamp_day(plan.starts_on),
        "ends_on": stamp_day(plan.ends_on),
        "state": plan.state_on(today()),
        "focus_areas": size.focus_areas,
        "strategies": size.strategies,
        "sub_strategies": size.sub_strategies,
        "measures": size.measures,
    }


@blueprint.route("/plans")
class Plans(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(ListQuery, location="query")
    @blueprint.response(200, list_schema("PlanList", PlanSchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List plans.

        The latest first.
        """
        total = db.session.scalar(select(func.count()).select_from(Plan)) or 0
        page = paged(
            select(Plan), keys=KEYS, total=total, cursor=asked.get("cursor"), size=asked.get("limit", ROWS)
        )
        sizes = plan_sizes([plan.id for plan in page.rows])
        return told_list(page, lambda plan: as_json(plan, sizes[plan.id]))


@blueprint.route(f"/plans/<int(max={LARGEST_ID}):plan_id>")
class OnePlan(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, PlanSchema)
    def get(self, plan_id: int) -> Response:
        """Read a plan."""
        plan = db.session.get(Plan, plan_id)
        if plan is None:
            abort(404)
        return told_one(as_json(plan, plan_sizes([plan.id])[plan.id]))
