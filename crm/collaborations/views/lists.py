"""The list of collaborations, as its address narrows it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from crm.accounts.directory import directory
from crm.accounts.models import Permission
from crm.collaborations.models import Stage
from crm.collaborations.queries import CollaborationFilter, CollaborationQuery
from crm.collaborations.queries.panels import collaborations_of_organisation
from crm.collaborations.views.blueprints import blueprint
from crm.interactions.queries.names import names_of
from crm.interactions.queries.rows import in_short
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.validation import Invalid

COLOURS = {
    Stage.idea: "info",
    Stage.initiated: "accent",
    Stage.ongoing: "accent",
    Stage.completed: "success",
    Stage.abandoned: "neutral",
}
YEARS_BACK = 12


@blueprint.get("/")
@requires(Permission.READ)
def index() -> Any:
    errors: dict[str, list[Any]] = {}
    try:
        wanted = CollaborationFilter.parse(request.args)
    except Invalid as invalid:
        errors, wanted = invalid.errors, CollaborationFilter()
    query = CollaborationQuery(wanted, current_user)
    total, hidden = query.counts()
    organisation = wanted.organisation
    html = render_template(
        "collaborations/index.html",
        page=query.page(request.args.get("cursor"), total),
        hidden=hidden,
        filter=wanted,
        args=wanted.args(),
        errors=errors,
        active=len(wanted.args(q=None)),
        organisation=names_of(organisations=[organisation] if organisation else ())["organisations"].get(
            organisation or 0, "?"
        ),
        years=_years(wanted.year),
        stages=[(stage.value, str(stage.label)) for stage in Stage],
        colours=COLOURS,
        people=directory(),
        in_short=in_short,
    )
    return html, 400 if errors else 200


@blueprint.get("/latest")
@requires(Permission.READ)
def of_organisation() -> Any:
    """An organisation's latest ones: a part of its page, or else the list."""
    wanted = CollaborationFilter.parse({"organisation": request.args.get("organisation", "")})
    if "HX-Request" not in request.headers or wanted.organisation is None:
        return redirect(url_for("collaborations.index", organisation=wanted.organisation))
    shown = collaborations_of_organisation(wanted.organisation, current_user)
    return render_template("collaborations/_latest.html", shown=shown)


def _years(asked: int | None) -> list[tuple[str, str]]:
    """Next year, and those before it; the one asked for is always among them."""
    first = today().year + 1
    years = {*range(first - YEARS_BACK, first + 1), *([asked] if asked else [])}
    return [(str(year), str(year)) for year in sorted(years, reverse=True)]
