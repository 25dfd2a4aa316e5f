"""Files from outside: known by what they hold, kept under random names, deleted when no record holds them any more."""

from flask import Flask

from crm.files.checking import MOST_BYTES, Prepared, prepared
from crm.files.keeping import claim, discard, loosen, reserve, storage, sweep
from crm.files.kinds import ENDINGS, Kind
from crm.files.refusal import Refused
from crm.files.storages import storage_at

__all__ = [
    "ENDINGS",
    "MOST_BYTES",
    "Kind",
    "Prepared",
    "Refused",
    "claim",
    "discard",
    "loosen",
    "prepared",
    "register_files",
    "reserve",
    "storage",
    "sweep",
]


def register_files(app: Flask) -> None:
    """Open the storage that the settings name."""
    app.extensions["files"] = storage_at(app.config["CRM"].attachments_url)
