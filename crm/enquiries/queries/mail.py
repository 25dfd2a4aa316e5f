"""What is known here of an e-mail: the enquiry that it became, and who its writer is."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from crm.enquiries.models import Enquiry
from crm.extensions import db
from crm.organisations.models import Contact
from crm.organisations.queries.by_address import (
    PUBLIC_PROVIDERS,
    contacts_with,
    domain_of,
    organisations_by_domain,
    places_of,
)


def enquiry_of_message(key: str | None) -> Enquiry | None:
    """The enquiry that the e-mail became, unless that is in the bin."""
    if key is None:
        return None
    return db.session.scalar(
        select(Enquiry).where(Enquiry.message_key == key, Enquiry.deleted_at.is_(None)).limit(1)
    )


@dataclass(frozen=True, slots=True)
class Known:
    contact: Contact | None = None
    organisation: int | None = None


def known_by(email: str | None, day: date) -> Known:
    """The contact with the address; the organisation that they belong to on the day, else the one whose domain it is. Of
    several none: the user chooses. At most four statements.
    """
    if email is None:
        return Known()
    contacts = contacts_with({email})
    by_domain = organisations_by_domain({domain_of(email)} - PUBLIC_PROVIDERS).get(domain_of(email), [])
    contact = contacts[0] if len(contacts) == 1 else None
    places = places_of(contact, day) if contact is not None else []
    if len(places) > 1:
        places = [place for place in places if place in by_domain] or places
    candidates = places or by_domain
    return Known(contact, candidates[0] if len(candidates) == 1 else None)
