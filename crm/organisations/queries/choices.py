"""What can be chosen in the forms and filters of organisations."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all

from crm.accounts.models import User
from crm.extensions import db
from crm.organisations.models import Organisation, Tag, organisation_tags
from crm.organisations.queries.managers import POSSIBLE

MOST_SUGGESTED = 200

_o, _tag, _u = Organisation.__table__.c, Tag.__table__.c, User.__table__.c


class Choices(NamedTuple):
    """Managers are (id, name) in the order of names; of the others those that some organisation has."""

    managers: Sequence[tuple[int, str]]
    municipality_numbers: Sequence[str]
    tags: Sequence[str]


def choices(*besides: int | None) -> Choices:
    """What there is to choose from; those named besides are among the managers, too. One statement."""
    kept = [one for one in besides if one is not None]
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for kind, identity, name, place in db.session.execute(_CHOICES, {"besides": kept}).all():
        found[kind].append((place, identity, name))
    managers, numbers, tags = (sorted(found[kind]) for kind in ("manager", "municipality", "tag"))
    return Choices(
        [(identity, name) for _place, identity, name in managers],
        [number for number, _none, _number in numbers],
        [tag for _place, _none, tag in tags],
    )


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
    """(what, id, name, its place) of each choice."""
    managers = select(literal("manager"), _u.id, _u.name, _u.sort_key).where(POSSIBLE)
    numbers = _municipality_numbers().subquery()
    borne = select(organisation_tags.c.tag_id).where(organisation_tags.c.tag_id == _tag.id).exists()
    first_tags = select(_tag.name, _tag.folded_name).where(borne).order_by(_tag.folded_name)
    tags = first_tags.limit(MOST_SUGGESTED).subquery()
    return union_all(
        managers,
        select(literal("municipality"), literal(0), numbers.c.number, numbers.c.number),
        select(literal("tag"), literal(0), tags.c.name, tags.c.folded_name),
    )


_CHOICES = _choices()
