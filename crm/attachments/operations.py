"""Files are stored first, then recorded; removed from the records first, then deleted."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from crm import files
from crm.accounts.models import User
from crm.attachments.models import Attachment
from crm.attachments.queries import names_of, number_of
from crm.attachments.rules import too_many
from crm.audit.recording import record
from crm.database import folded, now
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.operations import lock_interaction, set_further_words
from crm.web.validation import Invalid

log = structlog.get_logger("crm")

Upload = tuple[str, BinaryIO]
"""A file's name as it was sent, and what to read it from."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the storage already; see `Attachment` for its fields."""

    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    digest: str
    storage_key: str
    thumbnail_key: str | None


class StorageFails(Exception):
    """The storage does not take the files: nothing is wrong with them."""


def store_uploads(uploads: Sequence[Upload], keys: Collection[str]) -> list[Stored]:
    """Check the files and write them under the keys, two for each; one file at a time is in memory.

    Raises Invalid, all or nothing, with a message for each file that is refused; or StorageFails.
    """
    if (reason := too_many(len(uploads), 0)) is not None:
        raise Invalid({"files": [reason]})
    stored: list[Stored] = []
    refused: list[str] = []
    unused = iter(keys)
    for name, stream in uploads:
        try:
            prepared, digest = _read(name, stream)
            if not refused:
                stored.append(_write(prepared, digest, unused))
        except files.Refused as error:
            refused.append(_("“%(name)s”: %(reason)s", name=name[:150], reason=error.reason))
        except OSError as error:
            log.error("file not stored", error=type(error).__name__)  # noqa: TRY400  its name tells enough
            raise StorageFails from error
    if refused:
        raise Invalid({"files": refused})
    return stored


def _read(name: str, stream: BinaryIO) -> tuple[files.Prepared, str]:
    content = stream.read(files.MOST_BYTES + 1)
    return files.prepared(name, content), hashlib.sha256(content).hexdigest()


def _write(prepared: files.Prepared, digest: str, keys: Iterator[str]) -> Stored:
    key, thumbnail_key = next(keys), next(keys)
    files.storage().save(key, prepared.content)
    if prepared.thumbnail is not None:
        files.storage().save(thumbnail_key, prepared.thumbnail)
    return Stored(
        name=prepared.name,
        media_type=prepared.media_type,
        size=len(prepared.content),
        width=prepared.width,
        height=prepared.height,
        digest=digest,
        storage_key=key,
        thumbnail_key=thumbnail_key if prepared.thumbnail is not None else None,
    )


def attach(interaction: Interaction, stored: Sequence[Stored], *, actor: User) -> list[Attachment]:
    """Keep the files with the interaction. Those that are there already, sent twice say, are left out; their files stay
    loose. Raises Invalid where they become too many, StorageFails where they have been swept away.
    """
    lock_interaction(interaction)
    if (reason := too_many(len(stored), number_of(interaction.id))) is not None:
        raise Invalid({"files": [reason]})
    known = set(
        db.session.scalars(
            select(Attachment.digest).filter_by(interaction_id=interaction.id, removed_at=None)
        )
    )
    made = []
    for one in stored:
        if one.digest in known:
            continue
        known.add(one.digest)
        made.append(_recorded(interaction, one, actor))
    try:
        files.claim(keys_of(made))
    except OSError as error:
        raise StorageFails from error
    _keep_findable(interaction)
    return made


def _recorded(interaction: Interaction, stored: Stored, actor: User) -> Attachment:
    attachment = Attachment(
        interaction_id=interaction.id,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        width=stored.width,
        height=stored.height,
        digest=stored.digest,
        storage_key=stored.storage_key,
        thumbnail_key=stored.thumbnail_key,
        uploaded_by_id=actor.id,
    )
    record(attachment, actor=actor)
    return attachment


def remove_attachment(attachment: Attachment, interaction: Interaction, *, actor: User) -> list[str]:
    """Take the file away for good; returns the keys to discard when that is committed. Removing it twice changes nothing."""
    lock_interaction(interaction)
    db.session.refresh(attachment)
    if attachment.removed_at is not None:
        return []
    keys = keys_of([attachment])
    files.loosen(keys)
    attachment.removed_at = now()
    attachment.storage_key = attachment.thumbnail_key = None
    record(attachment, actor=actor, action="removed")
    _keep_findable(interaction)
    return keys


def keys_of(attachments: Sequence[Attachment]) -> list[str]:
    """The keys of their files, those of thumbnails included."""
    return [key for one in attachments for key in (one.storage_key, one.thumbnail_key) if key is not None]


def _keep_findable(interaction: Interaction) -> None:
    """Names of files are among the words that the interaction is found by; their endings are not."""
    set_further_words(interaction, folded(" ".join(names_of(interaction.id))))


def sweep_loose_files(at: datetime) -> str:
    """The job that deletes files that no record holds: of uploads that were cut off, and of records that are gone."""
    deleted = 0
    while found := files.sweep(at):
        db.session.commit()
        deleted += found
    return f"{deleted} files deleted" if deleted else ""
