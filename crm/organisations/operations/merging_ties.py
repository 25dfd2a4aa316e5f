"""What a merge does with affiliations, relations and names, whose rows are more than a link."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, insert, or_, select, update

from crm.database import folded, now
from crm.extensions import db
from crm.organisations.journal import Journal
from crm.organisations.mergeable import Merging, mergeables
from crm.organisations.models import (
    Affiliation,
    Contact,
    NameKind,
    Organisation,
    OrganisationName,
    Relation,
    RelationKind,
)
from crm.web.clock import today

_a, _r, _n, _c = (
    cast(Table, model.__table__) for model in (Affiliation, Relation, OrganisationName, Contact)
)
Row = Mapping[str, Any]


def move_affiliations(merging: Merging) -> None:
    """A person who works at both works there once, with what is known of either; one first contact stays."""
    column = merging.column
    other = "contact_id" if column.name == "organisation_id" else "organisation_id"
    theirs = _rows(column == merging.survivor)
    contacts = set()
    for row in _rows(column == merging.loser):
        contacts |= {row["contact_id"], merging.survivor if other == "organisation_id" else row["contact_id"]}
        has_first = column.name == "organisation_id" and any(one["primary"] for one in theirs)
        is_first = row["primary"] and not has_first
        twin = next((one for one in theirs if one[other] == row[other] and _is_same(one, row)), None)
        if twin is not None:
            joined = _joined(twin, row, is_first=is_first)
            _change(merging.journal, _a, twin, joined)
            theirs = [{**one, **joined} if one is twin else one for one in theirs]
            _replace_affiliation(merging.journal, row["id"], twin["id"])
            _remove(merging.journal, _a, row)
        else:
            _change(merging.journal, _a, row, {column.name: merging.survivor, "primary": is_first})
    there = _c.c.id.in_(contacts - {merging.loser} if other == "organisation_id" else contacts)
    db.session.execute(update(_c).where(there).values(version=_c.c.version + 1, updated_at=now()))


def _rows(condition: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(select(_a).where(condition).order_by(_a.c.id)).mappings()]


def _is_same(one: Row, other: Row) -> bool:
    """Both last; or both are the same stretch of the same work."""
    if one["ended_on"] is None and other["ended_on"] is None:
        return True
    return all(one[name] == other[name] for name in ("title", "started_on", "ended_on"))


def _joined(one: Row, other: Row, *, is_first: bool) -> dict[str, Any]:
    days = [day for day in (one["started_on"], other["started_on"]) if day is not None]
    return {
        "title": one["title"] or other["title"],
        "topics": list(dict.fromkeys([*one["topics"], *other["topics"]])),
        "primary": one["primary"] or is_first,
        "started_on": min(days, default=None),
    }


def _replace_affiliation(journal: Journal, old: int, new: int) -> None:
    """What was said of the one is said of the other."""
    for one in mergeables(_a):
        one.move(Merging(one.column, old, new, journal))


def move_relations(merging: Merging) -> None:
    """Ties between the two vanish, the same tie twice is one, and a second parent, or one that would close a circle, is
    a former one.
    """
    loser, survivor, journal = merging.loser, merging.survivor, merging.journal
    held = [row for row in _relations(survivor) if loser not in (row["from_id"], row["to_id"])]
    for row in _relations(loser):
        ends = {end: survivor if row[end] == loser else row[end] for end in ("from_id", "to_id")}
        becomes = {**row, **ends}
        if becomes["from_id"] == becomes["to_id"] or any(_is_same_tie(one, becomes) for one in held):
            _remove(journal, _r, row)
        else:
            if _is_parent(becomes) and _cannot_be_parent(becomes, row["id"]):
                becomes["ended_on"] = max(filter(None, (today(), row["started_on"])))
            _change(journal, _r, row, {name: becomes[name] for name in ("from_id", "to_id", "ended_on")})
            held.append(becomes)


def _relations(organisation_id: int) -> list[dict[str, Any]]:
    of_it = or_(_r.c.from_id == organisation_id, _r.c.to_id == organisation_id)
    return [dict(row) for row in db.session.execute(select(_r).where(of_it).order_by(_r.c.id)).mappings()]


def _is_same_tie(one: Row, other: Row) -> bool:
    ends, theirs = (one["from_id"], one["to_id"]), (other["from_id"], other["to_id"])
    turned = one["kind"] == RelationKind.partner_of and ends == theirs[::-1]
    both_last = one["ended_on"] is None and other["ended_on"] is None
    same_day = one["started_on"] is not None and one["started_on"] == other["started_on"]
    same_period = one["started_on"] == other["started_on"] and one["ended_on"] == other["ended_on"]
    return (
        one["kind"] == other["kind"] and (ends == theirs or turned) and (both_last or same_day or same_period)
    )


def _is_parent(row: Row) -> bool:
    return row["kind"] == RelationKind.subsidiary_of and row["ended_on"] is None


def _cannot_be_parent(row: Row, besides: int) -> bool:
    """The subsidiary has another parent, or is above this one itself."""
    current = (_r.c.kind == RelationKind.subsidiary_of.value, _r.c.ended_on.is_(None), _r.c.id != besides)
    if (
        db.session.scalar(select(_r.c.id).where(*current, _r.c.from_id == row["from_id"]).limit(1))
        is not None
    ):
        return True
    seen: set[int] = set()
    above: int | None = row["to_id"]
    while above is not None and above not in seen:
        if above == row["from_id"]:
            return True
        seen.add(above)
        above = db.session.scalar(select(_r.c.to_id).where(*current, _r.c.from_id == above).limit(1))
    return False


def move_names(merging: Merging) -> None:
    """Names that the survivor has not got. The loser's own name, and its number, come as an earlier one."""
    loser, survivor = (db.session.get_one(Organisation, one) for one in (merging.loser, merging.survivor))
    statement = select(_n).where(_n.c.organisation_id.in_((loser.id, survivor.id))).order_by(_n.c.id)
    rows = [dict(row) for row in db.session.execute(statement).mappings()]
    held = {(row["kind"], folded(row["name"])) for row in rows if row["organisation_id"] == survivor.id}
    for row in (one for one in rows if one["organisation_id"] == loser.id):
        key = row["kind"], folded(row["name"])
        if key in held:
            _remove(merging.journal, _n, row)
        else:
            held.add(key)
            _change(merging.journal, _n, row, {"organisation_id": survivor.id})


def add_former_name(
    journal: Journal, survivor: Organisation, name: str, number: str | None, *, until: date | None = None
) -> None:
    """The name as an earlier one of the survivor, unless it is called so anyway and there is no number to keep."""
    kept_number = number if number != survivor.organisation_number else None
    held = select(_n).where(_n.c.organisation_id == survivor.id, _n.c.kind == NameKind.earlier.value)
    same = [dict(row) for row in db.session.execute(held).mappings() if folded(row["name"]) == folded(name)]
    if same:
        _change(journal, _n, same[0], {"organisation_number": same[0]["organisation_number"] or kept_number})
    elif kept_number is not None or folded(name) != folded(survivor.name):
        name_of_it = {"organisation_id": survivor.id, "kind": NameKind.earlier.value, "name": name}
        made = insert(_n).values(**name_of_it, until=until, organisation_number=kept_number)
        journal.added(_n, db.session.scalars(made.returning(_n.c.id)).one())


def _change(journal: Journal, table: Table, row: Row, values: Mapping[str, Any]) -> None:
    changed = {name: (row[name], value) for name, value in values.items() if row[name] != value}
    if changed:
        becomes = {name: pair[1] for name, pair in changed.items()}
        db.session.execute(update(table).where(table.c.id == row["id"]).values(becomes))
        journal.changed(table, row["id"], changed)


def _remove(journal: Journal, table: Table, row: Row) -> None:
    db.session.execute(delete(table).where(table.c.id == row["id"]))
    journal.removed(table, [row])
