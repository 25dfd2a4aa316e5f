"""How sites read in their history and in the audit log."""

from flask_babel import lazy_gettext as _l

from crm.audit.descriptions import Description, describe
from crm.audit.fields import choice, number, on_day, plain, record_named
from crm.sites.measuring import area_in_words, power_in_words
from crm.sites.models import Premises, Regulation, Site


def describe_sites() -> None:
    describe(
        "Site",
        Description(
            label=_l("Site"),
            identity=Site.id,
            name=lambda: Site.name,
            path=lambda identity: f"/sites/{identity}",
            fields={
                "name": plain(_l("Name")),
                "place": plain(_l("Place")),
                "developer_id": record_named(_l("Developer"), "Organisation"),
                "contact_id": record_named(_l("Contact"), "Contact"),
                "regulation": choice(_l("Regulation status"), Regulation),
                "total_area": plain(_l("Total area"), area_in_words),
                "free_area": plain(_l("Free area"), area_in_words),
                "power": plain(_l("Power"), power_in_words),
                "free_from": on_day(_l("Free from")),
                "premises": choice(_l("Kinds of premises"), Premises),
                "focus_areas": number(_l("Focus areas to attract")),
                "attracts": plain(_l("What it is to attract")),
                "website": plain(_l("Website")),
                "about": plain(_l("About the site")),
                "deleted_at": None,
            },
        ),
    )
