"""One writer of an interaction at a time."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from crm.extensions import db
from crm.interactions.models import Interaction
from crm.web.validation import Stale


def lock_interaction(interaction: Interaction, version: int | None = None) -> None:
    """From here on nobody else changes it before this transaction ends, and it is what they left. Raises Stale where it is
    not the version that was read; None takes any.
    """
    row = db.session.execute(
        select(Interaction.version, Interaction.further_words)
        .where(Interaction.id == interaction.id)
        .with_for_update()
    ).one_or_none()
    if row is None or row.version != interaction.version:
        db.session.refresh(interaction)
    else:
        set_committed_value(interaction, "further_words", row.further_words)
    if version is not None and version != interaction.version:
        raise Stale(interaction)
