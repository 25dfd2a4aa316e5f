"""Passwords: how they are kept, and which are refused."""

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

from crm.database import folded

SHORTEST = 12
LONGEST = 200
USUAL = frozenset(
    folded(line) for line in Path(__file__).with_name("usual_passwords.txt").read_text().splitlines()
)
"""What people choose when twelve characters are asked for, without the digits and signs that they put around it."""

RUNS = (
    "01234567890123456789",
    "09876543210987654321",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
PRODUCT = "naeringskontakt"


@cache
def _hasher(cheap: bool) -> PasswordHasher:
    # 19 MiB and two passes, as OWASP advises: four threads that sign in at once stay within a worker's memory.
    return (
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        if cheap
        else PasswordHasher(2, 19 * 1024, 1)
    )


@cache
def _nobodys(cheap: bool) -> str:
    return _hasher(cheap).hash(secrets.token_urlsafe())


def _normal(password: str) -> str:
    """One form of what different keyboards send for the same letters."""
    return unicodedata.normalize("NFKC", password)


def hash_of(password: str) -> str:
    """What is kept of a password. Slow on purpose: no transaction should be open meanwhile."""
    return _hasher(current_app.testing).hash(_normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether it is the password. Takes as long where there is none: nobody learns who has an account."""
    try:
        _hasher(current_app.testing).verify(password_hash or _nobodys(current_app.testing), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than those of today."""
    return _hasher(current_app.testing).check_needs_rehash(password_hash)


def new_password(password: str | None, *, name: str = "", email: str = "") -> str:
    """The password as chosen, if it will do for the user. Raises ValueError with what to mend."""
    password = password or ""
    if not password:
        raise ValueError(_("Enter a password"))
    if len(password) < SHORTEST:
        raise ValueError(
            _("Use at least %(least)s characters. Four words in a row are easy to remember.", least=SHORTEST)
        )
    if len(password) > LONGEST:
        raise ValueError(_("Use at most %(most)s characters", most=LONGEST))
    letters = re.sub(r"[^a-z]", "", folded(password))
    if letters in USUAL or _is_a_pattern(password):
        raise ValueError(_("This password is among the first that others would guess. Choose another."))
    if _is_about(password, name=name, email=email):
        raise ValueError(
            _("Choose a password that is not made from your name, your e-mail address or the product's name")
        )
    return password


def _is_a_pattern(password: str) -> bool:
    plain = folded(password).replace(" ", "")
    return len(set(password)) < 5 or any(plain and (plain in run * 2) for run in RUNS)


def _is_about(password: str, *, name: str, email: str) -> bool:
    """Whether little is left when the user's own words are taken out."""
    left = plain = folded(password).replace(" ", "")
    account, _at, domain = email.partition("@")
    own = {*folded(name).split(), *folded(account).split(), folded(domain.split(".")[0]), folded(PRODUCT)}
    for word in sorted(own, key=len, reverse=True):
        if len(word) >= 3:
            left = left.replace(word, "")
    return left != plain and len(left) < 8
