"""/organisations: the same operations and rules as the pages."""

from typing import Any

import marshmallow as ma
from flask import Response, abort
from flask.views import MethodView
from flask_login import current_user

from crm.accounts.models import Permission
from crm.api.fields import (
    LARGEST_ID,
    Changes,
    Day,
    Id,
    IdAsked,
    ListQuery,
    Moment,
    Number,
    Recorded,
    Schema,
    Text,
    among,
    fields_of,
    list_schema,
    recorded,
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
from crm.organisations.models import NameKind, Organisation, OrganisationKind, OrganisationStatus
from crm.organisations.naming import in_order
from crm.organisations.operations import (
    bin_organisation,
    create_organisation,
    set_parent,
    update_organisation,
)
from crm.organisations.queries import OrganisationFilter, OrganisationQuery, organisation_record
from crm.organisations.queries.bin import merged_organisation
from crm.organisations.queries.records import ORGANISATION_FIELDS, OrganisationRecord
from crm.web.guards import requires
from crm.web.sorting import Sorting

blueprint = Blueprint("organisations", "Companies, developers, clusters, schools and other stakeholders.")

ADDRESS = ("street", "postcode", "city")
NAMES = {"account_manager_id": "account_manager", **{part: f"address.{part}" for part in ADDRESS}}
"""The API's names of what operations call otherwise."""


class AddressSchema(Schema):
    street = Text(allow_none=True, metadata=told("Street and number", example="Storgata 1"))
    postcode = Text(
        allow_none=True, metadata=told("Four digits; a foreign one begins with its country", example="2000")
    )
    city = Text(allow_none=True, metadata=told("The place that mail goes to", example="LILLESTRØM"))


class OtherNameSchema(Schema):
    kind = Text(required=True, metadata=told("What sort of name it is", example="trade", one_of=NameKind))
    name = Text(required=True, metadata=told("At most 200 characters", example="Verkstedet"))
    until = Day(allow_none=True, metadata=told("The last day of an earlier name, where it is known"))


class OrganisationSchema(Recorded):
    name = Text(required=True, metadata=told("At most 200 characters", example="Eksempel Verksted AS"))
    kind = Text(
        required=True,
        metadata=told("What sort of stakeholder it is", example="company", one_of=OrganisationKind),
    )
    status = Text(metadata=told("As in the business register; active unless told", one_of=OrganisationStatus))
    organisation_number = Text(
        allow_none=True,
        metadata=told("Nine digits; unique among what is not in the bin", example="974760673"),
    )
    legal_form = Text(allow_none=True, metadata=told("The short form", example="AS"))
    industry_code = Text(
        allow_none=True, metadata=told("NN.NNN of the standard industrial classification", example="62.010")
    )
    employees = Number(
        allow_none=True,
        metadata=told("null where the business register withholds the figure, which is not 0", example=12),
    )
    municipality_number = Text(allow_none=True, metadata=told("Four digits", example="3205"))
    address = ma.fields.Nested(
        AddressSchema, allow_none=True, metadata=told("Parts left out of a PATCH stay")
    )
    website = Text(
        allow_none=True, metadata=told("An http or https address", example="https://www.example.no")
    )
    email = Text(allow_none=True, metadata=told("Kept in lower case", example="post@example.no"))
    phone = Text(allow_none=True, metadata=told("E.164; taken as people write it", example="+4763800000"))
    parent = Id(allow_none=True, metadata=told("The organisation that it is a subsidiary of now"))
    account_manager = Id(allow_none=True, metadata=told("The advisor who looks after it"))
    tags = ma.fields.List(
        Text(), metadata=told("Free words; two spellings that fold alike are one", example=["vekst"])
    )
    other_names = ma.fields.List(
        ma.fields.Nested(OtherNameSchema),
        metadata=told(
            "Trade, legal and earlier names, by which it is found too; all of them in a PATCH. "
            "A name that is replaced becomes an earlier one by itself"
        ),
    )


class OrganisationChangesSchema(Changes, OrganisationSchema):
    pass


class OrganisationListQuery(ListQuery):
    q = Text(
        metadata=told(
            "Beginnings of words in one of the names, or of the organisation number", example="eks verk"
        )
    )
    kind = Text(validate=among(OrganisationKind), metadata=told("Only this kind"))
    tag = Text(metadata=told("Only with this tag"))
    account_manager = IdAsked(metadata=told("Only this advisor's"))
    municipality_number = Text(metadata=told("Only in this municipality"))
    updated_since = Moment(metadata=told("Only what was changed then or later, in the order of the changes"))


def as_json(organisation: Organisation) -> dict[str, Any]:
    parent_id = organisation.parent.id if organisation.parent is not None else None
    tags = sorted(organisation.tags, key=lambda one: one.folded_name)
    return record_as_json(
        OrganisationRecord(
            fields_of(organisation, ORGANISATION_FIELDS),
            parent_id,
            [tag.name for tag in tags],
            in_order(organisation.names),
        )
    )


def record_as_json(record: OrganisationRecord) -> dict[str, Any]:
    fields = record.fields
    return {
        "id": fields["id"],
        "name": fields["name"],
        "kind": fields["kind"],
        "status": fields["status"],
        "organisation_number": fields["organisation_number"],
        "legal_form": fields["legal_form"],
        "industry_code": fields["industry_code"],
        "employees": fields["employees"],
        "municipality_number": fields["municipality_number"],
        "address": {part: fields[part] for part in ADDRESS},
        "website": fields["website"],
        "email": fields["email"],
        "phone": fields["phone"],
        "parent": record.parent_id,
        "account_manager": fields["account_manager_id"],
        "tags": record.tags,
        "other_names": [
            {"kind": one.kind, "name": one.name, "until": one.until.isoformat() if one.until else None}
            for one in record.names
        ],
        **recorded(fields),
    }


@blueprint.route("/organisations")
class Organisations(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(OrganisationListQuery, location="query")
    @blueprint.response(200, list_schema("OrganisationList", OrganisationSchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List organisations.

        In the Norwegian order of their names, unless `updated_since` is given. Those in the bin are left out.
        """
        size, cursor = asked.pop("limit", ROWS), asked.pop("cursor", None)
        query = OrganisationQuery(
            OrganisationFilter(**{name: value for name, value in asked.items() if value != ""})
        )
        sorting = Sorting("updated_at" if query.filter.updated_since else "name")
        return told_list(query.records(sorting, cursor, size), record_as_json)

    @requires(Permission.EDIT_ORGANISATIONS)
    @blueprint.arguments(OrganisationSchema)
    @blueprint.response(201, OrganisationSchema)
    @writes
    def post(self, body: dict[str, Any]) -> Answer:
        """Register an organisation."""
        check_settable(body)
        parent_id = body.pop("parent", None)
        with errors_named(NAMES):
            organisation = create_organisation(
                actor=current_user, name=body.pop("name", None), kind=body.pop("kind", ""), **_values(body)
            )
            if parent_id is not None:
                set_parent(organisation, actor=current_user, parent_id=parent_id)
        return as_json(organisation), 201


@blueprint.route(f"/organisations/<int(max={LARGEST_ID}):organisation_id>")
class OneOrganisation(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, OrganisationSchema)
    def get(self, organisation_id: int) -> Response:
        """Read an organisation.

        One that was merged into another answers 410, with the id of that one as `merged_into`.
        """
        record = organisation_record(organisation_id)
        if record is None:
            return gone(merged_organisation(organisation_id))
        return told_one(record_as_json(record), version=record.fields["version"])

    @requires(Permission.EDIT_ORGANISATIONS)
    @blueprint.arguments(OrganisationChangesSchema)
    @blueprint.response(200, OrganisationSchema)
    @writes
    def patch(self, body: dict[str, Any], organisation_id: int) -> Answer:
        """Change an organisation.

        Fields left out stay as they are. A record may be sent back whole: what is the same changes nothing.
        """
        organisation = _found(organisation_id)
        version = version_read(organisation)
        changes = changed(body, as_json(organisation))
        new_parent = "parent" in changes
        parent_id = changes.pop("parent", None)
        with errors_named(NAMES):
            update_organisation(organisation, actor=current_user, version=version, **_values(changes))
            if new_parent:
                set_parent(organisation, actor=current_user, parent_id=parent_id)
        db.session.expire(organisation, ["parent"])
        return as_json(organisation), 200

    @requires(Permission.BIN)
    @blueprint.response(204)
    @writes
    def delete(self, organisation_id: int) -> Answer:
        """Put an organisation in the bin."""
        organisation = _found(organisation_id)
        bin_organisation(organisation, actor=current_user, version=version_read(organisation))
        return None, 204


def _found(organisation_id: int) -> Organisation:
    """The organisation to be changed, or 404."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation.is_binned:
        abort(404)
    return organisation


def _values(fields: dict[str, Any]) -> dict[str, Any]:
    """As operations take them."""
    values = dict(fields)
    if "address" in values:
        address = values.pop("address")
        values |= dict.fromkeys(ADDRESS) if address is None else address
    if "account_manager" in values:
        values["account_manager_id"] = values.pop("account_manager")
    return values
