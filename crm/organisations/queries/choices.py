"""What can be chosen in the forms and filters of organisations."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all

from crm.accounts.directory import directory
from crm.extensions import db
from crm.organisations.models import Organisation, Tag, organisation_tags

MOST_SUGGESTED = 200

_o, _tag = Organisation.__table__.c, Tag.__table__.c


class Choices(NamedTuple):
    """Managers are (id, name) in the order of names; of the others those that some organisation has."""

    managers: Sequence[tuple[int, str]]
    municipality_numbers: Sequence[str]
    tags: Sequence[str]


def choices(*besides: int | None) -> Choices:
    """What there is to choose from; those named besides are among the managers, too. One statement."""
    found: dict[str, list[tuple[str, str]]] = {"municipality": [], "tag": []}
    for kind, name, place in db.session.execute(_CHOICES).all():
        found[kind].append((place, name))
    numbers, tags = ([name for _place, name in sorted(several)] for several in found.values())
    return Choices([(one.id, one.name) for one in directory().colleagues(*besides)], numbers, tags)


def _municipality_numbers() -> Select[str]:
    """From one number to the next in the index, so that it costs the same however many organisations there are."""
    number = _o.municipality_number
    first = select(func.min(number).label("number")).where(_o.deleted_at.is_(None)).cte(recursive=True)
    following = (
        select(func.min(number))
        .where(_o.deleted_at.is_(None), number > first.c.number)
        .correlate(first)
        .scalar_subquery()
    )
    steps = first.union_all(select(following).where(first.c.number.is_not(None)))
    return select(steps.c.number).where(steps.c.number.is_not(None))


def _choices() -> CompoundSelect[Any]:
    """(what, name, its place) of each choice."""
    numbers = _municipality_numbers().subquery()
    borne = select(organisation_tags.c.tag_id).where(organisation_tags.c.tag_id == _tag.id).exists()
    first_tags = select(_tag.name, _tag.folded_name).where(borne).order_by(_tag.folded_name)
    tags = first_tags.limit(MOST_SUGGESTED).subquery()
    return union_all(
        select(literal("municipality"), numbers.c.number, numbers.c.number),
        select(literal("tag"), tags.c.name, tags.c.folded_name),
    )


_CHOICES = _choices()
