"""What is kept with interactions. Whoever may read the interaction may read its files, and nobody else knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import Integer, bindparam, func, select

from crm.accounts.models import User
from crm.attachments.forms import UploadForm
from crm.attachments.models import Attachment
from crm.extensions import db
from crm.files import Kind
from crm.interactions.models import Interaction
from crm.interactions.queries import interaction_to_fill_in


class AttachmentRow(NamedTuple):
    """A file as the interaction's page lists it."""

    id: int
    name: str
    media_type: str
    size: int
    thumbnail_key: str | None
    created_at: datetime
    uploaded_by: str

    @property
    def is_picture(self) -> bool:
        return self.thumbnail_key is not None

    @property
    def label(self) -> Any:
        return Kind(self.media_type).label


@dataclass(frozen=True, slots=True)
class Attachments:
    """The files of an interaction, oldest first, and the form for more of them."""

    rows: Sequence[AttachmentRow]
    form: UploadForm


_KEPT = (
    Attachment.interaction_id == bindparam("interaction_id", type_=Integer),
    Attachment.removed_at.is_(None),
)
_ROWS = (
    select(
        Attachment.id,
        Attachment.name,
        Attachment.media_type,
        Attachment.size,
        Attachment.thumbnail_key,
        Attachment.created_at,
        User.name,
    )
    .join(User, User.id == Attachment.uploaded_by_id)
    .where(*_KEPT)
    .order_by(Attachment.id)
)
_NAMES = select(Attachment.name).where(*_KEPT).order_by(Attachment.id)
_NUMBER = select(func.count()).select_from(Attachment).where(*_KEPT)


def attachments_of(interaction: Interaction, _viewer: User) -> Attachments | None:
    """The panel of the interaction's page, which whoever sees it may read; None for one in the bin. One statement."""
    if interaction.is_binned:
        return None
    rows = db.session.execute(_ROWS, {"interaction_id": interaction.id}).all()
    return Attachments([AttachmentRow._make(row) for row in rows], UploadForm(formdata=None))


def attachment_ids(interaction: Interaction, _viewer: User) -> list[int]:
    """All that there have been, for the interaction's history."""
    every = select(Attachment.id).where(Attachment.interaction_id == interaction.id)
    return list(db.session.scalars(every))


def names_of(interaction_id: int) -> list[str]:
    return list(db.session.scalars(_NAMES, {"interaction_id": interaction_id}))


def number_of(interaction_id: int) -> int:
    return db.session.scalar(_NUMBER, {"interaction_id": interaction_id}) or 0


def found_attachment(attachment_id: int, viewer: User) -> tuple[Attachment, Interaction]:
    """The file and its interaction. 404 where there is none, where it is removed or its interaction lies in the bin;
    403 where that is confidential and not for the viewer. Two statements.
    """
    attachment = db.session.get(Attachment, attachment_id) if 0 < attachment_id < 2**31 else None
    if attachment is None:
        abort(404)
    interaction = interaction_to_fill_in(attachment.interaction_id, viewer)
    if attachment.removed_at is not None or interaction.is_binned:
        abort(404)
    return attachment, interaction
