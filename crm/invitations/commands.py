"""Calendar files and messages at the command line. Told in English, as all commands."""

import mailbox
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from crm.extensions import db
from crm.invitations import operations
from crm.invitations.models import InboundMessage, MessageState, Proof, Via
from crm.invitations.reading import MOST_BYTES
from crm.invitations.reasons import Reason
from crm.web.commands import in_english, refuse

calendar = AppGroup("calendar", help="Invitations in files.")
PATH = click.Path(exists=True, path_type=Path)


@calendar.command("ingest")
@click.argument("files", type=PATH, nargs=-1, required=True)
@in_english
def ingest(files: tuple[Path, ...]) -> None:
    """Take in messages (.eml), calendar files (.ics) or folders in Maildir form, as if their senders were proved."""
    failed = 0
    for name, raw in _contents(files):
        message = operations.receive(raw, via=Via.command, actor=None, filename=Path(name).name)
        if message.state in {MessageState.received, MessageState.waiting}:
            operations.take_in(message, proof=Proof.operator, sender=None)
        db.session.commit()
        failed += message.state != MessageState.taken
        click.echo(f"{name}: {_in_words(message)}", err=message.state != MessageState.taken)
        db.session.expunge_all()
    if failed:
        raise SystemExit(1)


def _contents(files: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    for path in files:
        if not path.is_dir():
            yield str(path), _read(path)
        elif (path / "cur").is_dir() and (path / "new").is_dir():
            folder = mailbox.Maildir(str(path), create=False)
            for key in sorted(folder.keys()):
                yield f"{path}/{key}", folder.get_bytes(key)
        else:
            raise click.UsageError(f"{path} is a folder, but not in Maildir form")


def _read(path: Path) -> bytes:
    """No more than shows that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        refuse(f"{path}: {error.strerror}")


def _in_words(message: InboundMessage) -> str:
    counted = Counter(did for did, _interaction, _reason in message.results)
    told = ", ".join(f"{number} {did.replace('_', ' ')}" for did, number in counted.items())
    if message.state == MessageState.taken:
        first = next(interaction for _did, interaction, _reason in message.results if interaction)
        return f"{told}: {current_app.config['CRM'].public_url}/interactions/{first}"
    return str(Reason(message.reason).label) if message.reason else told
