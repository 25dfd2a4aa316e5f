import click
from flask.cli import AppGroup

from crm.scheduling.sending import send_due

invitations = AppGroup("invitations", help="Invitations to planned interactions.")


@invitations.command("send")
def send() -> None:
    """Send what could not be sent before: run it from time to time."""
    sent = send_due()
    click.echo(f"{sent.told} told, {sent.failed} could not be told")
    if sent.failed:
        raise SystemExit(1)
