"""Two records that are the same become one, and two again where that was wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations.journal import Journal, Lost
from crm.organisations.mergeable import Mergeable, Merging, key_besides, mergeables, owner_of, touch
from crm.organisations.models import Contact, ContactMerge, Organisation, OrganisationMerge
from crm.organisations.operations.merging_ties import add_former_name
from crm.organisations.operations.organisations import check_number_is_free
from crm.organisations.queries.bin import KEPT
from crm.web.clock import today
from crm.web.validation import Invalid, Linked, check_version


@dataclass(frozen=True)
class Kind:
    """What can be merged: which fields can be chosen from either record, and where a merge is written down."""

    model: Any
    merge: Any
    fields: tuple[str, ...]
    path: str


ORGANISATIONS = Kind(
    Organisation,
    OrganisationMerge,
    (
        *("name", "kind", "status", "organisation_number", "legal_form", "industry_code", "employees"),
        *("municipality_number", "street", "postcode", "city", "website", "email", "phone", "about"),
        *("account_manager_id", "deputy_id"),
    ),
    "/organisations/",
)
CONTACTS = Kind(
    Contact,
    ContactMerge,
    ("given_name", "family_name", "email", "phone", "language", "about"),
    "/contacts/",
)


def merge(
    kind: Kind,
    survivor: Any,
    loser: Any,
    *,
    actor: User,
    chosen: Iterable[str],
    versions: tuple[int | None, int | None] = (None, None),
) -> None:
    """The loser goes to the bin, everything that refers to it refers to the survivor, which takes the loser's values of
    the fields `chosen`. Raises Invalid, Stale where one of the `versions` is no longer theirs, and LookupError where
    nothing says what becomes of a column that refers to them.
    """
    parts = mergeables(kind.model.__table__)
    if survivor.id == loser.id:
        raise Invalid({"other_id": [_("Choose another one: a record cannot be merged with itself")]})
    _lock(kind, parts, survivor, loser)
    check_version(survivor, versions[0])
    check_version(loser, versions[1])
    if survivor.is_binned or loser.is_binned:
        raise Invalid({"other_id": [_("One of the two is in the bin. Restore it first")]})
    journal, name = Journal(), survivor.name
    loser.deleted_at = now()
    db.session.flush()
    values = {field: getattr(loser, field) for field in kind.fields if field in set(chosen)}
    _check_people(survivor, values)
    before = {field: getattr(survivor, field) for field in values}
    for field, value in values.items():
        setattr(survivor, field, value)
    db.session.flush()
    for part in parts:
        part.move(Merging(part.column, loser.id, survivor.id, journal))
    if isinstance(survivor, Organisation):
        for former in dict.fromkeys((loser.name, name)):
            number = loser.organisation_number if former == loser.name else before.get("organisation_number")
            add_former_name(journal, survivor, former, number, until=today())
    journal.changed(
        kind.model.__table__, survivor.id, {field: (before[field], values[field]) for field in values}
    )
    _made_anew(survivor)
    db.session.add(
        kind.merge(loser_id=loser.id, survivor_id=survivor.id, actor_id=actor.id, steps=journal.steps)
    )
    record(loser, actor=actor, action="merged", changes={"merged_into": [None, survivor.id]})
    record(survivor, actor=actor, action="merged", changes={"merged_from": [None, loser.id]})


def unmerge(kind: Kind, loser: Any, *, actor: User) -> Any:
    """Both as they were, but for what somebody has changed since; returns the one that survived. Raises Invalid."""
    done = db.session.get(kind.merge, loser.id)
    if done is None:
        raise Invalid({"merge": [_("This was not merged with anything")]})
    survivor = db.session.get_one(kind.model, done.survivor_id)
    parts = mergeables(kind.model.__table__)
    _lock(kind, parts, survivor, loser)
    _check_can_be_undone(kind, done, survivor)
    journal = Journal(done.steps)
    changed = [step for step in journal.steps if step["table"] == kind.model.__tablename__]
    journal.steps = [step for step in journal.steps if step not in changed]
    lost = Invalid(
        {"merge": [_("Something that was moved has been removed since, so the merge cannot be undone")]}
    )
    db.session.delete(done)
    try:
        with db.session.begin_nested():
            journal.undo()
    except (Lost, IntegrityError):
        raise lost from None
    _touch_again(parts, journal.steps)
    for one in (survivor, loser):
        db.session.refresh(one, ["version"])
    for step in changed:
        for field, value in step["was"].items():
            if getattr(survivor, field) == step["becomes"][field]:
                setattr(survivor, field, value)
    _made_anew(survivor)
    db.session.flush()
    if isinstance(loser, Organisation):
        check_number_is_free(loser.organisation_number, loser)
    loser.deleted_at = None
    _made_anew(loser)
    record(loser, actor=actor, action="unmerged", changes={"merged_into": [survivor.id, None]})
    record(survivor, actor=actor, action="unmerged", changes={"merged_from": [loser.id, None]})
    return survivor


def _lock(kind: Kind, parts: list[Mergeable], *records: Any) -> None:
    """What the two are parts of, then the two as they are now, locked until the transaction ends: always in this order,
    as whoever saves an interaction with one of them does.
    """
    ids = sorted(record.id for record in records)
    for part in parts:
        if part.touches is not None:
            owner = owner_of(part.touches)
            theirs = owner.c.id.in_(select(part.touches).where(part.column.in_(ids)))
            db.session.execute(select(owner.c.id).where(theirs).order_by(owner.c.id).with_for_update())
    statement = select(kind.model).where(kind.model.id.in_(ids)).order_by(kind.model.id)
    db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).all()


def _check_people(survivor: Any, values: dict[str, Any]) -> None:
    """An account manager who would be their own deputy is none."""
    manager = values.get("account_manager_id", getattr(survivor, "account_manager_id", None))
    if manager is not None and manager == values.get("deputy_id", survivor.deputy_id):
        values["deputy_id"] = None


def _check_can_be_undone(kind: Kind, done: Any, survivor: Any) -> None:
    if now() - done.merged_at > KEPT:
        raise Invalid({"merge": [_("It is more than 30 days ago, so the merge cannot be undone")]})
    merge = kind.merge
    later = db.session.scalars(
        select(merge)
        .where(
            (merge.loser_id == survivor.id)
            | ((merge.survivor_id == survivor.id) & (merge.merged_at > done.merged_at))
        )
        .order_by(merge.merged_at.desc())
    ).first()
    if later is not None:
        other = db.session.get_one(kind.model, later.loser_id)
        message = _("There was another merge afterwards. Undo that one first.")
        raise Invalid({"merge": [Linked(message, label=other.name, path=f"{kind.path}{other.id}")]})
    if survivor.is_binned:
        message = _("It was merged into one that is in the bin. Restore that one first.")
        raise Invalid({"merge": [Linked(message, label=survivor.name, path=f"{kind.path}{survivor.id}")]})


def _touch_again(parts: Iterable[Mergeable], steps: Sequence[Mapping[str, Any]]) -> None:
    """The versions of what the rows belong to move on once more."""
    for part in parts:
        if part.touches is None:
            continue
        key = [one.name for one in key_besides(part.column)]
        for step in (one for one in steps if one["table"] == part.column.table.name):
            rows = [[row[name] for name in key] for row in step.get("rows", ())]
            if step.get("key", key) == key:
                touch(part, step.get("keys") or rows or [[step["id"]]])


def _made_anew(record: Any) -> None:
    """Written again as what it is now: what it is found by follows its names, and its version moves on."""
    db.session.flush()
    db.session.refresh(record, ["version"])
    db.session.expire(
        record, ["affiliations", *(["names", "tags"] if isinstance(record, Organisation) else [])]
    )
    record.updated_at = now()
