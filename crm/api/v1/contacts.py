"""/contacts: the same operations and rules as the pages."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from flask import Response, abort
from flask.views import MethodView
from flask_login import current_user

from crm.accounts.models import Language, Permission
from crm.api.fields import (
    LARGEST_ID,
    Changes,
    Day,
    Flag,
    Id,
    IdAsked,
    ListQuery,
    Moment,
    Recorded,
    Schema,
    Text,
    fields_of,
    list_schema,
    recorded,
    stamp_day,
    told,
)
from crm.api.resources import (
    ROWS,
    Answer,
    Blueprint,
    changed,
    check_settable,
    errors_named,
    gone,
    told_list,
    told_one,
    version_read,
    writes,
)
from crm.extensions import db
from crm.organisations.models import Contact
from crm.organisations.operations import bin_contact, create_contact, replace_affiliations, update_contact
from crm.organisations.queries import ContactFilter, ContactQuery, contact_record
from crm.organisations.queries.bin import merged_contact
from crm.organisations.queries.records import CONTACT_FIELDS, ContactRecord, RecordedAffiliation
from crm.web.guards import requires
from crm.web.sorting import Sorting

blueprint = Blueprint("contacts", "People outside the municipality, and what they do where.")

OF_AFFILIATION = ("title", "topics", "primary", "started_on", "ended_on")
NAMES = {
    "organisation_id": "affiliations.organisation",
    **{name: f"affiliations.{name}" for name in OF_AFFILIATION},
}
"""The API's names of what operations call otherwise."""


class AffiliationSchema(Schema):
    organisation = Id(required=True, metadata=told("Where", example=17))
    title = Text(allow_none=True, metadata=told("What they do there", example="Daglig leder"))
    topics = ma.fields.List(Text(), metadata=told("What to ask them about", example=["eiendom"]))
    primary = Flag(metadata=told("Whether they are the one to call first; one person an organisation"))
    started_on = Day(allow_none=True, metadata=told("The first day", example="2026-01-01"))
    ended_on = Day(allow_none=True, metadata=told("The last day; null while it lasts"))


class ContactSchema(Recorded):
    given_name = Text(metadata=told("At least one of the two names", example="Kari"))
    family_name = Text(metadata=told("At least one of the two names", example="Nordmann"))
    email = Text(
        allow_none=True,
        metadata=told("Kept in lower case; unique within an organisation", example="kari@example.no"),
    )
    phone = Text(allow_none=True, metadata=told("E.164; taken as people write it", example="+4763800000"))
    language = Text(metadata=told("What they are written to in; nb unless told", one_of=Language))
    affiliations = ma.fields.List(
        ma.fields.Nested(AffiliationSchema),
        metadata=told(
            "Current ones first. In a PATCH they are all that last: one that is left out ends today; ended ones stay in the "
            "history, named or not"
        ),
    )


class ContactChangesSchema(Changes, ContactSchema):
    pass


class ContactListQuery(ListQuery):
    q = Text(metadata=told("Beginnings of words in the name or e-mail address, or of the telephone number"))
    organisation = IdAsked(metadata=told("Only who is or was affiliated to it"))
    email = Text(metadata=told("Exactly this address, in any case"))
    phone = Text(metadata=told("This number, in any spacing, with or without country code"))
    updated_since = Moment(metadata=told("Only what was changed then or later, in the order of the changes"))


def as_json(contact: Contact) -> dict[str, Any]:
    affiliations = [
        RecordedAffiliation(**fields_of(one, RecordedAffiliation._fields)) for one in contact.affiliations
    ]
    return record_as_json(ContactRecord(fields_of(contact, CONTACT_FIELDS), affiliations))


def record_as_json(record: ContactRecord) -> dict[str, Any]:
    fields = record.fields
    return {
        "id": fields["id"],
        "given_name": fields["given_name"],
        "family_name": fields["family_name"],
        "email": fields["email"],
        "phone": fields["phone"],
        "language": fields["language"],
        "affiliations": [_affiliation_as_json(affiliation) for affiliation in _in_order(record.affiliations)],
        **recorded(fields),
    }


def _affiliation_as_json(affiliation: RecordedAffiliation) -> dict[str, Any]:
    return {
        "organisation": affiliation.organisation_id,
        "title": affiliation.title,
        "topics": list(affiliation.topics or []),
        "primary": affiliation.primary,
        "started_on": stamp_day(affiliation.started_on),
        "ended_on": stamp_day(affiliation.ended_on),
    }


def _in_order(affiliations: Iterable[RecordedAffiliation]) -> list[RecordedAffiliation]:
    """Those that last, the primary ones first; then those that have ended, the latest first."""
    lasting = sorted((a for a in affiliations if a.ended_on is None), key=lambda a: (not a.primary, a.id))
    ended = sorted(((a.ended_on, a.id, a) for a in affiliations if a.ended_on is not None), reverse=True)
    return [*lasting, *(a for _, _, a in ended)]


@blueprint.route("/contacts")
class Contacts(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(ContactListQuery, location="query")
    @blueprint.response(200, list_schema("ContactList", ContactSchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List contacts.

        In the Norwegian order of their family names, unless `updated_since` is given. Those in the bin are left out.
        """
        size, cursor = asked.pop("limit", ROWS), asked.pop("cursor", None)
        query = ContactQuery(ContactFilter(**{name: value for name, value in asked.items() if value != ""}))
        sorting = Sorting("updated_at" if query.filter.updated_since else "name")
        return told_list(query.records(sorting, cursor, size), record_as_json)

    @requires(Permission.EDIT_ORGANISATIONS)
    @blueprint.arguments(ContactSchema)
    @blueprint.response(201, ContactSchema)
    @writes
    def post(self, body: dict[str, Any]) -> Answer:
        """Register a contact."""
        check_settable(body)
        affiliations = _values(body.pop("affiliations", []))
        names = {name: body.pop(name, None) for name in ("given_name", "family_name")}
        with errors_named(NAMES):
            contact = create_contact(actor=current_user, affiliations=affiliations, **names, **body)
        return as_json(contact), 201


@blueprint.route(f"/contacts/<int(max={LARGEST_ID}):contact_id>")
class OneContact(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, ContactSchema)
    def get(self, contact_id: int) -> Response:
        """Read a contact.

        One that was merged into another answers 410, with the id of that one as `merged_into`.
        """
        record = contact_record(contact_id)
        if record is None:
            return gone(merged_contact(contact_id))
        return told_one(record_as_json(record), version=record.fields["version"])

    @requires(Permission.EDIT_ORGANISATIONS)
    @blueprint.arguments(ContactChangesSchema)
    @blueprint.response(200, ContactSchema)
    @writes
    def patch(self, body: dict[str, Any], contact_id: int) -> Answer:
        """Change a contact.

        Fields left out stay as they are. A record may be sent back whole: what is the same changes nothing.
        """
        contact = _found(contact_id)
        version = version_read(contact)
        changes = changed(body, as_json(contact))
        affiliations = changes.pop("affiliations", None)
        with errors_named(NAMES):
            update_contact(contact, actor=current_user, version=version, **changes)
            if affiliations is not None:
                replace_affiliations(contact, actor=current_user, affiliations=_values(affiliations))
        return as_json(contact), 200

    @requires(Permission.BIN)
    @blueprint.response(204)
    @writes
    def delete(self, contact_id: int) -> Answer:
        """Put a contact in the bin."""
        contact = _found(contact_id)
        bin_contact(contact, actor=current_user, version=version_read(contact))
        return None, 204


def _found(contact_id: int) -> Contact:
    """The contact to be changed, or 404."""
    contact = db.session.get(Contact, contact_id)
    if contact is None or contact.is_binned:
        abort(404)
    return contact


def _values(affiliations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As operations take them."""
    return [
        {"organisation_id" if name == "organisation" else name: value for name, value in affiliation.items()}
        for affiliation in affiliations
    ]
