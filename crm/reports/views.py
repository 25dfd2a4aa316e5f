from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from crm.accounts.models import Permission
from crm.extensions import limiter
from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.listing import InteractionQuery
from crm.interactions.vocabulary import Signal
from crm.plan.queries import chosen_plan, outlines
from crm.reports import exports, tables
from crm.reports.forms import ReportForm
from crm.reports.models import PartyKind
from crm.reports.page import NumberLinks, focus_areas_with_rows
from crm.reports.queries import MeasureReport, ReachedQuery, ReportFilter, years_of
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.locale import language
from crm.web.validation import Invalid

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

exports_are_limited = limiter.shared_limit(
    "20 per minute", scope="exports", exempt_when=lambda: "format" not in request.args
)


@blueprint.get("/measures")
@requires(Permission.READ)
@exports_are_limited
def measures() -> Any:
    """Interactions per measure: the page, or what it shows as a spreadsheet."""
    every = outlines().plans
    try:
        asked = ReportFilter.parse(request.args, every)
    except Invalid as invalid:
        return _refused(every, invalid)
    report = MeasureReport(asked, asked.plan.tree)
    if "format" in request.args:
        name = _("interactions-per-measure")
        return spreadsheet(
            "-".join([str(name), str(asked.since), str(asked.until), *asked.narrowed_to()]),
            tables.measure_header(report),
            list(tables.measure_rows(report, language())),
            tables.MEASURE_WIDTHS,
        )
    links = NumberLinks(
        interactions=report.links_to(url_for("interactions.index")),
        organisations=report.links_to(url_for("reports.organisations")),
        contacts=report.links_to(url_for("reports.contacts")),
    )
    return render_template(
        "reports/measures.html",
        form=ReportForm(every, asked.plan),
        plans=every,
        asked=asked,
        years=list(years_of(asked, today())),
        report=report,
        links=links,
        bars=[
            (f"{row.code} {row.label(language())}", row.interactions, links.interactions(row))
            for row in report.focus_areas
        ],
        focus_areas=focus_areas_with_rows(report, links, language()),
    )


def _refused(every: Any, invalid: Invalid) -> Any:
    if "format" in request.args:
        abort(400)
    form = ReportForm(every, chosen_plan(every, None, today()))
    form.refuse_all(invalid.errors)
    page = render_template("reports/measures.html", form=form, asked=None, plans=every)
    return page, 422 if every else 200


@blueprint.get("/measures/organisations")
@requires(Permission.READ)
def organisations() -> str:
    return _reached(PartyKind.organisation)


@blueprint.get("/measures/contacts")
@requires(Permission.READ)
def contacts() -> str:
    return _reached(PartyKind.contact)


def _reached(kind: PartyKind) -> str:
    try:
        asked = InteractionFilter.parse(request.args)
    except Invalid:
        abort(400)
    query = ReachedQuery(kind, asked, current_user)
    interactions_url = url_for("interactions.index")
    return render_template(
        "reports/reached.html",
        kind=kind,
        key="identity",
        query=query,
        asked=asked,
        listed=query.page(request.args.get("cursor")),
        interactions_of=lambda row: f"{interactions_url}?{urlencode(row.behind.args())}",
        signal=Signal(asked.signal).label if asked.signal else None,
        back=_back(asked),
    )


def _back(asked: InteractionFilter) -> str:
    """The report that the number stands in."""
    if asked.signal:
        days: dict[str, Any] = {name: value for name, value in asked.args().items() if name in {"from", "to"}}
        return url_for("reports.signals", **days)
    report = asked.args(status=None, measure=None, strategy=None, focus_area=None)
    return f"{url_for('reports.measures')}?{urlencode(report)}"


@blueprint.get("/interactions")
@requires(Permission.EXPORT)
@exports_are_limited
def interactions() -> Any:
    """The rows of a list of interactions, as a spreadsheet: all that the viewer may read."""
    try:
        asked = InteractionFilter.parse(request.args)
    except Invalid:
        abort(400)
    query = InteractionQuery(asked, current_user._get_current_object())  # noqa: SLF001  outlives the request
    name = _("interactions")
    return spreadsheet(
        f"{name}-{today()}",
        tables.interaction_header(),
        lambda: tables.interaction_rows(query),
        tables.INTERACTION_WIDTHS,
    )


def spreadsheet(name: str, header: Any, rows: Any, widths: dict[int, int]) -> Response:
    if not current_user.may(Permission.EXPORT):
        abort(403)
    take = rows if callable(rows) else lambda: rows
    wanted = request.args.get("format")
    if wanted not in {"csv", "xlsx"}:
        abort(400)
    if wanted == "csv":
        return exports.csv_response(name, header, take)
    return exports.xlsx_response(name, header, take, widths=widths)
