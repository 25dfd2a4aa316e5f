"""/topics: what callers ask about. Read only; administrators keep them on their pages."""

from typing import Any

import marshmallow as ma
from flask import Response, abort
from flask.views import MethodView
from sqlalchemy import func, select

from crm.accounts.models import Permission
from crm.api.fields import (
    LARGEST_ID,
    ListQuery,
    Number,
    Recorded,
    Text,
    fields_of,
    list_schema,
    recorded,
    told,
)
from crm.api.resources import ROWS, Blueprint, told_list, told_one
from crm.extensions import db
from crm.responsibilities.models import Topic
from crm.web.guards import requires
from crm.web.paging import Key, paged

blueprint = Blueprint("topics", "What callers ask about, and the words they use for it.")

FIELDS = ("name_nb", "name_nn", "name_en", "words_no", "words_en", "working_days", "is_retired")
KEYS = (Key("sort_key", Topic.__table__.c.sort_key), Key("id", Topic.__table__.c.id))


class TopicSchema(Recorded):
    name_nb = Text(required=True, metadata=told("In bokmål", example="Lokaler og tomter"))
    name_nn = Text(allow_none=True, metadata=told("In nynorsk"))
    name_en = Text(allow_none=True, metadata=told("In English"))
    words_no = ma.fields.List(Text(), metadata=told("What callers say in Norwegian", example=["tomt"]))
    words_en = ma.fields.List(Text(), metadata=told("What callers say in English", example=["plot"]))
    working_days = Number(metadata=told("How long an enquiry about it may wait for its answer", example=3))
    is_retired = ma.fields.Boolean(metadata=told("No longer offered"))


def as_json(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id,
        **fields_of(topic, FIELDS),
        **recorded(fields_of(topic, ("version", "created_at", "updated_at"))),
    }


@blueprint.route("/topics")
class Topics(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(ListQuery, location="query")
    @blueprint.response(200, list_schema("TopicList", TopicSchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List topics.

        In the Norwegian order of their names in bokmål, retired ones too.
        """
        page = paged(
            select(Topic),
            keys=KEYS,
            total=db.session.scalar(select(func.count()).select_from(Topic)) or 0,
            cursor=asked.get("cursor"),
            size=asked.get("limit", ROWS),
        )
        return told_list(page, as_json)


@blueprint.route(f"/topics/<int(max={LARGEST_ID}):topic_id>")
class OneTopic(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, TopicSchema)
    def get(self, topic_id: int) -> Response:
        """Read a topic."""
        topic = db.session.get(Topic, topic_id)
        if topic is None:
            abort(404)
        return told_one(as_json(topic), version=topic.version)
