"""Who works in the municipality: users in every role, enough advisors for what is logged."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from argon2 import PasswordHasher
from sqlalchemy import select

from crm.accounts.models import Absence, Language, Role, Unit, User
from crm.audit.recording import record
from crm.demo.numbers import mobile
from crm.demo.word_lists import word_list
from crm.extensions import db

DEMO_PASSWORD = "naeringskontakt-demo"  # noqa: S105  printed for everybody who tries the demo
_INTERACTIONS_PER_ADVISOR = 2_500


@dataclass(frozen=True, slots=True)
class Colleague:
    """A user as the history needs them: who moved, moved on `moved_on` from `earlier_unit_id`."""

    id: int
    role: Role
    unit_id: int
    earlier_unit_id: int
    moved_on: date

    def unit_on(self, day: date) -> int:
        """The unit that they belonged to on the day."""
        return self.unit_id if day >= self.moved_on else self.earlier_unit_id


@dataclass(frozen=True, slots=True)
class SignIn:
    role: Role
    name: str
    email: str


def sign_ins() -> list[SignIn]:
    """One for each role; all have DEMO_PASSWORD."""
    first: dict[Role, SignIn] = {}
    for person in word_list("staff")["staff"]:
        role = Role(person["role"])
        first.setdefault(role, SignIn(role, person["name"], person["email"]))
    return [
        first[role] for role in (Role.advisor, Role.manager, Role.first_line, Role.reader, Role.administrator)
    ]


def hire(rng: Random, *, interactions: int, today: date) -> list[Colleague]:
    """The users, flushed and recorded, in the order of the list; an office grows with what it logs."""
    password_hash = PasswordHasher().hash(DEMO_PASSWORD)
    units = {name: _unit(name) for name in word_list("staff")["units"]}
    people = [dict(person) for person in word_list("staff")["staff"]]
    advisors = sum(person["role"] == Role.advisor for person in people)
    enough = interactions // _INTERACTIONS_PER_ADVISOR
    people += [_one_more(rng, number) for number in range(advisors + 1, enough + 1)]
    users = [_user(rng, person, units, password_hash) for person in people]
    by_email = {user.email: user for user in users}
    for person in people:
        if person.get("away"):
            away, deputy = by_email[person["email"]], users[0]
            away.absences.append(
                Absence(
                    starts_on=today - timedelta(days=3), ends_on=today + timedelta(days=11), deputy=deputy
                )
            )
            record(away, actor=users[0])
    return [
        Colleague(
            id=user.id,
            role=Role(user.role),
            unit_id=units[person["unit"]].id,
            earlier_unit_id=units[person.get("moved_from", person["unit"])].id,
            moved_on=today - timedelta(days=500),
        )
        for user, person in zip(users, people, strict=True)
    ]


def _unit(name: str) -> Unit:
    unit = db.session.scalar(select(Unit).where(Unit.name == name))
    if unit is None:
        unit = Unit(name=name)
        record(unit, actor=None)
    return unit


def _one_more(rng: Random, number: int) -> dict[str, str]:
    names = word_list("names")
    return {
        "name": f"{rng.choice(names['given'])} {rng.choice(names['family'])}",
        "email": f"radgiver-{number}@demo.example",
        "role": Role.advisor,
        "unit": rng.choice(("Næring", "Plan og byutvikling")),
    }


def _user(rng: Random, person: dict[str, str], units: dict[str, Unit], password_hash: str) -> User:
    phone = mobile(rng)
    user = db.session.scalar(select(User).where(User.email == person["email"]))
    if user is None:
        user = User(email=person["email"], name=person["name"], role=Role(person["role"]), phone=phone)
        user.unit = units[person["unit"]]
        user.language = Language(person.get("language", "nb"))
        user.wants_digest = bool(person.get("wants_digest"))
        user.password_hash = password_hash
        record(user, actor=None)
    return user
