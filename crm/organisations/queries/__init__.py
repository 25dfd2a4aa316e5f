"""Reads. Each list has one query object, which yields its rows, its count and the API's answer."""

from crm.organisations.queries.choices import choices
from crm.organisations.queries.contacts import ContactFilter, ContactQuery, current_affiliations
from crm.organisations.queries.options import (
    chosen_contact,
    chosen_organisation,
    contact_options,
    organisation_options,
)
from crm.organisations.queries.organisations import OrganisationFilter, OrganisationQuery
from crm.organisations.queries.page import contact_page, organisation_page
from crm.organisations.queries.parts import people_at, relations_of
from crm.organisations.queries.records import contact_record, organisation_record
from crm.organisations.queries.similar import similar_organisations

__all__ = [
    "ContactFilter",
    "ContactQuery",
    "OrganisationFilter",
    "OrganisationQuery",
    "choices",
    "chosen_contact",
    "chosen_organisation",
    "contact_options",
    "contact_page",
    "contact_record",
    "current_affiliations",
    "organisation_options",
    "organisation_page",
    "organisation_record",
    "people_at",
    "relations_of",
    "similar_organisations",
]
