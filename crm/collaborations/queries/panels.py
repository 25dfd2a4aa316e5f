"""What other pages show of collaborations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, case, func, select

from crm.accounts.models import User
from crm.collaborations.models import Collaboration, Stage
from crm.extensions import db
from crm.interactions.models import Interaction, interaction_organisations
from crm.interactions.queries.secrecy import READABLE, seen_by

MOST = 8


class PartnershipYear(NamedTuple):
    id: int
    year: int
    stage: str
    title: str

    @property
    def stage_label(self) -> Any:
        return Stage(self.stage).label


@dataclass(frozen=True, slots=True)
class Partnerships:
    """The latest collaborations of an organisation; `hidden` of the `total` the viewer may not read."""

    rows: Sequence[PartnershipYear]
    total: int
    hidden: int


def collaborations_of_organisation(organisation_id: int, viewer: User) -> Partnerships:
    """One statement."""
    found = db.session.execute(_OF_ORGANISATION, seen_by(viewer) | {"identity": organisation_id}).all()
    rows = [PartnershipYear(*row[:4]) for row in found if not row.is_hidden]
    total, hidden = (int(found[0].total), int(found[0].hidden)) if found else (0, 0)
    return Partnerships(rows, total, hidden)


_partner = interaction_organisations.c
_hidden = case((READABLE, 0), else_=1)
_OF_ORGANISATION = (
    select(
        *(Collaboration.id, Collaboration.year, Collaboration.stage, Interaction.title),
        _hidden.label("is_hidden"),
        func.count().over().label("total"),
        func.sum(_hidden).over().label("hidden"),
    )
    .join(Interaction, Interaction.id == Collaboration.id)
    .join(interaction_organisations, _partner.interaction_id == Collaboration.id)
    .where(_partner.organisation_id == bindparam("identity", type_=Integer), Interaction.deleted_at.is_(None))
    .order_by(_hidden, Collaboration.year.desc(), Collaboration.id.desc())
    .limit(MOST)
)
