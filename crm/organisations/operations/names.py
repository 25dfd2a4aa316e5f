from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from crm.accounts.models import User
from crm.audit.models import AuditEvent
from crm.database import folded
from crm.extensions import db
from crm.organisations.models import NameKind, Organisation, OrganisationName
from crm.organisations.naming import OtherName
from crm.web.clock import OSLO, today

Changes = dict[str, list[Any]]


def set_names(organisation: Organisation, wanted: Iterable[OtherName]) -> None:
    """Exactly these other names; one that stays is the same row, so that it keeps the number it came with."""
    names = {one.key: one for one in wanted}
    for held in list(organisation.names):
        one = names.pop((held.kind, folded(held.name)), None)
        if one is None:
            organisation.names.remove(held)
        else:
            held.name, held.until = one.name, one.until
    organisation.names.extend(OrganisationName(**one._asdict()) for one in names.values())


def rename(organisation: Organisation, name: str, *, actor: User | None) -> None:
    """The new name; the one before is kept as an earlier one, unless it only was a slip: it says the same, or whoever
    mends it gave it today. A name that is the current one again is no earlier one.
    """
    before = organisation.name
    is_kept = folded(before) != folded(name) and not _named_today(organisation, actor)
    organisation.name = name
    if is_kept:
        keep_earlier(organisation, before)
    for held in list(organisation.names):
        is_current = held.kind == NameKind.earlier and folded(held.name) == folded(name)
        if is_current and held.organisation_number is None:
            organisation.names.remove(held)


def keep_earlier(organisation: Organisation, name: str, number: str | None = None) -> OrganisationName:
    """The name as an earlier one, until today."""
    for held in organisation.names:
        if held.kind == NameKind.earlier and folded(held.name) == folded(name):
            held.until, held.organisation_number = today(), held.organisation_number or number
            return held
    held = OrganisationName(kind=NameKind.earlier, name=name, until=today(), organisation_number=number)
    organisation.names.append(held)
    return held


def names_told(organisation: Organisation) -> list[dict[str, Any]]:
    """All other names as the audit log has them."""
    return [one.audit_value() for one in organisation.names]


def names_changed(before: list[dict[str, Any]], organisation: Organisation) -> Changes:
    """What `record` is told of the names since `before`: what went and what came."""
    after = names_told(organisation)
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    return {"names": [gone, come]} if gone or come else {}


def _named_today(organisation: Organisation, actor: User | None) -> bool:
    """The organisation got its name today, from the same person."""
    midnight = datetime.combine(today(), time(), OSLO)
    of_it = (AuditEvent.subject_type == "Organisation", AuditEvent.subject_id == organisation.id)
    events = db.session.execute(
        select(AuditEvent.actor_id, AuditEvent.changes)
        .where(*of_it, AuditEvent.at >= midnight)
        .order_by(AuditEvent.id.desc())
    )
    namer = next((event.actor_id for event in events if "name" in event.changes), None)
    return actor is not None and namer == actor.id
