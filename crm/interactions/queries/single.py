"""One interaction with what its page and its form show."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import CompoundSelect, Integer, String, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from crm.accounts.models import Unit, User
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    FollowUp,
    Interaction,
    InteractionSignal,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.policies import can_bin, can_view
from crm.interactions.queries.noted import in_order
from crm.interactions.queries.records import RECORDED, InteractionRecord, with_parts
from crm.interactions.queries.secrecy import READABLE, seen_by
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.plan.models import Measure


def found_interaction(interaction_id: int, viewer: User) -> Interaction:
    """The interaction with everything its page shows. 404 where there is none, or where it is in
    the bin and the viewer could not restore it; 403 where it is confidential and not for them.
    """
    return _allowed(interaction_by_id(interaction_id), viewer)


def _allowed(interaction: Interaction | None, viewer: User) -> Interaction:
    if interaction is None:
        abort(404)
    if not can_view(viewer, interaction):
        abort(403)
    if interaction.is_binned and not can_bin(viewer, interaction):
        abort(404)
    return interaction


def interaction_to_fill_in(interaction_id: int, viewer: User) -> Interaction:
    """The interaction as its form and page need it: only its advisors come along. Aborts as `found_interaction` does. One
    statement.
    """
    if not 0 < interaction_id < 2**31:
        abort(404)
    found = db.session.scalars(_WITH_ADVISORS, {"identity": interaction_id})
    return _allowed(found.unique().one_or_none(), viewer)


class Part(NamedTuple):
    """Somebody or something that belongs to an interaction; `about` says more of it, in the order it is read."""

    id: int
    name: str
    about: list[str]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the page of an interaction shows of others, each in the order of names, measures in that of their plans.
    `measures` are (plan, code, label by language).
    """

    organisations: list[Part]
    contacts: list[Part]
    advisors: list[Part]
    measures: list[tuple[int, str, dict[str, str]]]
    signals: list[str]
    author: str


def parts_of(interaction_id: int) -> Parts:
    """Who and what belongs to it. One statement."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for kind, identity, name, first, second, key in db.session.execute(
        _PARTS, {"identity": interaction_id}
    ).all():
        found[kind].append((key, identity, name, [text for text in (first, second) if text]))
    people: dict[str, list[Part]] = {
        kind: [Part(*rest) for _key, *rest in sorted(found[kind], key=itemgetter(0, 1))] for kind in "oca"
    }
    measures = sorted(found["m"], key=lambda row: (int(row[0]), row[1]))
    return Parts(
        people["o"],
        people["c"],
        people["a"],
        [(plan, code, json.loads(about[0])) for _key, plan, code, about in measures],
        in_order(name for _key, _id, name, _about in found["s"]),
        found["w"][0][2],
    )


def _parts() -> CompoundSelect[Any]:
    """(what, id, name, two words about it, order) of all that belongs to the interaction `identity`."""
    o, m, s, none = interaction_organisations.c, interaction_measures.c, InteractionSignal, null()
    met, took_part, author = ContactParticipation, AdvisorParticipation, aliased(User)
    full_name = Contact.given_name + " " + Contact.family_name
    employer = aliased(Organisation)
    return union_all(
        select(literal("o"), Organisation.id, Organisation.name, none, none, Organisation.sort_key)
        .join(o.interaction_id.table, o.organisation_id == Organisation.id)
        .where(o.interaction_id == _IDENTITY),
        select(literal("c"), Contact.id, full_name, Affiliation.title, employer.name, Contact.sort_key)
        .join(met, met.contact_id == Contact.id)
        .outerjoin(Affiliation, Affiliation.id == met.affiliation_id)
        .outerjoin(employer, employer.id == Affiliation.organisation_id)
        .where(met.interaction_id == _IDENTITY),
        select(literal("a"), User.id, User.name, Unit.name, none, User.sort_key)
        .join(took_part, took_part.user_id == User.id)
        .outerjoin(Unit, Unit.id == took_part.unit_id)
        .where(took_part.interaction_id == _IDENTITY),
        select(
            literal("m"), Measure.plan_id, Measure.code, cast(Measure.labels, String), none,
            cast(Measure.position, String),
        )
        .join(m.interaction_id.table, m.measure_id == Measure.id)
        .where(m.interaction_id == _IDENTITY),
        select(literal("s"), literal(0), s.signal, none, none, s.signal).where(s.interaction_id == _IDENTITY),
        select(literal("w"), author.id, author.name, none, none, author.sort_key)
        .join(Interaction, Interaction.author_id == author.id)
        .where(Interaction.id == _IDENTITY),
    )  # fmt: skip


def interaction_by_id(interaction_id: int) -> Interaction | None:
    """The interaction with its participants, measures and follow-ups, whoever asks; in the bin or not."""
    if not 0 < interaction_id < 2**31:
        return None
    return db.session.scalar(_WHOLE, {"identity": interaction_id})


def record_for(interaction_id: int, viewer: User) -> InteractionRecord:
    """What the API tells of an interaction. 404 where there is none or it is in the bin; 403 where it is confidential and
    not for the viewer. Two statements.
    """
    row = db.session.execute(_RECORD, seen_by(viewer) | {"identity": interaction_id}).one_or_none()
    if row is None:
        abort(404)
    if not row.is_readable:
        abort(403, "The interaction is confidential")
    return with_parts([row])[0]


def everything() -> Sequence[ExecutableOption]:
    """Loading options for all that an interaction's page, form and API answer show. Seven statements for any number."""
    person = (Contact.given_name, Contact.family_name, Contact.sort_key)
    met = selectinload(Interaction.contact_participations)
    return (
        joinedload(Interaction.author).load_only(User.name),
        selectinload(Interaction.organisations).load_only(Organisation.name, Organisation.sort_key),
        selectinload(Interaction.measures).joinedload(Measure.plan, innerjoin=True),
        met.joinedload(ContactParticipation.contact, innerjoin=True).load_only(*person),
        met.joinedload(ContactParticipation.affiliation)
        .joinedload(Affiliation.organisation)
        .load_only(Organisation.name),
        selectinload(Interaction.advisor_participations).options(
            joinedload(AdvisorParticipation.user, innerjoin=True).load_only(User.name, User.sort_key),
            joinedload(AdvisorParticipation.unit),
        ),
        selectinload(Interaction.signals),
        selectinload(Interaction.follow_ups).joinedload(FollowUp.owner, innerjoin=True).load_only(User.name),
    )


_IDENTITY = bindparam("identity", type_=Integer)
_PARTS = _parts()
_RECORD = select(*RECORDED, READABLE.label("is_readable")).where(
    Interaction.id == _IDENTITY, Interaction.deleted_at.is_(None)
)
_WHOLE = select(Interaction).where(Interaction.id == _IDENTITY).options(*everything())
_WITH_ADVISORS = (
    select(Interaction)
    .where(Interaction.id == _IDENTITY)
    .options(joinedload(Interaction.advisor_participations))
)
_SUBMITTED = select(Interaction.id).where(
    Interaction.submission_key == bindparam("submission_key", type_=String)
)
"""Statements made once: making one costs more than asking it."""


def submitted(submission_key: str) -> Interaction | None:
    """The interaction that the form with this key has made, if it has been sent before."""
    found = db.session.scalar(_SUBMITTED, {"submission_key": submission_key})
    return interaction_by_id(found) if found is not None else None
