"""The rows of the list of establishments, as a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import gettext as _

from crm.accounts.models import Permission
from crm.enquiries.models import EnquiryStatus
from crm.establishments.models import EstablishmentStage
from crm.establishments.queries import EstablishmentFilter, EstablishmentQuery
from crm.organisations.presentation import labels_of
from crm.plan.queries import outlines
from crm.reports.tables import Cells
from crm.reports.views import blueprint, exports_are_limited, spreadsheet
from crm.sites.models import Premises
from crm.web.clock import local, today
from crm.web.guards import requires

WIDTHS = {0: 48, 1: 30, 4: 24, 7: 30, 14: 30, 15: 24}


@blueprint.get("/establishments")
@requires(Permission.EXPORT)
@exports_are_limited
def establishments() -> Any:
    """All rows of the list with the same address."""
    query = EstablishmentQuery(EstablishmentFilter.parse(request.args))
    name = _("establishments")
    return spreadsheet(f"{name}-{today()}", _header(), lambda: _rows(query), WIDTHS)


def _header() -> Cells:
    return [
        *(_("What it is about"), _("Who seeks"), _("Came in"), _("Status"), _("Stage")),
        *(_("Area from, m²"), _("Area to, m²"), _("Kinds of premises"), _("Needed from"), _("Jobs")),
        *(_("Power, kW"), _("Focus area"), _("Counts under"), _("Sites proposed")),
        *(_("Company established"), _("Site"), _("Established on")),
    ]


def _rows(query: EstablishmentQuery) -> Iterator[Cells]:
    stages, statuses, kinds = labels_of(EstablishmentStage), labels_of(EnquiryStatus), labels_of(Premises)
    measures = outlines().measures
    for row in query.every_row():
        measure = measures.get(row.measure_id or 0)
        yield [
            *(row.subject, row.seeker or row.caller, local(row.received_at).date()),
            *(statuses[row.status], stages[row.stage], row.area_from, row.area_to),
            "; ".join([kinds.get(one, one) for one in row.premises]),
            *(row.needed_from, row.jobs, row.power, row.focus_area),
            *(measure.code if measure is not None else None, row.proposals),
            *(row.company, row.site, row.established_on),
        ]
