import smtplib
import socketserver
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from flask_babel import lazy_gettext as _l

from crm.mail import transports
from crm.mail.sending import composed, send


def invitation(app, **more):
    with app.test_request_context():
        return composed(
            "kari@kommune.example",
            _l("You have been made a user of Næringskontakt"),
            "invitation",
            language="en",
            **(
                {
                    "name": "Åse, Øvre\u200b 👩‍🌾",
                    "inviter": None,
                    "link": "https://x.example/links/y",
                    "until": None,
                }
                | more
            ),
        )


def test_a_message_is_what_mail_programs_read(app):
    message = message_from_bytes(invitation(app).as_bytes(), policy=policy.default)
    assert message["To"].addresses[0].display_name == "Åse, Øvre\u200b 👩‍🌾"
    assert message["Message-ID"]
    assert message["Date"].datetime.tzinfo
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert "https://x.example/links/y" in message.get_content().splitlines()


def test_a_line_break_in_a_name_makes_no_header(app):
    with app.test_request_context():
        assert not send(
            "a@b.example", "x", "reset", language="en", name="Kari\nBcc: alle@b.example", link="", until=None
        )


def test_a_file_appears_whole(app, tmp_path):
    file = transports.keep(invitation(app), tmp_path / "nested" / "outbox")
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"\r\n" in file.read_bytes()


class Server(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP to take a message."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken = []


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 here\r\n")
        lines = None
        for line in self.rfile:
            if lines is not None:
                if line == b".\r\n":
                    self.server.taken.append(b"".join(lines))
                    lines = None
                    self.wfile.write(b"250 taken\r\n")
                else:
                    lines.append(line)
            elif line.upper().startswith(b"DATA"):
                lines = []
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server():
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_mail_server_takes_it(app, server):
    transports.deliver(invitation(app), f"smtp://127.0.0.1:{server.server_address[1]}")
    message = message_from_bytes(server.taken[0], policy=policy.default)
    assert message["Subject"] == "You have been made a user of Næringskontakt"


def test_a_server_without_tls_is_not_given_what_was_to_be_secret(app, server):
    with pytest.raises(smtplib.SMTPNotSupportedError):
        transports.deliver(
            invitation(app), f"smtp://user:pass@127.0.0.1:{server.server_address[1]}?starttls=1"
        )
    assert server.taken == []


def test_no_server_is_told_not_raised(app, monkeypatch):
    def broken(*_):
        raise ConnectionRefusedError

    monkeypatch.setattr(transports, "hand_to_server", broken)
    monkeypatch.setattr("crm.mail.sending.transports.keep", broken)
    with app.test_request_context():
        assert not send("a@b.example", "x", "reset", language="nb", name="Kari", link="", until=None)


@pytest.mark.parametrize(("language", "told"), [("nb", "01.12.2026 18:18"), ("en", "1 Dec 2026 18:18")])
def test_the_link_s_end_is_told_in_norwegian_time_as_people_write_it(app, language, told):
    until = datetime(2026, 12, 1, 17, 18, 34, 137764, tzinfo=UTC)
    for template, more in (("invitation", {"inviter": None}), ("reset", {})):
        with app.test_request_context():
            text = composed(
                "a@b.example", "x", template, language=language, link="y", until=until, **more
            ).get_content()
        assert f" {told}." in text
        assert "2026-12-01" not in text
