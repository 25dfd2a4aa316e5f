"""/search: what the search box finds, with whom to ask."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app
from flask.views import MethodView
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.api.fields import Number, Schema, Text, among, told
from crm.api.resources import Blueprint, told_one
from crm.responsibilities.routing import RightContact
from crm.search.answers import LONGEST, Answer, answers, cleaned
from crm.search.queries import Kind
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.validation import Invalid

blueprint = Blueprint("search", "One search over everything, as the box at the top of every page.")

ROWS, MOST_ROWS = 10, 50


class SearchQuery(Schema):
    q = Text(
        required=True,
        validate=ma.validate.Length(max=LONGEST),
        metadata=told(
            "Words, or a number or an address in any spacing, whole or the beginning", example="berger"
        ),
    )
    kind = Text(validate=among(Kind), metadata=told("Only hits of this kind", one_of=Kind))
    limit = ma.fields.Integer(
        validate=ma.validate.Range(1, MOST_ROWS), metadata=told(f"At most so many hits; {ROWS} unless told")
    )


class RightContactSchema(Schema):
    name = Text(
        required=True,
        allow_none=True,
        metadata=told(
            "The user, or the unit; the deputy where the user is away; null where nobody is responsible",
            example="Kari Nordmann",
        ),
    )
    phone = Text(required=True, allow_none=True, metadata=told("E.164", example="+4763800000"))
    email = Text(required=True, allow_none=True, metadata=told("Null for a unit"))
    reason = Text(required=True, metadata=told("Why it is they, in the language of the token's user"))


class HitSchema(Schema):
    type = Text(required=True, metadata=told("What was found", one_of=Kind))
    id = Number(required=True, metadata=told("The id among those of its type", example=17))
    title = Text(required=True, metadata=told("What it is called", example="Berger Næringsutvikling AS"))
    subtitle = Text(required=True, allow_none=True, metadata=told("What tells it from others of that name"))
    right_contact = ma.fields.Nested(
        RightContactSchema,
        required=True,
        allow_none=True,
        metadata=told("Whom of ours to ask about it; null where the hit itself says, such as a colleague"),
    )
    url = Text(required=True, metadata=told("Its page"))


class SearchAnswerSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(HitSchema), required=True, metadata=told("The best hits first"))


def as_json(answer: Answer) -> dict[str, Any]:
    hit = answer.hit
    return {
        "type": hit.kind.value,
        "id": hit.id,
        "title": hit.title,
        "subtitle": str(hit.subtitle) or None,
        "right_contact": _right_as_json(answer.right) if answer.right else None,
        "url": f"{current_app.config['CRM'].public_url}{hit.url}",
    }


def _right_as_json(right: RightContact) -> dict[str, Any]:
    person = right.person
    return {
        "name": person.name if person else right.unit,
        "phone": person.phone if person else None,
        "email": person.email if person else None,
        "reason": str(right.reason),
    }


@blueprint.route("/search")
class Search(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(SearchQuery, location="query")
    @blueprint.response(200, SearchAnswerSchema)
    def get(self, asked: dict[str, Any]) -> Response:
        """Search everything.

        Hits are ranked: an exact number, an exact name, its beginning, a misspelt one. There are no further pages: name
        more of what is sought instead.
        """
        words = cleaned(asked.get("q"))
        if not words:
            raise Invalid({"q": [_("Write what to search for")]})
        found = answers(
            words,
            current_user,
            day=today(),
            limit=asked.get("limit", ROWS),
            kinds=[Kind(asked["kind"])] if "kind" in asked else tuple(Kind),
        )
        return told_one({"items": [as_json(one) for one in found.found]})
