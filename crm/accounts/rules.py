"""What makes users, absences and tokens valid. Pure; forms, commands and the operations share it.

A rule takes a value as somebody typed it and returns it as it is stored, or raises ValueError with what to mend.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from crm.accounts.models import Language, Role, Scope
from crm.web.forms.fields import parse_phone, tidy
from crm.web.validation import Invalid

LONGEST_TOKEN_LIFE = timedelta(days=365)
LONGEST_ABSENCE = timedelta(days=3 * 365)


def checked(rules: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """The value of each field by its rule. Raises Invalid with everything that is wrong, not only the first."""
    values: dict[str, Any] = {}
    errors: dict[str, list[Any]] = {}
    for field, rule in rules.items():
        try:
            values[field] = rule()
        except ValueError as error:
            errors[field] = [str(error)]
    if errors:
        raise Invalid(errors)
    return values


def _short_enough(value: str, most: int) -> str:
    if len(value) > most:
        raise ValueError(
            _("Use at most %(most)s characters. There are %(used)s now.", most=most, used=len(value))
        )
    return value


def person_name(value: str | None) -> str:
    name = _short_enough(tidy(value or ""), 120)
    if not any(character.isalnum() for character in name):
        raise ValueError(_("Enter a name"))
    return name


def email(value: str | None) -> str:
    address = tidy(value or "").lower()
    if not address:
        raise ValueError(_("Enter an e-mail address"))
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError(_("Enter an e-mail address, such as name@example.no")) from None
    return _short_enough(address, 254)


def phone(value: str | None) -> str | None:
    """E.164."""
    typed = tidy(value or "")
    try:
        return parse_phone(typed) if typed else None
    except ValueError:
        raise ValueError(_("Enter a telephone number, such as 63 80 00 00 or +46 8 123 456 78")) from None


def unit_name(value: str | None) -> str | None:
    return _short_enough(tidy(value or ""), 120) or None


def role(value: str | None) -> Role:
    if value not in set(Role):
        raise ValueError(_("Choose a role"))
    return Role(value)


def language(value: str | None) -> Language:
    if value not in set(Language):
        raise ValueError(_("Choose a language"))
    return Language(value)


def scope(value: str | None) -> Scope:
    if value not in set(Scope):
        raise ValueError(_("Choose what the token may do"))
    return Scope(value)


def token_name(value: str | None) -> str:
    name = _short_enough(tidy(value or ""), 120)
    if not name:
        raise ValueError(_("Enter a name that tells what the token is for"))
    return name


def last_day(value: date | None, today: date) -> date:
    """The last day a token may be used."""
    if value is None:
        raise ValueError(_("Enter the last day the token may be used"))
    if value < today:
        raise ValueError(_("The last day must not be in the past"))
    if value > today + LONGEST_TOKEN_LIFE:
        raise ValueError(_("A token lasts a year at most"))
    return value


def absence_period(starts_on: date | None, ends_on: date | None) -> tuple[date, date]:
    """First and last day. Raises Invalid."""
    errors: dict[str, list[Any]] = {}
    if starts_on is None:
        errors["starts_on"] = [_("Enter the first day away")]
    if ends_on is None:
        errors["ends_on"] = [_("Enter the last day away")]
    if starts_on and ends_on and ends_on < starts_on:
        errors["ends_on"] = [_("The last day must not be before the first")]
    elif starts_on and ends_on and ends_on - starts_on > LONGEST_ABSENCE:
        errors["ends_on"] = [_("An absence lasts three years at most")]
    if errors or starts_on is None or ends_on is None:
        raise Invalid(errors)
    return starts_on, ends_on
