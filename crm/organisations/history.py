"""The audit log of organisations and contacts in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from crm.accounts.models import Language, User
from crm.audit.history import Entry, Show, entries, events_of
from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.organisations.models import Contact, Organisation, OrganisationKind, OrganisationStatus, RelationKind
from crm.organisations.municipalities import municipality
from crm.web.formatting import day, organisation_number, phone

Fields = Mapping[str, tuple[Any, Show | None]]

_SHARED: dict[str, tuple[Any, Show | None]] = {
    "email": (_l("E-mail"), None),
    "phone": (_l("Telephone"), phone),
    "about": (_l("About"), None),
}


def organisation_history(organisation: Organisation) -> list[Entry]:
    """Who changed what, newest first. Three statements at most."""
    events = events_of([("Organisation", organisation.id)])
    users = _names(User, _values(events, "account_manager_id", "deputy_id"))
    ties = _values(events, "relations")
    others = _names(Organisation, (tie[end] for tie in ties for end in ("from", "to")))

    def tie(value: dict[str, Any]) -> str:
        outwards = value["from"] == organisation.id
        kind = RelationKind(value["kind"])
        other = others.get(value["to" if outwards else "from"], "")
        return _period(f"{kind.label if outwards else kind.inverse_label}: {other}", value)

    fields: Fields = {
        "name": (_l("Name"), None),
        "kind": (_l("Kind"), lambda value: str(OrganisationKind(value).label)),
        "status": (_l("Status"), lambda value: str(OrganisationStatus(value).label)),
        "organisation_number": (_l("Organisation number"), organisation_number),
        "legal_form": (_l("Legal form"), None),
        "industry_code": (_l("Industry code"), None),
        "employees": (_l("Employees"), None),
        "municipality_number": (_l("Municipality"), municipality),
        "street": (_l("Street address"), None),
        "postcode": (_l("Postcode"), None),
        "city": (_l("Town"), None),
        "website": (_l("Website"), None),
        **_SHARED,
        "account_manager_id": (_l("Account manager"), lambda value: users.get(value, "")),
        "deputy_id": (_l("Deputy"), lambda value: users.get(value, "")),
        "tags": (_l("Tags"), None),
        "relations": (_l("Relations"), tie),
    }
    return entries(events, fields)


def contact_history(contact: Contact) -> list[Entry]:
    """Who changed what, newest first. Two statements at most."""
    events = events_of([("Contact", contact.id)])
    organisations = _names(Organisation, (value["organisation"] for value in _values(events, "affiliations")))

    def affiliation(value: dict[str, Any]) -> str:
        parts = [
            value["title"],
            organisations.get(value["organisation"], ""),
            ", ".join(value["topics"]),
            _("our first contact") if value["primary"] else "",
        ]
        return _period(" · ".join(filter(None, parts)), value)

    fields: Fields = {
        "given_name": (_l("Given name"), None),
        "family_name": (_l("Family name"), None),
        "language": (_l("Language"), lambda value: Language(value).label),
        **_SHARED,
        "affiliations": (_l("Affiliations"), affiliation),
    }
    return entries(events, fields)


def _period(text: str, value: Mapping[str, Any]) -> str:
    first, last = (
        day(date.fromisoformat(value[end])) if value[end] else "" for end in ("started_on", "ended_on")
    )
    if first and last:
        return f"{text} ({first} – {last})"
    if first:
        return f"{text} ({_('since %(day)s', day=first)})"
    return f"{text} ({_('until %(day)s', day=last)})" if last else text


def _values(events: Sequence[AuditEvent], *fields: str) -> list[Any]:
    """Everything that the fields held, before and after."""
    found: list[Any] = []
    for event in events:
        for field in fields:
            for value in event.changes.get(field, ()):
                found.extend(value if isinstance(value, list) else [value])
    return found


def _names(model: type[User] | type[Organisation], ids: Iterable[Any]) -> dict[int, str]:
    wanted = {identity for identity in ids if identity is not None}
    if not wanted:
        return {}
    return {
        row.id: row.name
        for row in db.session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
    }
