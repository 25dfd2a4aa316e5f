"""What pages say of an organisation that is not simply one of its fields."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.accounts.absences import absence_on, standing_in
from crm.accounts.models import User
from crm.organisations.models import Organisation
from crm.web.locale import language


@cache
def _labels(choices: type[StrEnum], _language: str) -> dict[str, str]:
    return {choice.value: str(choice.label) for choice in choices}  # type: ignore[attr-defined]


def labels_of(choices: type[StrEnum]) -> dict[str, str]:
    """What each member of the enum is called in the reader's language."""
    return _labels(choices, language())


@dataclass(frozen=True)
class Responsible:
    """Somebody who answers for an organisation; `away_until` while they are away, and who then stands in."""

    role: Any
    user: User
    away_until: date | None
    stand_in: User | None


def responsible(organisation: Organisation, on: date) -> list[Responsible]:
    """Account manager and deputy, in that order. Needs their absences loaded, and their stand-ins' too."""
    found = []
    for role, user in (
        (_l("Account manager"), organisation.account_manager),
        (_l("Deputy"), organisation.deputy),
    ):
        if user is not None:
            absence = absence_on(user, on)
            found.append(Responsible(role, user, absence.ends_on if absence else None, standing_in(user, on)))
    return found
