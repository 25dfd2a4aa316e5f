import smtplib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

import structlog
from flask import current_app
from flask_babel import force_locale

from crm.database import now
from crm.mail import transports
from crm.web.locale import LOCALES


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar file that comes with the text, and what it asks of the recipient's calendar (iMIP, RFC 6047)."""

    method: str
    content: bytes


log = structlog.get_logger("crm")
_background = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


def send(
    to: str,
    subject: Any,
    template: str,
    *,
    language: str,
    name: str = "",
    wait: bool = True,
    key: str | None = None,
    reply_to: tuple[str, str] | None = None,
    calendar: CalendarPart | None = None,
    **context: Any,
) -> bool:
    """Send `templates/mail/<template>.txt`; call it when what it tells about is committed.

    The subject is a lazy string; `reply_to` is the name and address of whoever reads what is answered. Returns False where the message could not be handed over, which is logged and never
    raised: what was done stays done, and whoever did it is told in words. Without `wait` a mail server is
    spoken to in the background, so that the time of the answer does not tell whether there was anybody to write to.
    What may be sent twice has a `key`, which makes its Message-ID: most mail servers deliver one of them once.
    """
    url = str(current_app.config["CRM"].mail_url)
    try:
        message = composed(to, subject, template, language=language, name=name, key=key, **context)
        if reply_to is not None:
            message["Reply-To"] = Address(reply_to[0], addr_spec=reply_to[1])
        if calendar is not None:
            _put_calendar_in(message, calendar)
    except ValueError as error:  # an address that no header can hold
        log.warning("mail not written", error=type(error).__name__)
        return False
    if wait or lands_in_files():
        return _handed_over(message, url)
    _background.submit(_handed_over, message, url)
    return True


def composed(
    to: str,
    subject: Any,
    template: str,
    *,
    language: str,
    name: str = "",
    key: str | None = None,
    **context: Any,
) -> EmailMessage:
    """The message, worded in the language (nb, nn or en)."""
    settings = current_app.config["CRM"]
    with force_locale(LOCALES.get(language, LOCALES["nb"])):
        text = current_app.jinja_env.get_template(f"mail/{template}.txt").render(
            name=name, public_url=settings.public_url, **context
        )
        headline = str(subject)
    account, _, domain = to.rpartition("@")
    message = EmailMessage()
    message["From"] = Address("Næringskontakt", addr_spec=settings.mail_from)
    message["To"] = Address(name, account, domain)
    message["Subject"] = headline
    message["Date"] = format_datetime(now())
    domain_of_ours = settings.mail_from.rpartition("@")[2]
    message["Message-ID"] = f"<{key}@{domain_of_ours}>" if key else make_msgid(domain=domain_of_ours)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _put_calendar_in(message: EmailMessage, calendar: CalendarPart) -> None:
    """As an alternative to the text, which is what mail programs with a calendar look for, and as a file for the rest."""
    text = calendar.content.decode()
    parameters = {"method": calendar.method, "charset": "utf-8"}
    message.add_alternative(text, subtype="calendar", params=parameters, cte="base64")
    message.add_attachment(calendar.content, maintype="application", subtype="ics", filename="invite.ics")


def lands_in_files() -> bool:
    """Whether mail is kept in a folder, where its recipients do not see it."""
    return str(current_app.config["CRM"].mail_url).startswith("file:")


def _handed_over(message: EmailMessage, url: str) -> bool:
    try:
        transports.deliver(message, url)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("mail not sent", error=type(error).__name__)
        return False
    return True
