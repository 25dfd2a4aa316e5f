"""Records to be changed: found, not in the bin, else the request ends here."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _

from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation, Relation
from crm.organisations.queries.page import LARGEST_ID
from crm.web.validation import Invalid, Linked


def found(model: Any, identity: int) -> Any:
    """The record, or 404."""
    record = db.session.get(model, identity) if identity <= LARGEST_ID else None
    if record is None:
        abort(404)
    return record


def organisation_to_change(identity: int) -> Organisation:
    """The organisation; one in the bin sends the reader to its page, where it can be restored."""
    organisation: Organisation = found(Organisation, identity)
    if organisation.is_binned:
        flash(_("The organisation is in the bin. Restore it before you change it."), "warning")
        abort(redirect(f"/organisations/{identity}"))
    return organisation


def contact_to_change(identity: int) -> Contact:
    """The contact; one in the bin sends the reader to its page, where it can be restored."""
    contact: Contact = found(Contact, identity)
    if contact.is_binned:
        flash(_("The contact is in the bin. Restore it before you change it."), "warning")
        abort(redirect(f"/contacts/{identity}"))
    return contact


def affiliation_of(contact: Contact, identity: int) -> Affiliation:
    affiliation: Affiliation = found(Affiliation, identity)
    if affiliation.contact_id != contact.id:
        abort(404)
    return affiliation


def relation_of(organisation: Organisation, identity: int) -> Relation:
    relation: Relation = found(Relation, identity)
    if organisation.id not in {relation.from_id, relation.to_id}:
        abort(404)
    return relation


def id_in_address(name: str) -> int | None:
    """A record's id in the query string, if it can be one."""
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def flash_all(invalid: Invalid) -> None:
    """Why it was refused, as messages on the page that follows; a message with a link keeps it."""
    for message in (one for told in invalid.errors.values() for one in told):
        flash(message.__html__() if isinstance(message, Linked) else message, "danger")
