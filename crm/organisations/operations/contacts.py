from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from crm.accounts.models import Language, User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations import rules
from crm.organisations.models import Contact
from crm.organisations.operations.affiliations import attach, check_email_is_free, locked_contact
from crm.organisations.operations.locking import locked_organisations
from crm.organisations.queries.bin import merged_contact
from crm.web.validation import Invalid, check_version


def create_contact(
    *,
    actor: User,
    given_name: str | None,
    family_name: str | None,
    language: str = Language.nb,
    affiliations: Iterable[Mapping[str, Any]] = (),
    **fields: Any,
) -> Contact:
    """A new contact. `fields` are any of rules.CONTACT; each affiliation has organisation_id and any of
    rules.AFFILIATION. Raises Invalid.
    """
    values = rules.checked(
        rules.CONTACT, {"given_name": given_name, "family_name": family_name, "language": language, **fields}
    )
    rules.check_person_named(values["given_name"], values["family_name"])
    contact = Contact(**values)
    with db.session.no_autoflush:
        for affiliation in affiliations:
            attach(contact, affiliation, actor=actor)
    record(contact, actor=actor)
    return contact


def update_contact(contact: Contact, *, actor: User, version: int | None = None, **fields: Any) -> Contact:
    """Change the given fields and leave the others. Raises Invalid, and Stale where `version` is no longer its."""
    values = rules.checked(rules.CONTACT, fields)
    rules.check_person_named(
        values.get("given_name", contact.given_name), values.get("family_name", contact.family_name)
    )
    if values.get("email") not in {None, contact.email}:
        organisations = [a.organisation_id for a in contact.affiliations if a.ended_on is None]
        locked_organisations(organisations)
        check_email_is_free(values["email"], organisations, contact)
    locked_contact(contact)
    check_version(contact, version)
    for field, value in values.items():
        setattr(contact, field, value)
    record(contact, actor=actor)
    return contact


def bin_contact(contact: Contact, *, actor: User, version: int | None = None) -> None:
    """Into the bin, restorable for 30 days. Does nothing where it is there already."""
    locked_contact(contact)
    check_version(contact, version)
    if not contact.is_binned:
        contact.deleted_at = now()
        record(contact, actor=actor, action="binned")


def restore_contact(contact: Contact, *, actor: User) -> None:
    """Out of the bin. Raises Invalid where somebody else at the same organisation has got the e-mail meanwhile, and where
    it was merged into another.
    """
    organisations = [a.organisation_id for a in contact.affiliations if a.ended_on is None]
    locked_organisations(organisations)
    locked_contact(contact)
    if contact.is_binned:
        if merged_contact(contact.id) is not None:
            raise Invalid({"merge": [_("It was merged with another one. Undo the merge instead.")]})
        check_email_is_free(contact.email, organisations, contact)
        contact.deleted_at = None
        record(contact, actor=actor, action="restored")
