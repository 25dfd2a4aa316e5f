"""What the log form offers: organisations, people of theirs, colleagues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from crm.accounts.directory import directory
from crm.database import among, folded
from crm.extensions import db
from crm.interactions.queries.listing import Named
from crm.organisations.models import Contact, Organisation
from crm.organisations.queries import contact_options


@dataclass(frozen=True, slots=True)
class ChosenOrganisation:
    id: int
    label: str
    kind: str
    industry_code: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: `hint` tells which one it is."""

    id: int
    label: str
    hint: str = ""


def chosen_organisations(ids: Iterable[int]) -> list[ChosenOrganisation]:
    """In the order they were chosen; ids that nobody has are left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    rows = {row.id: row for row in db.session.execute(_CHOSEN, {"ids": wanted}).all()}
    return [ChosenOrganisation(*rows[one]) for one in wanted if one in rows]


_o = Organisation.__table__.c
_CHOSEN = select(_o.id, _o.name, _o.kind, _o.industry_code).where(among(_o.id))


def people_choices(
    organisation_ids: Sequence[int], chosen_ids: Iterable[int], known: Iterable[Named] = ()
) -> list[Option]:
    """People of the organisations, the primary contact first, then others who are chosen already."""
    offered = contact_options("", organisation_ids) if organisation_ids else []
    options = [Option(one["id"], one["label"], one["hint"]) for one in offered]
    others = [one for one in dict.fromkeys(chosen_ids) if one not in {option.id for option in options}]
    names = {one.id: one.name for one in known}
    if all(one in names for one in others):
        return options + [Option(one, names[one]) for one in others]
    return options + named_contacts(others)


def named_contacts(ids: Sequence[int]) -> list[Option]:
    if not ids:
        return []
    name = (Contact.given_name + " " + Contact.family_name).label("name")
    rows = db.session.execute(select(Contact.id, name).where(Contact.id.in_(ids)).order_by(Contact.sort_key))
    return [Option(row.id, row.name.strip()) for row in rows]


def people_to_choose(*besides: int) -> list[Option]:
    """Colleagues who log interactions, and those named besides, in the order of names."""
    return [Option(person.id, person.name) for person in directory().colleagues(*besides)]


def matching_people(query: str, people: Sequence[Option], most: int = 10) -> list[Option]:
    """Those of whose names a word begins with each word of the query; all of them where there is none."""
    words = folded(query).split()
    return [
        person
        for person in people
        if all(any(part.startswith(word) for part in folded(person.label).split()) for word in words)
    ][:most]
