"""Verbs. Each flushes and records what it did; none commits. All raise Invalid for what breaks a rule."""

from crm.organisations.operations.affiliations import (
    add_affiliation,
    end_affiliation,
    replace_affiliations,
    update_affiliation,
)
from crm.organisations.operations.contacts import bin_contact, create_contact, restore_contact, update_contact
from crm.organisations.operations.organisations import (
    bin_organisation,
    create_organisation,
    restore_organisation,
    set_tags,
    update_organisation,
)
from crm.organisations.operations.relations import add_relation, end_relation, remove_relation, set_parent

__all__ = [
    "add_affiliation",
    "add_relation",
    "bin_contact",
    "bin_organisation",
    "create_contact",
    "create_organisation",
    "end_affiliation",
    "end_relation",
    "remove_relation",
    "replace_affiliations",
    "restore_contact",
    "restore_organisation",
    "set_parent",
    "set_tags",
    "update_affiliation",
    "update_contact",
    "update_organisation",
]
