from crm.organisations.views import affiliations, bin_page, merging, options, organisations, relations
from crm.organisations.views import contacts as contact_pages
from crm.organisations.views.blueprints import contact_blueprint, organisation_blueprint

__all__ = [
    "affiliations",
    "bin_page",
    "contact_blueprint",
    "contact_pages",
    "merging",
    "options",
    "organisation_blueprint",
    "organisations",
    "relations",
]
