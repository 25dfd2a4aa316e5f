"""What makes organisations, contacts and affiliations valid. Pure; forms, the API and imports share it.

A rule takes a value as somebody typed it and returns it as it is stored (None where empty), or raises ValueError
with what to mend.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from stdnum.no import orgnr

from crm.accounts.models import Language
from crm.database import folded
from crm.organisations.models import OrganisationKind, OrganisationStatus
from crm.organisations.naming import other_names
from crm.web.forms.fields import parse_phone, tidy, tidy_text
from crm.web.validation import Invalid

Rule = Callable[[Any], Any]

MOST_EMPLOYEES = 10_000_000
MOST_WORDS = 30


def _not_longer(value: str, most: int) -> str:
    if len(value) > most:
        raise ValueError(
            _("Use at most %(most)s characters. There are %(used)s now.", most=most, used=len(value))
        )
    return value


def line(most: int) -> Rule:
    """One line of text, tidied."""
    return lambda value: _not_longer(tidy(value or ""), most) or None


def text(most: int) -> Rule:
    """Several lines of text."""
    return lambda value: _not_longer(tidy_text(value or ""), most).strip() or None


def one_of(choices: type[StrEnum]) -> Rule:
    def rule(value: Any) -> str:
        if value not in set(choices):
            raise ValueError(_("Choose one from the list"))
        return choices(value)

    return rule


def organisation_name(value: str | None) -> str:
    name = _not_longer(tidy(value or ""), 200)
    if not name:
        raise ValueError(_("Enter a name"))
    if not any(character.isalnum() for character in name):
        raise ValueError(_("Enter a name with letters or digits"))
    return name


def organisation_number(value: str | None) -> str | None:
    """Nine digits whose last is right by modulus 11; blanks, and the NO … MVA of a VAT number, are taken off."""
    digits = re.sub(r"[\s.-]", "", tidy(value or "")).upper().removeprefix("NO").removesuffix("MVA")
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{9}", digits):
        raise ValueError(_("Enter an organisation number of nine digits, such as 974 760 673"))
    if not orgnr.is_valid(digits):
        raise ValueError(_("This is not a valid organisation number: the last digit does not fit the others"))
    return digits


def legal_form(value: str | None) -> str | None:
    code = tidy(value or "").upper()
    if code and not re.fullmatch(r"[A-ZÆØÅ]{2,10}", code):
        raise ValueError(_("Enter the short form in letters, such as AS or ENK"))
    return code or None


def industry_code(value: str | None) -> str | None:
    """NN.NNN, as the business register writes it; typed without the dot as well."""
    code = re.sub(r"\s", "", tidy(value or ""))
    if not code:
        return None
    found = re.fullmatch(r"([0-9]{2})\.?([0-9]{3})", code)
    if not found:
        raise ValueError(_("Enter an industry code as two digits, a dot and three digits, such as 62.010"))
    return f"{found[1]}.{found[2]}"


def employees(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if not isinstance(value, int) or not 0 <= value <= MOST_EMPLOYEES:
        raise ValueError(_("Enter a whole number of employees, 0 or more"))
    return value


def municipality_number(value: str | None) -> str | None:
    number = tidy(value or "")
    if number and not re.fullmatch(r"[0-9]{4}", number):
        raise ValueError(_("Enter the municipality's number of four digits, such as 3205"))
    return number or None


def postcode(value: str | None) -> str | None:
    """Four digits in Norway; a foreign one bears letters, at least those of its country (SE-111 20)."""
    code = tidy(value or "").upper()
    if code and not any(c.isalpha() for c in code) and not re.fullmatch(r"[0-9]{4}", code):
        raise ValueError(_("Enter four digits. Begin a foreign postcode with its country: SE-111 20"))
    return _not_longer(code, 10) or None


def website(value: str | None) -> str | None:
    """An http or https address; https is put in front where neither was typed."""
    address = tidy(value or "")
    if not address:
        return None
    problem = ValueError(_("Enter a web address, such as www.example.no"))
    if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?![0-9])", address):
        address = f"https://{address.removeprefix('//')}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        raise problem from None
    named = re.fullmatch(r"[^\W_](?:[\w-]*\.)+[^\W\d_][\w-]+", host)
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or " " in address or not named:
        raise problem
    return _not_longer(address, 300)


def email(value: str | None) -> str | None:
    address = tidy(value or "").lower()
    if not address:
        return None
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise ValueError(_("Enter an e-mail address, such as name@example.no")) from None
    return _not_longer(address, 254)


def phone(value: str | None) -> str | None:
    """E.164."""
    number = tidy(value or "")
    if not number:
        return None
    try:
        return parse_phone(number)
    except ValueError:
        raise ValueError(_("Enter a telephone number, such as 63 80 00 00 or +46 8 123 456 78")) from None


def words(value: str | Iterable[str] | None) -> list[str]:
    """Free words (tags, topics), from a list or typed with commas between; two that fold alike are one."""
    typed = re.split(r"[,;\n]", value) if isinstance(value, str) else list(value or ())
    found: dict[str, str] = {}
    for word in filter(None, (tidy(one) for one in typed)):
        key = folded(word)
        if not key:
            raise ValueError(_("“%(word)s” has neither letters nor digits", word=word[:60]))
        if max(len(word), len(key)) > 60:
            raise ValueError(_("Use at most 60 characters in each word, and commas between words"))
        found.setdefault(key, word)
    if len(found) > MOST_WORDS:
        raise ValueError(_("Use at most %(most)s words", most=MOST_WORDS))
    return list(found.values())


ORGANISATION: Mapping[str, Rule] = {
    "name": organisation_name,
    "kind": one_of(OrganisationKind),
    "status": one_of(OrganisationStatus),
    "organisation_number": organisation_number,
    "legal_form": legal_form,
    "industry_code": industry_code,
    "employees": employees,
    "municipality_number": municipality_number,
    "street": line(200),
    "postcode": postcode,
    "city": line(80),
    "website": website,
    "email": email,
    "phone": phone,
    "about": text(20_000),
    "tags": words,
    "other_names": other_names,
}
CONTACT: Mapping[str, Rule] = {
    "given_name": lambda value: line(100)(value) or "",
    "family_name": lambda value: line(100)(value) or "",
    "email": email,
    "phone": phone,
    "language": one_of(Language),
    "about": text(20_000),
}
AFFILIATION: Mapping[str, Rule] = {
    "title": line(120),
    "topics": words,
    "primary": bool,
    "started_on": lambda value: value,
    "ended_on": lambda value: value,
}


def checked(rules: Mapping[str, Rule], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises Invalid with every field's error, TypeError for an unknown field."""
    if unknown := values.keys() - rules.keys():
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    stored: dict[str, Any] = {}
    errors: dict[str, list[Any]] = {}
    for field, value in values.items():
        try:
            stored[field] = rules[field](value)
        except ValueError as error:
            errors[field] = [str(error)]
    if errors:
        raise Invalid(errors)
    return stored


def check_person_named(given_name: str | None, family_name: str | None) -> None:
    """A person is known by at least one name. Raises Invalid."""
    if not any(character.isalnum() for character in f"{given_name or ''}{family_name or ''}"):
        raise Invalid({"given_name": [_("Enter a given name or a family name")]})


def check_period(started_on: date | None, ended_on: date | None, today: date) -> None:
    """An affiliation or relation ends after it began, and not in the future: until then it holds. Raises Invalid."""
    if ended_on is not None and ended_on > today:
        raise Invalid({"ended_on": [_("The last day cannot be in the future")]})
    if started_on is not None and ended_on is not None and ended_on < started_on:
        raise Invalid({"ended_on": [_("The last day cannot be before the first")]})
