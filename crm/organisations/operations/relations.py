from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations import rules
from crm.organisations.models import Organisation, Relation, RelationKind
from crm.organisations.operations.locking import locked_organisations
from crm.web.clock import today
from crm.web.validation import Invalid, Linked

SYMMETRIC = {RelationKind.partner_of}


def add_relation(
    *,
    actor: User,
    from_id: int | None,
    to_id: int | None,
    kind: str,
    started_on: date | None = None,
    ended_on: date | None = None,
) -> Relation:
    """A new tie between two organisations. Raises Invalid; errors are told at `to_id`, `kind` and the dates."""
    kind = RelationKind(kind)
    rules.check_period(started_on, ended_on, today())
    found = {one.id: one for one in locked_organisations([i for i in (from_id, to_id) if i is not None])}
    source, target = (found.get(one) if one is not None else None for one in (from_id, to_id))
    if source is None or target is None or source.is_binned or target.is_binned:
        raise Invalid({"to_id": [_("Choose an organisation")]})
    if source.id == target.id:
        raise Invalid({"to_id": [_("Choose another organisation: one cannot have a relation to itself")]})
    _check_new(source, target, kind, started_on)
    if kind is RelationKind.subsidiary_of and ended_on is None:
        _check_parent(source, target)
    relation = Relation(
        from_organisation=source, to_organisation=target, kind=kind, started_on=started_on, ended_on=ended_on
    )
    db.session.add(relation)
    db.session.flush()
    _record(relation, [], [relation.audit_value()], actor=actor)
    return relation


def end_relation(relation: Relation, *, actor: User, ended_on: date | None = None) -> Relation:
    """Its last day, today unless told; it stays in the history. Raises Invalid."""
    ended_on = ended_on or today()
    rules.check_period(relation.started_on, ended_on, today())
    before = relation.audit_value()
    relation.ended_on = ended_on
    _record(relation, [before], [relation.audit_value()], actor=actor)
    return relation


def remove_relation(relation: Relation, *, actor: User) -> None:
    """Takes away what was entered by mistake; only the audit log knows of it afterwards."""
    before = relation.audit_value()
    both = relation.from_organisation, relation.to_organisation
    db.session.delete(relation)
    _record_both(both, [before], [], actor=actor)


def set_parent(organisation: Organisation, *, actor: User, parent_id: int | None) -> None:
    """The organisation is the subsidiary of this one from today, or of none. Raises Invalid at `parent`."""
    current = db.session.scalars(
        select(Relation).where(
            Relation.from_id == organisation.id,
            Relation.kind == RelationKind.subsidiary_of,
            Relation.ended_on.is_(None),
        )
    ).one_or_none()
    if parent_id == (current.to_id if current is not None else None):
        return
    try:
        if current is not None:
            end_relation(current, actor=actor)
        if parent_id is not None:
            started_on = today() if current is not None else None
            add_relation(
                actor=actor,
                from_id=organisation.id,
                to_id=parent_id,
                kind=RelationKind.subsidiary_of,
                started_on=started_on,
            )
    except Invalid as invalid:
        raise Invalid({"parent": [message for told in invalid.errors.values() for message in told]}) from None


def _check_new(
    source: Organisation, target: Organisation, kind: RelationKind, started_on: date | None
) -> None:
    """The same tie twice: one that holds already, or one from the same day."""
    same: ColumnElement[bool] = and_(Relation.from_id == source.id, Relation.to_id == target.id)
    if kind in SYMMETRIC:
        same = or_(same, and_(Relation.from_id == target.id, Relation.to_id == source.id))
    held: ColumnElement[bool] = Relation.ended_on.is_(None)
    if started_on is not None:
        held = or_(held, Relation.started_on == started_on)
    if db.session.scalar(select(Relation.id).where(same, held, Relation.kind == kind).limit(1)) is not None:
        raise Invalid({"to_id": [_("This relation is already registered")]})


def _check_parent(source: Organisation, target: Organisation) -> None:
    """One parent at a time, and never in a circle."""
    parents = select(Relation.from_id, Relation.to_id).where(
        Relation.kind == RelationKind.subsidiary_of, Relation.ended_on.is_(None)
    )
    parent = db.session.execute(
        select(Organisation.id, Organisation.name)
        .join(Relation, Relation.to_id == Organisation.id)
        .where(
            Relation.from_id == source.id,
            Relation.kind == RelationKind.subsidiary_of,
            Relation.ended_on.is_(None),
        )
    ).first()
    if parent is not None:
        message = _("%(name)s is a subsidiary already. End that relation first.", name=source.name)
        raise Invalid({"to_id": [Linked(message, label=parent.name, path=f"/organisations/{parent.id}")]})
    above = parents.where(Relation.from_id == target.id).cte(recursive=True)
    further = parents.join(above, Relation.from_id == above.c.to_id)
    above = above.union(further)
    if db.session.scalar(select(above.c.to_id).where(above.c.to_id == source.id).limit(1)) is not None:
        raise Invalid(
            {
                "to_id": [
                    _(
                        "%(other)s is itself below %(name)s: that would make a circle",
                        other=target.name,
                        name=source.name,
                    )
                ]
            }
        )


def _record(relation: Relation, before: list[Any], after: list[Any], *, actor: User) -> None:
    _record_both((relation.from_organisation, relation.to_organisation), before, after, actor=actor)


def _record_both(both: tuple[Organisation, ...], before: list[Any], after: list[Any], *, actor: User) -> None:
    """Both organisations' histories tell of it."""
    db.session.flush()
    for organisation in both:
        if {value["kind"] for value in before + after} == {RelationKind.subsidiary_of}:
            organisation.updated_at = now()  # the parent is part of what the API tells: the version moves on
        record(organisation, actor=actor, changes={"relations": [before, after]})
