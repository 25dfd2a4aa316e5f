"""The page of the report of enquiries."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.enquiries.wording import topic_name
from crm.reports.forms import StepsForm
from crm.reports.queries.enquiries import EnquiryDays, EnquiryReport, EnquiryRow
from crm.reports.tables import Cells
from crm.reports.views import blueprint, exports_are_limited, spreadsheet
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.validation import Invalid

WIDTHS = {0: 16, 1: 32}


@blueprint.get("/enquiries")
@requires(Permission.READ)
@exports_are_limited
def enquiries() -> Any:
    """How many asked, and how soon they were answered: the page, or its tables as a spreadsheet."""
    try:
        wanted = EnquiryDays.parse(request.args)
    except Invalid as invalid:
        return _refused(invalid)
    report = EnquiryReport(wanted, current_user, today=today())
    if "format" in request.args:
        name, days = _("enquiries"), wanted.days
        return spreadsheet(f"{name}-{days.since}-{days.until}", _header(), list(_rows(report)), WIDTHS)
    data = {"from_": wanted.days.since, "to": wanted.days.until, "by": wanted.by.value}
    listed = url_for("enquiries.index")
    return render_template(
        "reports/enquiries.html",
        form=StepsForm(request.args, data=data),
        bars=[
            (_topic(topic), row.received, f"{listed}?{urlencode(row.behind())}")
            for topic, row in report.topics
        ],
        wanted=wanted,
        days=wanted.days,
        report=report,
        topics=[(_topic(topic), row) for topic, row in report.topics],
        queue_labels={
            "new": _("nobody has taken"),
            "assigned": _("somebody answers"),
            "waiting": _("wait for the caller"),
            "overdue": _("of them are overdue"),
        },
    )


def _refused(invalid: Invalid) -> Any:
    if "format" in request.args:
        abort(400)
    form = StepsForm(request.args)
    form.refuse_all(invalid.errors)
    return render_template("reports/enquiries.html", form=form, days=None), 422


def _topic(topic: Any) -> str:
    return topic_name(topic) or _("Without a topic")


def _header() -> Cells:
    return [
        _("By"),
        _("What"),
        _("Received"),
        _("Answer given"),
        _("Within the deadline"),
        _("Not within the deadline"),
        _("Share within the deadline (per cent)"),
        _("Median working hours to answer"),
    ]


def _rows(report: EnquiryReport) -> Iterator[Cells]:
    """The rows that the page shows."""
    yield _cells("", _("Total"), report.total)
    for topic, row in report.topics:
        yield _cells(_("Topic"), _topic(topic), row)
    for row in report.channels:
        yield _cells(_("Channel"), str(row.key.label), row)
    for period, row in report.periods:
        yield _cells(_("Period"), period.label, row)


def _cells(by: str, what: str, row: EnquiryRow) -> Cells:
    return [
        by, what, row.received, row.answered, row.in_time, row.late, row.share, row.median_hours,
    ]  # fmt: skip
