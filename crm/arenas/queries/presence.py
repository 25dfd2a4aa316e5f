"""Who came to sessions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import literal, select, union_all

from crm.database import among
from crm.extensions import db
from crm.interactions.models import ContactParticipation, Interaction, interaction_organisations


@dataclass(slots=True)
class Presence:
    """The ids of who came to a session on a local day."""

    day: date
    organisations: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)

    def is_known(self, host_id: int | None) -> bool:
        """Whether anybody besides the host was put down: else nobody has said who came."""
        return bool(self.contacts or self.organisations - {host_id})


_i, _with = Interaction.__table__.c, interaction_organisations.c
_met = ContactParticipation.__table__.c
_PRESENT = union_all(
    select(literal("day"), _i.id, _i.listed_on, literal(0)).where(among(_i.id)),
    select(literal("organisation"), _i.id, _i.listed_on, _with.organisation_id).where(
        _with.interaction_id == _i.id, among(_i.id)
    ),
    select(literal("contact"), _i.id, _i.listed_on, _met.contact_id).where(
        _met.interaction_id == _i.id, among(_i.id)
    ),
)


def presence_at(interaction_ids: Sequence[int]) -> dict[int, Presence]:
    """By interaction. Whether they may be read was for the caller to ask. One statement."""
    found: dict[int, Presence] = {}
    rows = db.session.execute(_PRESENT, {"ids": interaction_ids}).all() if interaction_ids else ()
    for what, interaction_id, day, who in rows:
        presence = found.setdefault(interaction_id, Presence(day))
        if what == "organisation":
            presence.organisations.add(who)
        elif what == "contact":
            presence.contacts.add(who)
    return found
