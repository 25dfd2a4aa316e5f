"""Where mail goes, as MAIL_URL says."""

import os
import secrets
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from config import ROOT
from crm.database import now

SECONDS_TO_ANSWER = 15
PORTS = {"smtp": 587, "smtps": 465}


def deliver(message: EmailMessage, url: str) -> None:
    """Hand the message over. Raises OSError, smtplib.SMTPException or ValueError where that fails."""
    if url.startswith("file:"):
        keep(message, ROOT / url.removeprefix("file:"))
    else:
        hand_to_server(message, url)


def keep(message: EmailMessage, folder: Path) -> Path:
    """One .eml file a message, readable by the owner alone; it appears under its name when it is whole."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    unfinished = folder / f"{name}.part"
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(message.as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        return unfinished.replace(folder / f"{name}.eml")
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def hand_to_server(message: EmailMessage, url: str) -> None:
    """`smtp://user:password@host:587?starttls=1`, or `smtps://…` for TLS from the first byte."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
    secure = ssl.create_default_context()
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_ANSWER, context=secure)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=SECONDS_TO_ANSWER)
    )
    with server:
        if parse_qs(parts.query).get("starttls", ["0"])[0] not in {"", "0", "no", "false"}:
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
