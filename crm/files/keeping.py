"""Which files are held by a record, and which are not (see `LooseFile`). Callers commit."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import delete, insert, select

from crm.database import now
from crm.extensions import db
from crm.files.models import LooseFile
from crm.files.storages import Storage, new_key

log = structlog.get_logger("crm")

LONGEST_UPLOAD = timedelta(hours=1)
AT_ONCE = 500


def storage() -> Storage:
    """The place that the settings name."""
    opened: Storage = current_app.extensions["files"]
    return opened


def reserve(number: int) -> list[str]:
    """So many new keys, to be committed before their files are written."""
    keys = [new_key() for _ in range(number)]
    loosen(keys)
    return keys


def claim(keys: Collection[str]) -> None:
    """From this transaction on a record holds the files. Raises OSError where they have been swept away meanwhile."""
    gone = delete(LooseFile).where(LooseFile.key.in_(keys)).returning(LooseFile.key)
    if len(db.session.scalars(gone).all()) != len(keys):
        raise OSError("the files are no longer there")


def loosen(keys: Iterable[str]) -> None:
    """From this transaction on no record holds the files."""
    rows = [{"key": key, "since": now()} for key in keys]
    if rows:
        db.session.execute(insert(LooseFile), rows)


def discard(keys: Collection[str]) -> int:
    """Delete those of the files that no record holds, and return their number; what cannot be deleted now is left for
    the sweep. Ask for it when what loosened them is committed.
    """
    loose = db.session.scalars(select(LooseFile.key).where(LooseFile.key.in_(keys))).all()
    deleted = [key for key in loose if _is_deleted(key)]
    if deleted:
        db.session.execute(delete(LooseFile).where(LooseFile.key.in_(deleted)))
    return len(deleted)


def sweep(at: datetime) -> int:
    """Delete files that no record has held for longer than any upload takes, some hundred at most, and return their
    number. `at` is the instant that counts as now.
    """
    left = select(LooseFile.key).where(LooseFile.since < at - LONGEST_UPLOAD)
    return discard(db.session.scalars(left.order_by(LooseFile.since).limit(AT_ONCE)).all())


def _is_deleted(key: str) -> bool:
    try:
        storage().delete(key)
    except OSError as error:
        log.warning("file not deleted", error=type(error).__name__)
        return False
    return True
