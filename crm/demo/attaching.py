"""Minutes and pictures with the latest of the made-up interactions."""

from io import BytesIO
from random import Random

from sqlalchemy import select

from crm import files
from crm.attachments.operations import Upload, attach, store_uploads
from crm.demo.papers import board, minutes
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus

_KINDS = (InteractionKind.company_visit, InteractionKind.meeting, InteractionKind.event)
_LATEST = 12
_NAMES = ("Referat", "Møtereferat", "Notat fra samtalen")


def attach_papers(rng: Random) -> int:
    """Give the latest visits, meetings and events their papers, as their authors would; returns how many."""
    latest = (
        select(Interaction)
        .where(
            Interaction.status == InteractionStatus.held,
            Interaction.kind.in_(_KINDS),
            Interaction.deleted_at.is_(None),
        )
        .order_by(Interaction.listed_on.desc(), Interaction.id.desc())
        .limit(_LATEST)
    )
    return sum(_attach(rng, place, one) for place, one in enumerate(db.session.scalars(latest).all()))


def _attach(rng: Random, place: int, interaction: Interaction) -> int:
    name = f"{_NAMES[place % len(_NAMES)]} {interaction.starts_on:%Y-%m-%d}"
    papers: list[Upload] = [(f"{name}.pdf", BytesIO(minutes(interaction.title, interaction.notes or "")))]
    if place % 3 == 0:
        papers.append((f"Tavla {interaction.starts_on:%Y-%m-%d}.jpg", BytesIO(board(rng, interaction.title))))
    keys = files.reserve(2 * len(papers))
    made = attach(interaction, store_uploads(papers, keys), actor=interaction.author)
    files.discard(keys)
    return len(made)
