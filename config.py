"""Settings, from the environment or from `instance/crm.env`."""

import secrets
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"

MENDS = {
    "SECRET_KEY": "set it to at least 32 random bytes, e.g. python3 -c 'import secrets; print(secrets.token_hex(32))'",
    "DATABASE_URL": "use sqlite:///path/to/file.sqlite3 or postgresql+psycopg://user:password@host/database",
    "MAIL_URL": "use file:folder or smtp://user:password@host:587?starttls=1",
    "ATTACHMENTS_URL": "use file:folder, or s3://bucket/folder after pip install fsspec s3fs",
    "PUBLIC_URL": "use the address people type, e.g. https://naeringskontakt.example.no",
    "CALENDAR_MAILBOX_URL": "use imaps://user%40host:password@imap.example.no/INBOX?move=Handled, with TLS",
    "CALENDAR_TRUSTED_AUTHSERV": "use the name that your mail server begins its Authentication-Results with",
    "MUNICIPALITY_NUMBERS": "use numbers of four digits with commas between, e.g. 3205,3030",
    "REDIS_URL": "use redis://host:6379/0, or leave it out",
}


class WrongSetting(Exception):
    """One line that names the setting and the mend."""


@dataclass(frozen=True)
class Mailbox:
    """Where invitations are fetched from. `move_to` is the folder for what has been fetched; without one it is marked as
    read. `starttls`: encrypted only after the greeting.
    """

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    move_to: str | None = None
    starttls: bool = False
    plain: bool = False

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Raises ValueError with what is wrong."""
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        starttls = query.get("starttls", ["0"])[0] not in {"", "0", "no", "false"}
        plain = parts.scheme == "imap" and not starttls
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname:
            raise ValueError("is not an IMAP mailbox")
        if not parts.username or not parts.password:
            raise ValueError("names no user and password")
        if plain and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
            raise ValueError("would send the password unencrypted")
        return cls(
            host=parts.hostname,
            port=parts.port or (993 if parts.scheme == "imaps" else 143),
            user=unquote(parts.username),
            password=unquote(parts.password),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            move_to=query.get("move", [None])[0],
            starttls=starttls and parts.scheme == "imap",
            plain=plain,
        )


def _listed(value: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in value.split(","))))


class Config(BaseSettings):
    """The settings; only those with a default here may be left out."""

    model_config = SettingsConfigDict(env_file=INSTANCE / "crm.env", extra="ignore", frozen=True)

    secret_key: str
    database_url: str = f"sqlite:///{INSTANCE / 'crm.sqlite3'}"
    redis_url: str | None = None
    mail_url: str = f"file:{INSTANCE / 'outbox'}"
    attachments_url: str = f"file:{INSTANCE / 'attachments'}"
    mail_from: str = "naeringskontakt@localhost"
    public_url: str = "http://127.0.0.1:8000"
    calendar_mailbox_url: str | None = None
    calendar_trusted_authserv: str | None = None
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    demo: bool = False
    testing: bool = False
    idle_minutes: int = Field(default=120, ge=1)
    session_hours: int = Field(default=12, ge=1)
    municipality_numbers: str = "3205,3030"

    @field_validator("secret_key")
    @classmethod
    def long_enough(cls, value: str) -> str:
        if len(value.encode()) < 32:
            raise ValueError("must be at least 32 bytes")
        return value

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str) -> str:
        if value.startswith("postgresql://"):
            return value.replace("postgresql://", "postgresql+psycopg://", 1)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("is not a database this product knows")
        return value

    @field_validator("mail_url")
    @classmethod
    def known_mail(cls, value: str) -> str:
        if not value.startswith(("file:", "smtp://", "smtps://")):
            raise ValueError("is neither a folder nor a mail server")
        return value

    @field_validator("attachments_url")
    @classmethod
    def known_storage(cls, value: str) -> str:
        if value.startswith("file:") and value != "file:":
            return value
        scheme, separator, _place = value.partition("://")
        if not separator:
            raise ValueError("is neither a folder nor the address of a storage")
        try:
            import_module("fsspec").get_filesystem_class(scheme)
        except (ImportError, ValueError) as error:
            raise ValueError(f"needs a library that knows {scheme}://") from error
        return value

    @field_validator("public_url")
    @classmethod
    def an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("calendar_mailbox_url")
    @classmethod
    def a_mailbox(cls, value: str | None) -> str | None:
        if value:
            Mailbox.from_url(value)
        return value or None

    @field_validator("calendar_trusted_authserv")
    @classmethod
    def one_name(cls, value: str | None) -> str | None:
        if value and not value.replace(".", "").replace("-", "").replace("_", "").isalnum():
            raise ValueError("is not the name of a mail server")
        return value or None

    @property
    def mailbox(self) -> Mailbox | None:
        """The mailbox that invitations are fetched from, if there is one."""
        return Mailbox.from_url(self.calendar_mailbox_url) if self.calendar_mailbox_url else None

    @field_validator("municipality_numbers")
    @classmethod
    def numbers_of_four_digits(cls, value: str) -> str:
        if any(len(number) != 4 or not number.isdecimal() for number in _listed(value)):
            raise ValueError("is not a list of numbers of four digits")
        return value

    @property
    def own_municipalities(self) -> tuple[str, ...]:
        """The numbers that the municipality has, and has had: what lies there is found before others."""
        return _listed(self.municipality_numbers)

    @field_validator("redis_url")
    @classmethod
    def a_redis(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @classmethod
    def from_environment(cls, **overrides: Any) -> Self:
        """The settings as the environment gives them. Raises WrongSetting on the first that cannot be used."""
        try:
            return cls(**overrides)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).upper()
            reason = (
                "is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
            )
            mend = MENDS.get(name, "see the list of settings in docs/operations.md")
            raise WrongSetting(f"{name} {reason}: {mend}") from error


def kept_secret_key(path: Path = INSTANCE / "secret_key") -> str:
    """The key made at the first start and kept beside the database, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


if __name__ == "__main__":
    # What `make run` and `make demo` start with: the operator's own key, else the kept one.
    try:
        print(Config.from_environment().secret_key)
    except WrongSetting as error:
        if not str(error).startswith("SECRET_KEY is missing"):
            raise SystemExit(str(error)) from error
        print(kept_secret_key())
