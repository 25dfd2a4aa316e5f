"""What organisations and contacts are found by, kept with each whenever it is written."""

from typing import Any

from sqlalchemy import event

from crm.database import folded, sort_key
from crm.organisations.models.organisations import Contact, Organisation


def organisation_search_text(organisation: Any) -> str:
    """The words an organisation is found by: its names and numbers, its own first."""
    found = [
        part
        for named in (organisation, *organisation.names)
        for part in (folded(named.name), named.organisation_number)
    ]
    return " ".join(dict.fromkeys(filter(None, found)))


def contact_search_text(contact: Any) -> str:
    """The words a contact is found by: name, e-mail, telephone with and without country code."""
    phone = (contact.phone or "").removeprefix("+")
    return " ".join(
        filter(
            None,
            [
                folded(f"{contact.given_name} {contact.family_name} {contact.email or ''}"),
                phone,
                phone.removeprefix("47"),
            ],
        )
    )


@event.listens_for(Organisation, "before_insert")
@event.listens_for(Organisation, "before_update")
def _keep_organisation_findable(_mapper: Any, _connection: Any, organisation: Organisation) -> None:
    organisation.sort_key = sort_key(organisation.name)
    organisation.search_text = organisation_search_text(organisation)


@event.listens_for(Contact, "before_insert")
@event.listens_for(Contact, "before_update")
def _keep_contact_findable(_mapper: Any, _connection: Any, contact: Contact) -> None:
    contact.sort_key = sort_key(f"{contact.family_name} {contact.given_name}")
    contact.search_text = contact_search_text(contact)
