"""Attachments at the command line."""

import click
from flask.cli import AppGroup

from crm import files
from crm.database import now
from crm.extensions import db
from crm.web.commands import in_english

attachments_group = AppGroup("attachments", help="Files kept with interactions.")


@attachments_group.command("sweep")
@in_english
def sweep() -> None:
    """Delete files that no record holds: of uploads that were cut off, and of records that are gone."""
    deleted = 0
    while found := files.sweep(now()):
        db.session.commit()
        deleted += found
    click.echo(f"{deleted} files deleted")
