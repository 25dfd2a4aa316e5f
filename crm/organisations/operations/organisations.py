from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import folded, now
from crm.extensions import db
from crm.organisations import rules
from crm.organisations.models import Organisation, OrganisationKind, OrganisationStatus, Tag
from crm.organisations.operations.locking import locked_organisations
from crm.organisations.operations.names import Changes, names_changed, names_told, rename, set_names
from crm.organisations.queries.bin import merged_organisation
from crm.web.validation import Invalid, Linked, check_version

PEOPLE = ("account_manager_id", "deputy_id")


def create_organisation(
    *,
    actor: User,
    name: str,
    kind: str = OrganisationKind.company,
    status: str = OrganisationStatus.active,
    **fields: Any,
) -> Organisation:
    """A new organisation. `fields` are any of rules.ORGANISATION, account_manager_id and deputy_id.

    Raises Invalid; the number of another one that is not in the bin is refused with a link to it.
    """
    values = _checked({"name": name, "kind": kind, "status": status, **fields}, None)
    tags, names = values.pop("tags", []), values.pop("other_names", [])
    organisation = Organisation(**values)
    organisation.tags = _tags_named(tags)
    set_names(organisation, names)
    record(organisation, actor=actor)
    return organisation


def update_organisation(
    organisation: Organisation, *, actor: User, version: int | None = None, **fields: Any
) -> Organisation:
    """Change the given fields and leave the others; a name that is replaced is kept as an earlier one. Raises Invalid,
    and Stale where `version` is no longer its.
    """
    locked_organisations([organisation.id])
    check_version(organisation, version)
    values = _checked(fields, organisation)
    if "tags" in values:
        _change_tags(organisation, values.pop("tags"))
    changes = _change_names(organisation, values, actor=actor)
    for field, value in values.items():
        setattr(organisation, field, value)
    record(organisation, actor=actor, changes=changes)
    return organisation


def set_tags(organisation: Organisation, *, actor: User, tags: str | Iterable[str]) -> Organisation:
    """Exactly these tags, made where they are new."""
    return update_organisation(organisation, actor=actor, tags=tags)


def bin_organisation(organisation: Organisation, *, actor: User, version: int | None = None) -> None:
    """Into the bin, restorable for 30 days. Does nothing where it is there already."""
    locked_organisations([organisation.id])
    check_version(organisation, version)
    if not organisation.is_binned:
        organisation.deleted_at = now()
        record(organisation, actor=actor, action="binned")


def restore_organisation(organisation: Organisation, *, actor: User) -> None:
    """Out of the bin. Raises Invalid where another has got its number meanwhile, and where it was merged into another."""
    locked_organisations([organisation.id])
    if organisation.is_binned:
        if merged_organisation(organisation.id) is not None:
            raise Invalid({"merge": [_("It was merged with another one. Undo the merge instead.")]})
        check_number_is_free(organisation.organisation_number, organisation)
        organisation.deleted_at = None
        record(organisation, actor=actor, action="restored")


def _checked(fields: Mapping[str, Any], organisation: Organisation | None) -> dict[str, Any]:
    people = {field: fields[field] for field in PEOPLE if field in fields}
    values = rules.checked(rules.ORGANISATION, {k: v for k, v in fields.items() if k not in PEOPLE})
    _check_people(people, organisation)
    if organisation is None or values.get("organisation_number") != organisation.organisation_number:
        check_number_is_free(values.get("organisation_number"), organisation)
    return values | people


def check_number_is_free(number: str | None, organisation: Organisation | None) -> None:
    """Raises Invalid, with a link, where another one that is not in the bin has the number."""
    if number is None:
        return
    taken = db.session.execute(
        select(Organisation.id, Organisation.name).where(
            Organisation.organisation_number == number,
            Organisation.deleted_at.is_(None),
            Organisation.id != (organisation.id if organisation is not None else 0),
        )
    ).first()
    if taken is not None:
        message = _("This organisation number is already registered.")
        raise Invalid(
            {"organisation_number": [Linked(message, label=taken.name, path=f"/organisations/{taken.id}")]}
        )


def _check_people(people: Mapping[str, int | None], organisation: Organisation | None) -> None:
    """Account manager and deputy are two different active users; who has left may stay until somebody else is named."""
    for field, identity in people.items():
        if identity is None or (organisation is not None and getattr(organisation, field) == identity):
            continue
        user = db.session.get(User, identity) if 0 < identity < 2**31 else None
        if user is None or not user.is_active or user.is_service:
            raise Invalid({field: [_("Choose somebody from the list")]})
    manager, deputy = (people.get(field, getattr(organisation, field, None)) for field in PEOPLE)
    if manager is not None and manager == deputy:
        raise Invalid({"deputy_id": [_("The deputy must be somebody else than the account manager")]})


def _change_names(organisation: Organisation, values: dict[str, Any], *, actor: User) -> Changes:
    """Name and other names, taken out of the values."""
    name, others = values.pop("name", organisation.name), values.pop("other_names", None)
    if others is None and name == organisation.name:
        return {}
    before = names_told(organisation)
    if others is not None:
        set_names(organisation, others)
    if name != organisation.name:
        rename(organisation, name, actor=actor)
    return names_changed(before, organisation)


def _change_tags(organisation: Organisation, names: list[str]) -> None:
    if {folded(name) for name in names} != {tag.folded_name for tag in organisation.tags}:
        organisation.tags = _tags_named(names)
        organisation.updated_at = now()  # the tags are part of the record: its version moves on


def _tags_named(names: list[str]) -> list[Tag]:
    """The tags, found by their folded names or made."""
    wanted = {folded(name): name for name in names}
    found = {
        tag.folded_name: tag for tag in db.session.scalars(select(Tag).where(Tag.folded_name.in_(wanted)))
    }
    for key, name in wanted.items():
        if key not in found:
            found[key] = _made_tag(name, key)
    return [found[key] for key in wanted]


def _made_tag(name: str, key: str) -> Tag:
    tag = Tag(name=name, folded_name=key)
    try:
        with db.session.begin_nested():
            db.session.add(tag)
    except IntegrityError:  # somebody made the same one a moment ago
        return db.session.scalars(select(Tag).where(Tag.folded_name == key)).one()
    return tag
