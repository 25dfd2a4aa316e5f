"""Interactions with all that belongs to them, by id and name: what the log form compares and shows again."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from sqlalchemy import CompoundSelect, String, cast, literal, select, union_all
from sqlalchemy.orm import aliased

from crm.accounts.models import User
from crm.database import among
from crm.extensions import db
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    InteractionSignal,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.queries.listing import COLUMNS, InteractionRow, Named
from crm.interactions.queries.noted import in_order
from crm.organisations.models import Contact, Organisation
from crm.plan.models import Measure

_values = attrgetter(*(column.key for column in COLUMNS))


def with_participants(found: Iterable[Any]) -> list[InteractionRow]:
    """Rows of COLUMNS with who and what belongs to them: one more statement, whatever their number."""
    rows = {row.id: InteractionRow(*_values(row)) for row in found}
    if not rows:
        return []
    parts: dict[str, list[tuple[Any, int, Named]]] = {"o": [], "c": [], "a": [], "m": [], "s": []}
    found_parts = db.session.execute(PARTICIPANTS, {"ids": list(rows)}).all()
    for kind, interaction_id, part_id, name, key in found_parts:
        parts[kind].append((int(key) if kind == "m" else key, interaction_id, Named(part_id, name)))
    names = {"o": "organisations", "c": "contacts", "a": "advisors", "m": "measures"}
    for kind, name in names.items():
        for _key, interaction_id, part in sorted(parts[kind], key=lambda entry: (entry[0], entry[2].id)):
            getattr(rows[interaction_id], name).append(part)
    for _key, interaction_id, part in parts["s"]:
        rows[interaction_id].signals.append(part.name)
    for row in rows.values():
        row.signals = in_order(row.signals)
    return list(rows.values())


def _participants() -> CompoundSelect[Any]:
    """(what, interaction, id, name, order) of each organisation, contact, advisor, measure and signal of `ids`."""
    o, m, s = interaction_organisations.c, interaction_measures.c, InteractionSignal
    contact, user = aliased(Contact), aliased(User)
    full_name = contact.given_name + " " + contact.family_name
    met, took_part = ContactParticipation, AdvisorParticipation
    return union_all(
        select(literal("o"), o.interaction_id, Organisation.id, Organisation.name, Organisation.sort_key)
        .join(Organisation, Organisation.id == o.organisation_id)
        .where(among(o.interaction_id)),
        select(literal("c"), met.interaction_id, contact.id, full_name, contact.sort_key)
        .join(contact, contact.id == met.contact_id)
        .where(among(met.interaction_id)),
        select(literal("a"), took_part.interaction_id, user.id, user.name, user.sort_key)
        .join(user, user.id == took_part.user_id)
        .where(among(took_part.interaction_id)),
        select(literal("m"), m.interaction_id, Measure.id, Measure.code, cast(Measure.position, String))
        .join(Measure, Measure.id == m.measure_id)
        .where(among(m.interaction_id)),
        select(literal("s"), s.interaction_id, literal(0), s.signal, s.signal).where(among(s.interaction_id)),
    )


PARTICIPANTS = _participants()
