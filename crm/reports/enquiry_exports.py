"""The list of enquiries as a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.enquiries.models import Channel, EnquiryStatus
from crm.enquiries.queries.listing import EnquiryFilter, EnquiryQuery
from crm.organisations.presentation import labels_of
from crm.reports.tables import Cells
from crm.reports.views import blueprint, exports_are_limited, spreadsheet
from crm.web.clock import local, today
from crm.web.guards import requires
from crm.web.locale import language

WIDTHS = {1: 48, 4: 30, 5: 24, 6: 16, 7: 26, 8: 24, 9: 24, 10: 24}
"""In characters, by column, where the heading does not tell."""


@blueprint.get("/enquiries/rows")
@requires(Permission.EXPORT)
@exports_are_limited
def enquiry_rows() -> Any:
    """All rows of a list of enquiries, by the arguments of its address."""
    query = EnquiryQuery(EnquiryFilter.parse(request.args), current_user, today=today())
    spoken, name = language(), _("enquiries")
    return spreadsheet(f"{name}-{today()}", _header(), lambda: _rows(query, spoken), WIDTHS)


def _header() -> Cells:
    return [
        _("Number"),
        _("What it is about"),
        _("Status"),
        _("Channel"),
        _("Organisation"),
        _("Contact"),
        _("Telephone"),
        _("E-mail"),
        _("Topic"),
        _("Site"),
        _("Who answers"),
        _("Unit"),
        _("Came in"),
        _("Due"),
        _("Answer given"),
        _("Working minutes to the answer"),
    ]


def _rows(query: EnquiryQuery, spoken: str) -> Iterator[Cells]:
    channels, statuses = labels_of(Channel), labels_of(EnquiryStatus)
    for row in query.every_row():
        yield [
            row.id,
            row.subject,
            statuses[row.status],
            channels[row.channel],
            row.organisation or row.caller_organisation,
            (row.contact or "").strip() or row.caller_name,
            row.caller_phone,
            row.caller_email,
            {"nn": row.name_nn, "en": row.name_en}.get(spoken) or row.name_nb,
            row.site,
            row.assignee,
            row.unit,
            _moment(row.received_at),
            row.due_on,
            _moment(row.answered_at),
            row.working_minutes,
        ]


def _moment(instant: Any) -> str | None:
    """2026-09-03 14:05, in Norwegian time."""
    return f"{local(instant):%Y-%m-%d %H:%M}" if instant is not None else None
