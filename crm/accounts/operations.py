"""What can be done with users. Flushes and records; whoever calls commits."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.accounts import queries, rules
from crm.accounts.absences import overlapping
from crm.accounts.links import MadeLink, make_link, withdraw_links
from crm.accounts.models import Absence, LinkPurpose, Permission, Role, Unit, User
from crm.accounts.sessions import end_all_sessions
from crm.accounts.tokens import revoke_all_tokens
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.web.clock import today
from crm.web.validation import Invalid, check_version


def create_user(
    *,
    email: str | None,
    name: str | None,
    role: str | None,
    unit: str | None = None,
    phone: str | None = None,
    language: str | None = "nb",
    actor: User | None,
) -> User:
    """A user who has no password yet: `invite` them. `unit` is a name, new or known. Raises Invalid."""
    values = _checked(email=email, name=name, role=role, unit=unit, phone=phone, language=language)
    _refuse_taken(values["email"])
    user = User(unit_id=_unit_named(values.pop("unit"), actor), **values)
    record(user, actor=actor)
    return user


def update_user(
    *,
    user: User,
    email: str | None,
    name: str | None,
    role: str | None,
    unit: str | None,
    phone: str | None,
    language: str | None,
    version: int | None,
    actor: User,
) -> User:
    """As an administrator does it. Who loses the API loses their tokens as well. Raises Invalid or Stale."""
    check_version(user, version)
    values = _checked(email=email, name=name, role=role, unit=unit, phone=phone, language=language)
    if values["email"] != user.email:
        _refuse_taken(values["email"])
    if values["role"] != Role.administrator and user.role == Role.administrator:
        _refuse_removing("role", user, actor)
    user.unit_id = _unit_named(values.pop("unit"), actor)
    for field, value in values.items():
        setattr(user, field, value)
    record(user, actor=actor)
    if not user.is_service and Permission.USE_API not in values["role"].permissions:
        revoke_all_tokens(user=user, actor=actor)
    return user


def update_own_details(
    *,
    user: User,
    name: str | None,
    unit_id: int | None,
    phone: str | None,
    language: str | None,
    wants_digest: bool = False,
    version: int | None,
) -> User:
    """What users decide about themselves. Raises Invalid or Stale."""
    check_version(user, version)
    values = rules.checked(
        {
            "name": lambda: rules.person_name(name),
            "phone": lambda: rules.phone(phone),
            "language": lambda: rules.language(language),
        }
    )
    if unit_id is not None and db.session.get(Unit, unit_id) is None:
        raise Invalid({"unit_id": [_("Choose one from the list")]})
    user.unit_id, user.wants_digest = unit_id, wants_digest
    for field, value in values.items():
        setattr(user, field, value)
    record(user, actor=user)
    return user


def choose_language(*, user: User, language: str) -> None:
    """What the user reads in from now on."""
    user.language = rules.language(language)
    record(user, actor=user)


def deactivate_user(*, user: User, actor: User) -> None:
    """They can no longer sign in, nor can anything in their name; what they did stays. Raises Invalid."""
    if user.is_active:
        _refuse_removing("", user, actor)
        user.deactivated_at = now()
        record(user, actor=actor, action="deactivated")
        end_all_sessions(user)
        withdraw_links(user)
        revoke_all_tokens(user=user, actor=actor)


def reactivate_user(*, user: User, actor: User) -> None:
    """They can sign in again, with the password they had; tokens stay revoked."""
    if not user.is_active:
        user.deactivated_at = None
        record(user, actor=actor, action="reactivated")


def invite(*, user: User, actor: User | None) -> MadeLink:
    """A link with which the user chooses their first password."""
    record(user, actor=actor, action="invited")
    return make_link(LinkPurpose.invitation, user)


def offer_reset(*, user: User, actor: User | None) -> MadeLink:
    """A link with which the user chooses a new password; the old one works until then."""
    record(user, actor=actor, action="reset_offered")
    return make_link(LinkPurpose.reset, user)


def set_password(*, user: User, password_hash: str, actor: User) -> None:
    """The new password counts from now on: whoever is signed in with the old one is signed out, and open links die."""
    user.password_hash = password_hash
    record(user, actor=actor, action="password_set")
    end_all_sessions(user)
    withdraw_links(user)


def sign_out_everywhere(*, user: User, actor: User) -> None:
    """No device is signed in as the user any more, this one included."""
    record(user, actor=actor, action="signed_out_everywhere")
    end_all_sessions(user)


def add_absence(
    *,
    user: User,
    starts_on: date | None,
    ends_on: date | None,
    deputy_id: int | None,
    actor: User,
    instead_of: Absence | None = None,
) -> Absence:
    """Days away, both included, in place of an earlier version of the same. Raises Invalid."""
    first, last = rules.absence_period(starts_on, ends_on)
    if last < today():
        raise Invalid({"ends_on": [_("The last day must not be in the past")]})
    if overlapping((a for a in user.absences if a is not instead_of), first, last):
        raise Invalid({"starts_on": [_("You have already registered an absence on some of these days")]})
    deputy = _deputy(user, deputy_id)
    if instead_of is not None:
        user.absences.remove(instead_of)
    absence = Absence(starts_on=first, ends_on=last, deputy=deputy)
    user.absences.append(absence)
    record(user, actor=actor)
    return absence


def remove_absence(*, absence: Absence, actor: User) -> None:
    user = absence.user
    user.absences.remove(absence)
    record(user, actor=actor)


def _checked(**typed: Any) -> dict[str, Any]:
    return rules.checked(
        {
            "email": lambda: rules.email(typed["email"]),
            "name": lambda: rules.person_name(typed["name"]),
            "role": lambda: rules.role(typed["role"]),
            "unit": lambda: rules.unit_name(typed["unit"]),
            "phone": lambda: rules.phone(typed["phone"]),
            "language": lambda: rules.language(typed["language"]),
        }
    )


def _refuse_taken(email: str) -> None:
    if queries.user_by_email(email) is not None:
        raise Invalid({"email": [_("There is already a user with this e-mail address")]})


def _refuse_removing(field: str, user: User, actor: User) -> None:
    """The office must not lock itself out."""
    if user.id == actor.id:
        raise Invalid({field: [_("You cannot take away your own access. Ask another administrator.")]})
    if user.role == Role.administrator and not user.is_service and not queries.other_administrators(user):
        raise Invalid({field: [_("This is the only administrator. Make somebody else administrator first.")]})


def _unit_named(name: str | None, actor: User | None) -> int | None:
    """The id of the unit of that name, whatever its capitals; made where there is none."""
    if name is None:
        return None
    for unit in queries.units():
        if unit.name.casefold() == name.casefold():
            return unit.id
    unit = Unit(name=name)
    record(unit, actor=actor)
    return unit.id


def _deputy(user: User, deputy_id: int | None) -> User | None:
    if deputy_id is None:
        return None
    deputy = db.session.get(User, deputy_id)
    if deputy is None or not deputy.is_active or deputy.is_service:
        raise Invalid({"deputy_id": [_("Choose one from the list")]})
    if deputy.id == user.id:
        raise Invalid({"deputy_id": [_("Choose somebody else as deputy")]})
    return deputy
