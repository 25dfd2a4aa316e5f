"""Topics at the command line. Told in English, as all commands."""

import click
from flask.cli import AppGroup

from crm.extensions import db
from crm.responsibilities import operations
from crm.web.commands import in_english

responsibilities = AppGroup("responsibilities", help="Topics, and who answers for what.")


@responsibilities.command("load-topics")
@in_english
def load_topics() -> None:
    """Load the topics that ship with the product and are not there yet. Changes none that is there."""
    made = operations.load_topics()
    db.session.commit()
    if made:
        click.echo(f"Loaded {len(made)} topics")
