"""The pages of the report of signals."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.directory import directory
from crm.accounts.models import Permission
from crm.interactions.vocabulary import Outcome, Signal
from crm.organisations.presentation import labels_of
from crm.reports import tables
from crm.reports.forms import DaysForm
from crm.reports.queries import Days, NotedQuery, SignalReport, Step, periods_between
from crm.reports.views import blueprint, exports_are_limited, spreadsheet
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.validation import Invalid

YEARS_OFFERED = 4


@blueprint.get("/signals")
@requires(Permission.READ)
@exports_are_limited
def signals() -> Any:
    """How often each signal was noted: the page, or its table as a spreadsheet."""
    try:
        days = Days.parse(request.args)
    except Invalid as invalid:
        return _refused(invalid)
    report = SignalReport(days)
    if "format" in request.args:
        name = _("signals")
        return spreadsheet(
            f"{name}-{days.since}-{days.until}",
            tables.signal_header(days),
            list(tables.signal_rows(report)),
            tables.SIGNAL_WIDTHS,
        )
    return render_template(
        "reports/signals.html",
        form=DaysForm(request.args, data={"from_": days.since, "to": days.until}),
        days=days,
        report=report,
        periods=_offered(days),
        labels=labels_of(Signal),
        outcomes=labels_of(Outcome),
    )


def _refused(invalid: Invalid) -> Any:
    if "format" in request.args:
        abort(400)
    form = DaysForm(request.args)
    form.refuse_all(invalid.errors)
    return render_template("reports/signals.html", form=form, days=None), 422


def _offered(days: Days) -> list[Any]:
    """The last years, and the quarters of the year at hand as far as they have begun."""
    now = today()
    years = periods_between(
        now.replace(year=now.year - YEARS_OFFERED + 1, month=1, day=1),
        now.replace(month=12, day=31),
        Step.year,
    )
    quarters = []
    if days.since.year == days.until.year:
        whole = days.since.replace(month=1, day=1), days.since.replace(month=12, day=31)
        quarters = [one for one in periods_between(*whole, Step.quarter) if one.starts_on <= now]
    return [*reversed(years), *quarters]


@blueprint.get("/signals/organisations")
@requires(Permission.READ)
@exports_are_limited
def noted() -> Any:
    """Who needs premises? The organisations that a signal was noted with."""
    try:
        signal, days = Signal(request.args.get("signal", "")), Days.parse(request.args)
    except (ValueError, Invalid):
        abort(400)
    query = NotedQuery(signal, days, current_user._get_current_object())  # noqa: SLF001  outlives the request
    if "format" in request.args:
        return spreadsheet(
            f"{'-'.join(str(signal.label).lower().split())}-{days.since}-{days.until}",
            tables.noted_header(),
            lambda: tables.noted_rows(query),
            tables.NOTED_WIDTHS,
        )
    return render_template(
        "reports/noted.html",
        signal=signal,
        days=days,
        query=query,
        listed=query.page(request.args.get("cursor")),
        people=directory(),
        back=url_for("reports.signals", **days.args()),
    )
