"""From a mailbox to the row, the answer and the administrator's list. The mailbox is a small IMAP server of our own."""

import email
import re
import socketserver
import threading
from datetime import timedelta
from email.policy import default

import pytest
from sqlalchemy import select

from config import Config
from crm.extensions import db
from crm.invitations import mailbox, operations, sorting
from crm.invitations.mailbox import MailboxFailed, poll
from crm.invitations.models import InboundMessage, RawMessage, Via
from crm.invitations.reading import MOST_BYTES
from tests.invitations.conftest import TODAY, raw
from tests.support.factories import make_organisation, make_user

TRUSTED = "mx.kommune.example.no"
PROVED = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=kommune.example.no\r\n".encode()


class Imap(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 as fetching needs: `server.box` is {uid: [raw, seen]}, `server.moved` what was moved away."""

    def handle(self):
        self.say("* OK ready")
        for line in self.rfile:
            tag, _space, rest = line.decode().strip().partition(" ")
            verb = rest.upper().split()[0]
            if verb == "LOGIN" and "feil" in rest:
                self.say(f"{tag} NO wrong")
                continue
            if self.server.broken and "COPY" in rest:
                return
            getattr(self, verb.lower(), lambda _rest: None)(rest)
            self.say(f"{tag} OK {verb} done")
            if verb == "LOGOUT":
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def capability(self, _rest):
        self.say("* CAPABILITY IMAP4rev1")

    def logout(self, _rest):
        self.say("* BYE")

    def select(self, _rest):
        self.say(f"* {len(self.server.box)} EXISTS")

    def list(self, rest):
        name = rest.split()[-1].strip('"')
        if name in self.server.folders:
            self.say(f'* LIST () "/" "{name}"')

    def create(self, rest):
        self.server.folders.add(rest.split()[-1].strip('"'))

    def uid(self, rest):
        words = rest.split()
        box = self.server.box
        if words[1].upper() == "SEARCH":
            every = "ALL" in words
            self.say("* SEARCH " + " ".join(str(uid) for uid, one in box.items() if every or not one[1]))
        elif words[1].upper() == "FETCH":
            most = int(re.search(r"<0\.(\d+)>", rest)[1])
            content = box[int(words[2])][0][:most]
            self.say(f"* 1 FETCH (UID {words[2]} BODY[]<0> {{{len(content)}}}")
            self.wfile.write(content + b")\r\n")
        elif words[1].upper() == "COPY":
            self.server.moved.append(int(words[2]))
        elif words[1].upper() == "STORE":
            if "Deleted" in rest:
                box.pop(int(words[2]), None)
            elif "Seen" in rest:
                box[int(words[2])][1] = True


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as serving:
        serving.daemon_threads = True
        serving.box, serving.moved, serving.folders, serving.broken = {}, [], {"INBOX"}, False
        threading.Thread(target=serving.serve_forever, args=[0.01], daemon=True).start()
        yield serving
        serving.shutdown()


@pytest.fixture
def fetch(app, isolation, server, monkeypatch):
    """Poll the mailbox, with the messages put in it first."""
    port = server.server_address[1]

    def fetched(*messages, query="?move=Handled", password="hemmelig", at=TODAY):
        settings = Config(
            _env_file=None,
            secret_key="x" * 32,
            mail_url=app.config["CRM"].mail_url,
            public_url="https://crm.example.no",
            calendar_mailbox_url=f"imap://avtaler%40kommune.example.no:{password}@127.0.0.1:{port}/INBOX{query}",
            calendar_trusted_authserv=TRUSTED,
        )
        monkeypatch.setitem(app.config, "CRM", settings)
        monkeypatch.setattr(sorting, "get_txt", lambda *_a, **_k: None)
        for message in messages:
            server.box[max(server.box, default=0) + 1] = [message, False]
        number = poll(at)
        db.session.expire_all()
        return number

    return fetched


def answers(outbox):
    return [
        email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(outbox.glob("*.eml"))
    ]


def messages():
    return db.session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()


def test_from_the_mailbox_to_the_row_and_one_answer(fetch, server, rows, outbox, anne, company):
    assert fetch(PROVED + raw("outlook-desktop.eml")) == 1
    (row,) = rows()
    (message,) = messages()
    assert (row.title, row.author_id, row.status) == ("Om tomten på Berger", anne.id, "planned")
    assert (message.state, message.proof, message.sender_id) == ("taken", "mail_server", anne.id)
    assert (server.box, server.moved) == ({}, [1])
    (answer,) = answers(outbox)
    assert answer["To"].addresses[0].addr_spec == "anne@kommune.example.no"
    assert answer["Auto-Submitted"] == "auto-generated"
    assert f"https://crm.example.no/interactions/{row.id}\r\n" in answer.get_content()
    assert fetch() == 0
    assert len(answers(outbox)) == 1


def test_without_a_folder_it_is_marked_as_read(fetch, server, rows, anne):
    fetch(PROVED + raw("outlook-desktop.eml"), query="")
    assert server.box[1][1] is True
    assert fetch(query="") == 0
    assert len(rows()) == 1


def test_why_not_is_answered_too(fetch, outbox, anne):
    fetch(PROVED + raw("nothing.eml"))
    (answer,) = answers(outbox)
    assert "It holds no invitation. Add this address to the meeting itself" in answer.get_content()
    assert "/interactions/" not in answer.get_content()


def test_who_is_not_proved_waits_without_an_answer(fetch, rows, outbox, anne):
    fetch(raw("outlook-desktop.eml"))
    (message,) = messages()
    assert (message.state, message.reason) == ("waiting", "not_authenticated")
    assert rows() == []
    assert answers(outbox) == []


def test_who_is_no_user_waits(fetch, rows, outbox, anne):
    fetch(
        PROVED + raw("outlook-desktop.eml").replace(b"<anne@kommune.example.no>", b"<per@firma.example.org>")
    )
    assert [one.reason for one in messages()] == ["unknown_sender"]
    assert (rows(), answers(outbox)) == ([], [])


@pytest.mark.parametrize("role", ["reader"])
def test_who_logs_no_interactions_waits(fetch, rows, role):
    make_user(role, email="anne@kommune.example.no")
    fetch(PROVED + raw("outlook-desktop.eml"))
    assert [one.reason for one in messages()] == ["unknown_sender"]


def test_after_a_crash_before_the_move_the_message_is_known_again(fetch, server, rows, anne, outbox):
    server.broken = True
    with pytest.raises(MailboxFailed):
        fetch(PROVED + raw("outlook-desktop.eml"))
    assert len(rows()) == 1, "what was kept is taken in"
    server.broken = False
    assert fetch() == 1
    assert server.moved
    assert (len(messages()), len(rows()), len(answers(outbox))) == (1, 1, 1)


def test_what_was_kept_is_not_lost_when_taking_in_never_began(fetch, rows, anne):
    operations.receive(PROVED + raw("outlook-desktop.eml"), via=Via.mailbox, actor=None)
    db.session.commit()
    fetch()
    assert len(rows()) == 1


def test_the_message_is_kept_before_it_leaves(fetch, monkeypatch, anne):
    seen = []

    def put_away(_box, _uid, _settings):
        db.session.rollback()
        seen.append(db.session.scalar(select(RawMessage.content)))

    monkeypatch.setattr(mailbox, "_put_away", put_away)
    fetch(PROVED + raw("outlook-desktop.eml"))
    assert seen == [PROVED + raw("outlook-desktop.eml")]


def test_through_two_mailboxes_it_is_answered_once(fetch, rows, outbox, anne):
    fetch(
        PROVED + raw("outlook-desktop.eml"), PROVED + b"Received: otherwise\r\n" + raw("outlook-desktop.eml")
    )
    assert (len(messages()), len(rows()), len(answers(outbox))) == (2, 1, 1)


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <a.example.no>", "Return-Path: <>"],
)
def test_programs_get_no_answer(fetch, rows, outbox, anne, header):
    fetch(header.encode() + b"\r\n" + PROVED + raw("outlook-desktop.eml"))
    assert len(rows()) == 1
    assert answers(outbox) == []


def test_an_answer_to_an_invitation_is_left_alone(fetch, outbox, anne):
    fetch(raw("reply.eml"))
    assert [one.state for one in messages()] == ["refused"]
    assert answers(outbox) == []


def test_answers_have_an_end(fetch, outbox, anne, monkeypatch):
    monkeypatch.setattr("crm.invitations.answers.MOST_A_DAY", 3)
    made = [PROVED + raw("nothing.eml").replace(b"nothing1@", b"nothing%d@" % n) for n in range(6)]
    fetch(*made)
    assert len(answers(outbox)) == 3
    more = PROVED + raw("nothing.eml").replace(b"nothing1@", b"nothing99@")
    fetch(more, at=TODAY + timedelta(days=2))
    assert len(answers(outbox)) == 4


def test_what_is_too_large_is_refused_without_being_fetched_whole(fetch, rows, anne):
    fetch(PROVED + raw("outlook-desktop.eml") + b"x" * (MOST_BYTES + 1000))
    (message,) = messages()
    assert message.reason == "too_large"
    assert db.session.scalar(select(db.func.length(RawMessage.content))) <= MOST_BYTES + 1


def test_a_wrong_password_is_told_in_one_line(fetch, app):
    with pytest.raises(MailboxFailed, match="look at CALENDAR_MAILBOX_URL"):
        fetch(password="feil")
    result = app.test_cli_runner().invoke(args=["jobs", "run", "--only", "mailbox"])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_unforeseen_error_waits_for_an_administrator(fetch, rows, anne, monkeypatch):
    make_organisation("Firma AS", website="firma.example.org")
    monkeypatch.setattr("crm.invitations.operations.taking.take_meeting", lambda *_a, **_k: 1 / 0)
    fetch(PROVED + raw("outlook-desktop.eml"))
    assert [(one.state, one.reason) for one in messages()] == [("waiting", "failed")]
    assert rows() == []
