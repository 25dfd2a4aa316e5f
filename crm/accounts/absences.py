"""Who is away, and who stands in. Pure: whoever asks has loaded the absences."""

from collections.abc import Iterable
from datetime import date

from crm.accounts.models import Absence, User


def absence_on(user: User, day: date) -> Absence | None:
    """The absence that covers the day."""
    return next((a for a in user.absences if a.starts_on <= day <= a.ends_on), None)


def is_away(user: User, day: date) -> bool:
    return absence_on(user, day) is not None


def standing_in(user: User, day: date) -> User | None:
    """Who stands in for the user on the day; None where the user is there, where nobody is named, or where the deputy
    is away too or has left.
    """
    absence = absence_on(user, day)
    deputy = absence.deputy if absence is not None else None
    if deputy is None or not deputy.is_active or is_away(deputy, day):
        return None
    return deputy


def overlapping(absences: Iterable[Absence], starts_on: date, ends_on: date) -> Absence | None:
    """The first of the absences that shares a day with the period."""
    return next((a for a in absences if a.starts_on <= ends_on and starts_on <= a.ends_on), None)
