"""How commands speak: in English, and of errors in one line on standard error."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click
from flask_babel import force_locale

from crm.web.validation import Invalid

Command = TypeVar("Command", bound=Callable[..., Any])


def in_english(command: Command) -> Command:
    """Messages of rules come in the reader's language; an operator's is that of the commands."""

    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> Any:
        with force_locale("en_GB"):
            return command(*args, **kwargs)

    return told  # type: ignore[return-value]


def refuse(reason: object) -> NoReturn:
    """End with exit code 1 and the reason in one line."""
    raise click.ClickException(" ".join(str(reason).split()))


def refuse_invalid(invalid: Invalid) -> NoReturn:
    refuse("; ".join(str(message) for messages in invalid.errors.values() for message in messages))
