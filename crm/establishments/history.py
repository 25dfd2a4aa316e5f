"""How searches for a place read in their history and in the audit log."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from crm.audit.descriptions import Description, describe, name_actions
from crm.audit.fields import Context, Field, Reference, choice, number, on_day, plain, record_named
from crm.enquiries.models import Enquiry
from crm.establishments.models import Establishment, EstablishmentStage, ProposalState
from crm.sites.measuring import area_in_words, power_in_words
from crm.sites.models import Premises


def describe_establishments() -> None:
    name_actions(
        {
            "proposed": _l("Site proposed"),
            "introduced": _l("Introduced to the developer"),
            "viewed": _l("Site viewed"),
            "declined": _l("Site declined"),
            "chosen": _l("Site chosen"),
            "established": _l("Established"),
            "given_up": _l("Given up"),
        }
    )
    describe(
        "Establishment",
        Description(
            label=_l("Search for a place"),
            identity=Establishment.id,
            name=lambda: select(Enquiry.subject).where(Enquiry.id == Establishment.id).scalar_subquery(),
            path=lambda identity: f"/establishments/{identity}",
            fields={
                "stage": choice(_l("Stage"), EstablishmentStage),
                "area_from": plain(_l("Area from"), area_in_words),
                "area_to": plain(_l("Area to"), area_in_words),
                "premises": choice(_l("Kinds of premises"), Premises),
                "needed_from": on_day(_l("Needed from")),
                "jobs": number(_l("Jobs")),
                "power": plain(_l("Power"), power_in_words),
                "focus_area": number(_l("Focus area")),
                "measure_id": record_named(_l("Measure"), "Measure"),
                "organisation_id": record_named(_l("Company established"), "Organisation"),
                "site_id": record_named(_l("Site"), "Site"),
                "established_on": on_day(_l("Established on")),
                "proposals": Field(_l("Proposals"), _proposal, _site_of),
            },
        ),
    )


def _site_of(value: dict[str, Any]) -> Iterable[Reference]:
    return [("Site", value["site"])]


def _proposal(value: dict[str, Any], context: Context) -> str:
    """“Berger: Proposed (near the E6)”"""
    known = {one.value: one.label for one in ProposalState}
    told = f"{context.name('Site', value['site'])}: {known.get(value['state'], value['state'])}"
    return f"{told} ({value['words']})" if value["words"] else told
