"""/reports: the numbers of the report pages."""

from typing import Any

import marshmallow as ma
from flask import Response
from flask.views import MethodView

from crm.accounts.models import Permission
from crm.api.fields import Day, Id, IdAsked, Number, Schema, Text, told
from crm.api.resources import Blueprint, told_one
from crm.interactions.models import InteractionKind
from crm.organisations.models import OrganisationKind
from crm.plan.queries import outlines
from crm.reports.queries import MeasureReport, ReportFilter, Step
from crm.web.guards import requires
from crm.web.locale import language

blueprint = Blueprint("reports", "Counts of held interactions. Every number is exactly the rows behind it.")


class MeasureReportQuery(Schema):
    plan = IdAsked(
        metadata=told("The plan's id; unless told the one that covers the days asked for, else today")
    )
    from_ = Text(
        data_key="from", metadata=told("The first local day; the plan's unless told") | {"format": "date"}
    )
    to = Text(metadata=told("The last local day; the plan's unless told") | {"format": "date"})
    kind = Text(metadata=told("Only interactions of this kind", one_of=InteractionKind))
    organisation_kind = Text(metadata=told("Only with an organisation of this kind", one_of=OrganisationKind))
    advisor = IdAsked(metadata=told("Only with this advisor"))
    by = Text(metadata=told("The length of the periods; year unless told", one_of=Step))


class MeasureReportRow(Schema):
    code = Text(required=True, metadata=told("The measure's code", example="1.B.1"))
    label = Text(required=True, metadata=told("In the language of the token's user"))
    interactions = Number(
        required=True,
        metadata=told("Held interactions; one with several measures counts under each", example=37),
    )
    organisations = Number(required=True, metadata=told("Distinct organisations reached", example=21))
    contacts = Number(required=True, metadata=told("Distinct contacts met", example=30))
    periods = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Integer(),
        required=True,
        metadata=told("Interactions by period: 2026, 2026-Q3 or 2026-09", example={"2025": 16, "2026": 21}),
    )


class MeasureReportTotals(Schema):
    interactions = Number(
        required=True, metadata=told("Distinct interactions with any of the plan's measures")
    )
    organisations = Number(required=True, metadata=told("Distinct organisations"))
    contacts = Number(required=True, metadata=told("Distinct contacts"))
    untagged = Number(
        required=True, metadata=told("Held interactions of the same days without any of its measures")
    )


class MeasureReportSchema(Schema):
    rows = ma.fields.List(
        ma.fields.Nested(MeasureReportRow), required=True, metadata=told("Every measure, those with 0 too")
    )
    totals = ma.fields.Nested(MeasureReportTotals, required=True)
    plan = Id(required=True, metadata=told("The plan's id"))


MeasureReportAnswer = MeasureReportSchema.from_dict(
    {
        "from": Day(required=True, metadata=told("The first day that counts")),
        "to": Day(required=True, metadata=told("The last day that counts")),
    },
    name="MeasureReport",
)


@blueprint.route("/reports/measures")
class InteractionsPerMeasure(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(MeasureReportQuery, location="query")
    @blueprint.response(200, MeasureReportAnswer)
    def get(self, asked: dict[str, Any]) -> Response:
        """Count interactions per measure.

        The rows behind a number are `/interactions?status=held` with its measure, plan, days and filters.
        """
        wanted = ReportFilter.parse(
            {name.removesuffix("_"): str(value) for name, value in asked.items()}, outlines().plans
        )
        return told_one(MeasureReport(wanted, wanted.plan.tree).answer(language()))
