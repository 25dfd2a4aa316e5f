"""/sites: the same operations and rules as the pages."""

from typing import Any

import marshmallow as ma
from flask import Response
from flask.views import MethodView
from flask_login import current_user
from sqlalchemy import func, select

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
    Text,
    among,
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
    found_or_404,
    told_list,
    told_one,
    version_read,
    writes,
)
from crm.extensions import db
from crm.sites.models import Premises, Regulation, Site
from crm.sites.operations import bin_site, create_site, update_site
from crm.sites.queries import KEYS, LATEST_CHANGES, SiteFilter
from crm.web.guards import requires
from crm.web.paging import paged

blueprint = Blueprint("sites", "Sites: business areas, their developers and what is free.")

NAMES = {"developer_id": "developer", "contact_id": "contact"}
"""The API's names of what operations call otherwise."""


class SiteSchema(Recorded):
    name = Text(required=True, metadata=told("At most 120 characters; no two share one", example="Berger"))
    place = Text(allow_none=True, metadata=told("At most 200 characters", example="Ved E6, Skedsmo"))
    developer = Id(allow_none=True, metadata=told("The organisation that develops it", example=17))
    contact = Id(allow_none=True, metadata=told("Whom to ring about it"))
    regulation = Text(allow_none=True, metadata=told("null where nobody knows", one_of=Regulation))
    total_area = Number(allow_none=True, metadata=told("Square metres", example=250_000))
    free_area = Number(
        allow_none=True, metadata=told("Square metres, no more than the total", example=80_000)
    )
    power = Number(allow_none=True, metadata=told("Kilowatts that can be had", example=2_000))
    free_from = Day(allow_none=True, metadata=told("The first day", example="2027-01-01"))
    premises = ma.fields.List(
        Text(metadata=told("A kind", one_of=Premises)), metadata=told("Kinds of premises")
    )
    focus_areas = ma.fields.List(
        Number(), metadata=told("Numbers of the plan's focus areas that it is to attract", example=[5])
    )
    attracts = Text(allow_none=True, metadata=told("What it is to attract, in words. Markdown"))
    website = Text(allow_none=True, metadata=told("An address", example="https://www.example.no"))
    about = Text(allow_none=True, metadata=told("Markdown"))


class SiteChangesSchema(Changes, SiteSchema):
    pass


class SiteListQuery(ListQuery):
    q = Text(metadata=told("Words in the name, the place or what it is to attract"))
    regulation = Text(validate=among(Regulation), metadata=told("A status", one_of=Regulation))
    premises = Text(validate=among(Premises), metadata=told("A kind of premises", one_of=Premises))
    free = Text(
        metadata=told("At least so much free area: square metres, or with its unit", example="25 daa")
    )
    developer = IdAsked(metadata=told("The organisation that develops it"))
    updated_since = Moment(metadata=told("Only what was changed then or later, in the order of the changes"))


def as_json(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        **fields_of(site, ("name", "place")),
        "developer": site.developer_id,
        "contact": site.contact_id,
        **fields_of(site, ("regulation", "total_area", "free_area", "power")),
        "free_from": stamp_day(site.free_from),
        **fields_of(site, ("premises", "focus_areas", "attracts", "website", "about")),
        **recorded(fields_of(site, ("version", "created_at", "updated_at"))),
    }


@blueprint.route("/sites")
class Sites(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(SiteListQuery, location="query")
    @blueprint.response(200, list_schema("SiteList", SiteSchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List sites.

        In the Norwegian order of their names, unless `updated_since` is given. Those in the bin are left out.
        """
        size, cursor = asked.pop("limit", ROWS), asked.pop("cursor", None)
        since = asked.pop("updated_since", None)
        wanted = {name: str(value) for name, value in asked.items()}
        conditions = SiteFilter.parse(wanted).conditions()
        if since is not None:
            conditions.append(Site.updated_at >= since)
        total = db.session.scalar(select(func.count()).select_from(Site).where(*conditions)) or 0
        page = paged(
            select(Site).where(*conditions),
            keys=LATEST_CHANGES if since is not None else KEYS,
            total=total,
            cursor=cursor,
            size=size,
        )
        return told_list(page, as_json)

    @requires(Permission.EDIT_SITES)
    @blueprint.arguments(SiteSchema)
    @blueprint.response(201, SiteSchema)
    @writes
    def post(self, body: dict[str, Any]) -> Answer:
        """Add a site."""
        check_settable(body)
        with errors_named(NAMES):
            site = create_site(actor=current_user, **_values(body))
        return as_json(site), 201


@blueprint.route(f"/sites/<int(max={LARGEST_ID}):site_id>")
class OneSite(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, SiteSchema)
    def get(self, site_id: int) -> Response:
        """Read a site."""
        site = found_or_404(Site, site_id)
        return told_one(as_json(site), version=site.version)

    @requires(Permission.EDIT_SITES)
    @blueprint.arguments(SiteChangesSchema)
    @blueprint.response(200, SiteSchema)
    @writes
    def patch(self, body: dict[str, Any], site_id: int) -> Answer:
        """Change a site.

        Fields left out stay as they are. A record may be sent back whole: what is the same changes nothing.
        """
        site = found_or_404(Site, site_id)
        version = version_read(site)
        changes = changed(body, as_json(site))
        with errors_named(NAMES):
            update_site(site, actor=current_user, version=version, **_values(changes))
        return as_json(site), 200

    @requires(Permission.BIN)
    @blueprint.response(204)
    @writes
    def delete(self, site_id: int) -> Answer:
        """Put a site in the bin. What was proposed of it stays."""
        site = found_or_404(Site, site_id)
        bin_site(site, actor=current_user, version=version_read(site))
        return None, 204


def _values(fields: dict[str, Any]) -> Any:
    """As operations take them."""
    own = {told_as: name for name, told_as in NAMES.items()}
    return {own.get(name, name): value for name, value in fields.items()}
