"""Tables of the feature."""

from crm.organisations.models.finding import contact_search_text, organisation_search_text
from crm.organisations.models.merges import ContactMerge, OrganisationMerge
from crm.organisations.models.organisations import (
    BINNED,
    NOT_BINNED,
    Affiliation,
    Contact,
    NameKind,
    Organisation,
    OrganisationKind,
    OrganisationName,
    OrganisationStatus,
    Tag,
    organisation_tags,
)
from crm.organisations.models.relations import Relation, RelationKind

__all__ = [
    "BINNED",
    "NOT_BINNED",
    "Affiliation",
    "Contact",
    "ContactMerge",
    "NameKind",
    "Organisation",
    "OrganisationKind",
    "OrganisationMerge",
    "OrganisationName",
    "OrganisationStatus",
    "Relation",
    "RelationKind",
    "Tag",
    "contact_search_text",
    "organisation_search_text",
    "organisation_tags",
]
