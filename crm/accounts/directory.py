"""Who the users are: names for pickers and lists, kept from one change of a user to the next."""

from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select

from crm.accounts.models import Permission, Role, User
from crm.extensions import db
from crm.web.editions import Kept

_LOGGING = frozenset(role.value for role in Role if Permission.LOG_INTERACTIONS in role.permissions)
_u = User.__table__.c
_USERS = select(_u.id, _u.name, _u.role, _u.deactivated_at.is_(None), _u.is_service).order_by(
    _u.sort_key, _u.id
)


class Person(NamedTuple):
    id: int
    name: str
    role: str
    is_active: bool
    is_service: bool

    @property
    def logs(self) -> bool:
        """Whether they log interactions and can answer for organisations."""
        return self.is_active and not self.is_service and self.role in _LOGGING


class Directory(dict[int, Person]):
    """Every user by id, deactivated ones and services too, in Norwegian order of names."""

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each stands in the order."""
        return {identity: place for place, identity in enumerate(self)}

    def colleagues(self, *besides: int | None) -> list[Person]:
        """Who logs interactions, and those named besides."""
        return [person for person in self.values() if person.logs or person.id in besides]


def _read() -> Directory:
    return Directory((row[0], Person(*row)) for row in db.session.execute(_USERS).all())


directory = Kept("users", _read)
