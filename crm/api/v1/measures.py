"""/measures: read only; they are imported with their plan and edited on the pages."""

from typing import Any

import marshmallow as ma
from flask import Response, abort
from flask.views import MethodView
from sqlalchemy import func, select

from crm.accounts.models import Permission
from crm.api.fields import (
    Day,
    Flag,
    Id,
    IdAsked,
    ListQuery,
    Number,
    Schema,
    Text,
    list_schema,
    stamp_day,
    told,
)
from crm.api.resources import ROWS, Blueprint, told_list, told_one
from crm.extensions import db
from crm.interactions.models import InteractionKind
from crm.organisations.models import OrganisationKind
from crm.plan.models import Measure, MeasureStatus, Target, TargetKind
from crm.plan.queries import find_measure, measure_records
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.locale import language
from crm.web.paging import Key, paged

blueprint = Blueprint("measures", "What interactions are tagged to.")

KEYS = (
    Key("plan_id", Measure.__table__.c.plan_id),
    Key("position", Measure.__table__.c.position),
)


class TargetSchema(Schema):
    kind = Text(required=True, metadata=told("How it is counted", one_of=TargetKind))
    label = Text(required=True, metadata=told("In the language of the token's user"))
    goal = Number(required=True, allow_none=True, metadata=told("At least so many; per cent for coverage"))
    every_year = Flag(
        required=True, metadata=told("Whether the goal is for each year, not for the plan's period")
    )
    interaction_kind = Text(
        required=True,
        allow_none=True,
        metadata=told("Only interactions of this kind", one_of=InteractionKind),
    )
    organisation_kind = Text(
        required=True,
        allow_none=True,
        metadata=told("Only with organisations of this kind", one_of=OrganisationKind),
    )
    due_on = Day(required=True, allow_none=True, metadata=told("When a milestone is due"))


class MeasureSchema(Schema):
    code = Text(
        required=True, metadata=told("Focus area, strategy and number; unique in its plan", example="1.B.1")
    )
    label = Text(required=True, metadata=told("A few words, in the language of the token's user"))
    wording = Text(
        required=True, allow_none=True, metadata=told("As in the published plan, where it was imported")
    )
    plan = Id(required=True, metadata=told("The plan's id", example=1))
    focus_area = Text(required=True, metadata=told("Its number", example="1"))
    strategy = Text(required=True, metadata=told("Its code", example="1.B"))
    status = Text(required=True, metadata=told("How far it has come", one_of=MeasureStatus))
    lead = Id(required=True, allow_none=True, metadata=told("The user who leads it"))
    targets = ma.fields.List(
        ma.fields.Nested(TargetSchema), required=True, metadata=told("What it must reach")
    )


class MeasureQuery(Schema):
    plan = IdAsked(
        metadata=told(
            "The plan that the code belongs to; the current one unless told, else the latest that has it"
        )
    )


class MeasureListQuery(ListQuery):
    plan = IdAsked(metadata=told("Only of this plan"))


def as_json(measure: Measure) -> dict[str, Any]:
    return {
        "code": measure.code,
        "label": measure.label(language()),
        "wording": measure.wording,
        "plan": measure.plan_id,
        "focus_area": str(measure.strategy.focus_area.number),
        "strategy": measure.strategy.code,
        "status": measure.status,
        "lead": measure.lead_id,
        "targets": [_target_as_json(target) for target in measure.targets],
    }


def _target_as_json(target: Target) -> dict[str, Any]:
    return {
        "kind": target.kind,
        "label": target.label(language()),
        "goal": target.goal,
        "every_year": target.every_year,
        "interaction_kind": target.interaction_kind,
        "organisation_kind": target.organisation_kind,
        "due_on": stamp_day(target.due_on),
    }


@blueprint.route("/measures")
class Measures(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(MeasureListQuery, location="query")
    @blueprint.response(200, list_schema("MeasureList", MeasureSchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List measures.

        In the plan's order, plan by plan.
        """
        found = measure_records(asked.get("plan"))
        total = (
            db.session.scalar(
                select(func.count()).select_from(found.with_only_columns(Measure.id).subquery())
            )
            or 0
        )
        return told_list(
            paged(found, keys=KEYS, total=total, cursor=asked.get("cursor"), size=asked.get("limit", ROWS)),
            as_json,
        )


@blueprint.route("/measures/<code>")
class OneMeasure(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(MeasureQuery, location="query")
    @blueprint.response(200, MeasureSchema)
    def get(self, asked: dict[str, Any], code: str) -> Response:
        """Read a measure by its code."""
        measure = find_measure(code.upper(), asked.get("plan"), today()) if code.isprintable() else None
        if measure is None:
            abort(404)
        return told_one(as_json(measure))
