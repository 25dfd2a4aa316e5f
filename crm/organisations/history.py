"""How organisations and contacts read in their history and in the audit log."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.accounts.models import Language
from crm.audit.descriptions import Description, describe, name_actions
from crm.audit.fields import Context, Field, Reference, choice, number, plain, record_named
from crm.organisations.models import (
    Contact,
    NameKind,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    RelationKind,
)
from crm.organisations.municipalities import municipality
from crm.web.formatting import day, organisation_number, phone


def describe_organisations() -> None:
    name_actions({"merged": _l("Merged"), "unmerged": _l("Merge undone")})
    shared = {
        "email": plain(_l("E-mail")),
        "phone": plain(_l("Telephone"), phone),
        "about": plain(_l("About")),
        "deleted_at": None,
    }
    describe(
        "Organisation",
        Description(
            label=_l("Organisation"),
            identity=Organisation.id,
            name=lambda: Organisation.name,
            path=lambda identity: f"/organisations/{identity}",
            fields={
                "name": plain(_l("Name")),
                "kind": choice(_l("Kind"), OrganisationKind),
                "status": choice(_l("Status"), OrganisationStatus),
                "organisation_number": plain(_l("Organisation number"), organisation_number),
                "legal_form": plain(_l("Legal form")),
                "industry_code": plain(_l("Industry code")),
                "employees": number(_l("Employees")),
                "municipality_number": plain(_l("Municipality"), municipality),
                "street": plain(_l("Street address")),
                "postcode": plain(_l("Postcode")),
                "city": plain(_l("Town")),
                "website": plain(_l("Website")),
                **shared,
                "account_manager_id": record_named(_l("Account manager"), "User"),
                "deputy_id": record_named(_l("Deputy"), "User"),
                "tags": plain(_l("Tags")),
                "names": plain(_l("Other names"), _other_name),
                "relations": Field(_l("Relations"), _relation, _both_ends),
                **_merges("Organisation"),
            },
        ),
    )
    describe(
        "Contact",
        Description(
            label=_l("Contact"),
            identity=Contact.id,
            name=lambda: Contact.given_name + " " + Contact.family_name,
            path=lambda identity: f"/contacts/{identity}",
            fields={
                "given_name": plain(_l("Given name")),
                "family_name": plain(_l("Family name")),
                "language": choice(_l("Language"), Language),
                **shared,
                "affiliations": Field(
                    _l("Affiliations"), _affiliation, lambda value: [("Organisation", value["organisation"])]
                ),
                **_merges("Contact"),
            },
        ),
    )


def _merges(kind: str) -> dict[str, Field]:
    return {
        "merged_into": record_named(_l("Is the same as"), kind),
        "merged_from": record_named(_l("Has taken over from"), kind),
    }


def _both_ends(value: Mapping[str, Any]) -> Iterator[Reference]:
    for end in ("from", "to"):
        yield "Organisation", value[end]


def _other_name(value: Mapping[str, Any]) -> str:
    words = f"{value['name']} ({NameKind(value['kind']).label})"
    number, until = organisation_number(value.get("number")), value["until"]
    words = f"{words} {number}" if number else words
    return f"{words}, {_('until %(day)s', day=day(date.fromisoformat(until)))}" if until else words


def _relation(value: Mapping[str, Any], context: Context) -> str:
    """As the organisation whose history it is sees it."""
    outwards = value["from"] == context.subject_id
    kind = RelationKind(value["kind"])
    other = context.name("Organisation", value["to" if outwards else "from"])
    return _period(f"{kind.label if outwards else kind.inverse_label}: {other}", value)


def _affiliation(value: Mapping[str, Any], context: Context) -> str:
    parts = [
        value["title"],
        context.name("Organisation", value["organisation"]),
        ", ".join(value["topics"]),
        _("our first contact") if value["primary"] else "",
    ]
    return _period(" · ".join(filter(None, parts)), value)


def _period(text: str, value: Mapping[str, Any]) -> str:
    first, last = (
        day(date.fromisoformat(value[end])) if value[end] else "" for end in ("started_on", "ended_on")
    )
    if first and last:
        return f"{text} ({first} – {last})"
    if first:
        return f"{text} ({_('since %(day)s', day=first)})"
    return f"{text} ({_('until %(day)s', day=last)})" if last else text
