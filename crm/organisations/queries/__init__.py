"""Reads. Each list has one query object, which yields its rows, its count, its options and the API's answer."""

from crm.organisations.queries.contacts import ContactFilter, ContactQuery, contact_page, current_affiliations
from crm.organisations.queries.managers import possible_managers
from crm.organisations.queries.options import contact_options, organisation_options
from crm.organisations.queries.organisations import (
    OrganisationFilter,
    OrganisationQuery,
    municipalities_in_use,
    organisation_page,
    similar_organisations,
    tags_in_use,
)
from crm.organisations.queries.parts import people_at, relations_of

__all__ = [
    "ContactFilter",
    "ContactQuery",
    "OrganisationFilter",
    "OrganisationQuery",
    "contact_options",
    "contact_page",
    "current_affiliations",
    "municipalities_in_use",
    "organisation_options",
    "organisation_page",
    "people_at",
    "possible_managers",
    "relations_of",
    "similar_organisations",
    "tags_in_use",
]
