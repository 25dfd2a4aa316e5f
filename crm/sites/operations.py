"""A site is made, changed, put in the bin and taken out of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now, sort_key
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.plan.queries import outlines
from crm.sites import rules
from crm.sites.models import Site
from crm.web.validation import Invalid, Linked, check_version


class SiteValues(TypedDict, total=False):
    """A site's own fields; what is left out stays as it is. Areas in square metres, power in kilowatts."""

    name: str | None
    place: str | None
    developer_id: int | None
    contact_id: int | None
    regulation: str | None
    total_area: int | None
    free_area: int | None
    power: int | None
    free_from: date | None
    premises: Sequence[str]
    focus_areas: Sequence[int]
    attracts: str | None
    website: str | None
    about: str | None


def create_site(*, actor: User, **values: Unpack[SiteValues]) -> Site:
    """A new site. Raises Invalid by field."""
    return _save(Site(), actor, values)


def update_site(site: Site, *, actor: User, version: int | None, **values: Unpack[SiteValues]) -> Site:
    """Change what is given, leave the rest. `version` is what the writer read; None takes any. Raises Invalid or Stale."""
    _lock(site, version)
    return _save(site, actor, values)


def bin_site(site: Site, *, actor: User, version: int | None = None) -> None:
    """Out of every list; what was proposed of it stays. Raises Stale."""
    _lock(site, version)
    if not site.is_binned:
        site.deleted_at = now()
        record(site, actor=actor, action="binned")


def restore_site(site: Site, *, actor: User) -> None:
    """Raises Invalid (name) where another one has its name by now."""
    _lock(site)
    if site.is_binned:
        if found := _name_taken(site, site.name):
            raise Invalid(found)
        site.deleted_at = None
        record(site, actor=actor, action="restored")


def _lock(site: Site, version: int | None = None) -> None:
    """The site as it is now, which nobody else changes before the transaction ends."""
    current = db.session.scalar(select(Site.version).where(Site.id == site.id).with_for_update())
    if current != site.version:
        db.session.refresh(site)
    check_version(site, version)


def _save(site: Site, actor: User, values: SiteValues) -> Site:
    given: dict[str, Any] = {name: values.get(name, getattr(site, name)) for name in rules.SITE}
    found: rules.Problems = {}
    known = {int(area.code) for plan in outlines().plans for area in plan.tree.focus_areas}
    try:
        given = rules.checked_values(given, known_areas=known | set(site.focus_areas or ()))
    except ValueError as error:
        found |= error.args[0]
    found |= _missing(site, given)
    if "name" not in found:
        found |= _name_taken(site, given["name"])
    if found:
        raise Invalid(found)
    for name, value in given.items():
        if getattr(site, name) != value:
            setattr(site, name, value)
    record(site, actor=actor)
    return site


def _missing(site: Site, given: dict[str, Any]) -> rules.Problems:
    """Records that are not there, or in the bin and not chosen before."""
    found: rules.Problems = {}
    for field, model, message in (
        ("developer_id", Organisation, _("The organisation that was chosen does not exist, or is in the bin. Choose another")),
        ("contact_id", Contact, _("The person who was chosen does not exist, or is in the bin. Choose another")),
    ):  # fmt: skip
        chosen = given[field]
        if chosen is not None and chosen != getattr(site, field):
            there: Any = db.session.get(model, chosen)
            if there is None or there.is_binned:
                found[field] = [message]
    return found


def _name_taken(site: Site, name: str) -> rules.Problems:
    """Two sites of one name would be mistaken for each other; case and blanks tell none apart."""
    other = db.session.execute(
        select(Site.id, Site.name).where(
            Site.sort_key == sort_key(name), Site.deleted_at.is_(None), Site.id != (site.id or 0)
        )
    ).first()
    if other is None:
        return {}
    message = Linked(
        _("There is a site of this name already. Choose another name, or change that one:"),
        label=other.name,
        path=f"/sites/{other.id}",
    )
    return {"name": [message]}
