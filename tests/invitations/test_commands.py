"""Calendar files and messages at the command line."""

import mailbox
from datetime import timedelta

import pytest
from sqlalchemy import select

from config import Config, WrongSetting
from crm.database import now
from crm.extensions import db
from crm.invitations.jobs import tidy
from crm.invitations.models import InboundMessage
from tests.invitations.conftest import MESSAGES, raw


@pytest.fixture
def run(app):
    def ran(*args):
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["calendar", *map(str, args)])
        db.session.expire_all()
        return result

    return ran


def test_files_are_taken_in_as_proved(run, rows, anne, company):
    result = run("ingest", MESSAGES / "outlook-desktop.eml", MESSAGES / "whole-day.ics")
    assert result.exit_code == 0
    assert [row.title for row in rows()] == ["Om tomten på Berger", "Møte"]
    assert (
        f"outlook-desktop.eml: 1 planned: http://127.0.0.1:8000/interactions/{rows()[0].id}" in result.stdout
    )
    assert {one.proof for one in db.session.scalars(select(InboundMessage))} == {"operator"}


def test_again_changes_nothing(run, rows, anne):
    run("ingest", MESSAGES / "outlook-desktop.eml")
    assert run("ingest", MESSAGES / "outlook-desktop.eml").exit_code == 0
    assert len(rows()) == 1


def test_what_was_not_taken_is_told_and_the_rest_is_taken(run, rows, anne):
    result = run("ingest", MESSAGES / "nothing.eml", MESSAGES / "whole-day.ics")
    assert result.exit_code == 1
    assert len(rows()) == 1
    (line,) = result.stderr.strip().splitlines()
    assert "nothing.eml: It holds no invitation." in line


def test_a_folder_in_maildir_form(run, rows, anne, tmp_path):
    folder = mailbox.Maildir(str(tmp_path / "avtaler"))
    for name in ("google.eml", "apple.eml"):
        folder.add(raw(name))
    assert run("ingest", tmp_path / "avtaler").exit_code == 0
    assert len(rows()) == 2


def test_wrong_usage(run, tmp_path):
    assert run("ingest").exit_code == 2
    assert run("ingest", tmp_path).exit_code == 2
    assert run("ingest", tmp_path / "gone.ics").exit_code == 2


def test_without_a_mailbox_there_is_nothing_to_fetch(app, isolation):
    result = app.test_cli_runner().invoke(args=["jobs", "run", "--only", "mailbox"])
    assert result.exit_code == 0
    assert "fetched" not in result.output


def test_tidying_says_what_it_did(app, run, anne):
    run("ingest", MESSAGES / "until.ics")
    later = now() + timedelta(days=31)
    assert tidy(later) == "0 planned, 1 forgotten"


@pytest.mark.parametrize(
    "url",
    [
        "http://host/INBOX",
        "imaps://host/INBOX",
        "imaps://user@host/INBOX",
        "imap://user:word@mail.example.no/INBOX",
        "imaps://user:word@host:port/INBOX",
    ],
)
def test_a_wrong_mailbox_stops_the_start(url):
    with pytest.raises(WrongSetting, match=r"CALENDAR_MAILBOX_URL .*: use imaps://") as stopped:
        Config.from_environment(_env_file=None, secret_key="x" * 32, calendar_mailbox_url=url)
    assert "word" not in str(stopped.value).replace("password", "")


def test_a_mailbox_as_it_is_written():
    url = "imaps://avtaler%40kommune.example.no:p%2Fw@imap.example.no/Felles/Avtaler?move=Tatt%20inn"
    box = Config(_env_file=None, secret_key="x" * 32, calendar_mailbox_url=url).mailbox
    assert (box.host, box.port, box.user, box.password) == (
        "imap.example.no",
        993,
        "avtaler@kommune.example.no",
        "p/w",
    )
    assert (box.folder, box.move_to, box.starttls, box.plain) == ("Felles/Avtaler", "Tatt inn", False, False)


def test_a_wrong_name_of_the_mail_server_stops_the_start():
    with pytest.raises(WrongSetting, match="CALENDAR_TRUSTED_AUTHSERV"):
        Config.from_environment(_env_file=None, secret_key="x" * 32, calendar_trusted_authserv="a; b")
