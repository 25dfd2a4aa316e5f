"""Who the people in a meeting are: users by their e-mail address, contacts by theirs, organisations by their domain.

Exactly, or as candidates to choose among: never by a guess.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from crm.accounts.models import Permission, User
from crm.extensions import db
from crm.invitations.reading import Invited, Person
from crm.organisations.models import Affiliation, Contact, Organisation

PUBLIC_PROVIDERS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.no",
        "hotmail.com",
        "hotmail.no",
        "live.com",
        "live.no",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "yahoo.com",
        "yahoo.no",
        "online.no",
        "broadpark.no",
        "getmail.no",
        "start.no",
        "frisurf.no",
        "altibox.no",
        "lyse.net",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.com",
        "gmx.net",
        "aol.com",
        "mail.com",
        "fastmail.com",
        "zoho.com",
        "hey.com",
    ]
)
"""Domains whose addresses say nothing of where somebody works."""
MOST_DOMAINS, MOST_CANDIDATES, MOST_ROWS = 40, 8, 400


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody not known for certain, with the contacts or organisations that it may be about; none for a stranger."""

    person: Person
    contacts: Sequence[int] = ()
    organisations: Sequence[int] = ()


@dataclass(slots=True)
class Matches:
    """`organiser_is_ours`: a user, or somebody else with an address of the office's."""

    users: list[User] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    organisations: list[int] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    organiser_is_ours: bool = False

    @property
    def advisors(self) -> list[User]:
        return [user for user in self.users if user.may(Permission.LOG_INTERACTIONS)]


def domain_of(email: str | None) -> str:
    return (email or "").rpartition("@")[2].lower()


def host_of(website: str | None) -> str:
    try:
        host = urlsplit(website or "").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


class Directory:
    """Everybody named in the meetings of one message, looked up together: four statements, or fewer."""

    def __init__(self, invited: Iterable[Invited]) -> None:
        people = {person.email for one in invited for person in people_of(one)}
        self.own = own_domains()
        self._users = {user.email: user for user in _users(people)}
        others = {email for email in people if not self._is_ours(email)}
        self._contacts: dict[str, list[Contact]] = {}
        for contact in _contacts(others):
            self._contacts.setdefault((contact.email or "").lower(), []).append(contact)
        self._organisations = _organisations({domain_of(email) for email in others} - PUBLIC_PROVIDERS)

    def match(self, invited: Invited) -> Matches:
        """The people of one meeting. Whom it is with is judged by the day it begins."""
        found = Matches()
        day = invited.starts or date.today()
        for person in people_of(invited):
            user = self._users.get(person.email)
            if user is not None:
                found.users.append(user)
            elif not self._is_ours(person.email):
                self._match_other(person, day, found)
        organiser = invited.organiser
        found.organiser_is_ours = organiser is not None and self._is_ours(organiser.email)
        found.organisations = list(dict.fromkeys(found.organisations))
        return found

    def _is_ours(self, email: str) -> bool:
        return email in self._users or domain_of(email) in self.own or email in _own_addresses()

    def _match_other(self, person: Person, day: date, found: Matches) -> None:
        contacts = self._contacts.get(person.email, [])
        by_domain = self._organisations.get(domain_of(person.email), [])
        if len(contacts) > 1:
            found.questions.append(Question(person, contacts=[one.id for one in contacts[:MOST_CANDIDATES]]))
            return
        places = _places(contacts[0], day) if contacts else []
        if contacts:
            found.contacts.append(contacts[0].id)
        if len(places) > 1:
            places = [place for place in places if place in by_domain] or places
        candidates = places or by_domain
        if len(candidates) == 1:
            found.organisations.append(candidates[0])
        if len(candidates) > 1:
            found.questions.append(Question(person, organisations=candidates[:MOST_CANDIDATES]))
        elif not contacts:
            found.questions.append(Question(person))


def people_of(invited: Invited) -> list[Person]:
    """The organiser first, each once."""
    found: dict[str, Person] = {}
    for person in [*([invited.organiser] if invited.organiser else []), *invited.attendees]:
        found.setdefault(person.email, person)
    return list(found.values())


def own_domains() -> frozenset[str]:
    """The office's own domains: those of its users and of the product's own address."""
    emails = db.session.scalars(
        select(User.email).where(User.deactivated_at.is_(None), User.is_service.is_(False))
    ).all()
    found = {domain_of(email) for email in (*emails, *_own_addresses())}
    return frozenset(found - PUBLIC_PROVIDERS - {""})


def _own_addresses() -> set[str]:
    settings = current_app.config["CRM"]
    mailbox = settings.mailbox
    return {settings.mail_from.lower(), *({mailbox.user.lower()} if mailbox else ())}


def _users(emails: set[str]) -> Sequence[User]:
    return db.session.scalars(
        select(User).where(
            User.email.in_(sorted(emails)), User.deactivated_at.is_(None), User.is_service.is_(False)
        )
    ).all()


def _contacts(emails: set[str]) -> Sequence[Contact]:
    if not emails:
        return []
    return db.session.scalars(
        select(Contact)
        .where(Contact.email.in_(sorted(emails)), Contact.deleted_at.is_(None))
        .options(selectinload(Contact.affiliations).joinedload(Affiliation.organisation))
        .order_by(Contact.sort_key, Contact.id)
    ).all()


def _organisations(domains: set[str]) -> dict[str, list[int]]:
    """Ids by domain: of organisations whose e-mail address or website has it."""
    wanted = sorted(domain for domain in domains if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain))
    if not wanted:
        return {}
    o = Organisation
    clauses = [
        or_(
            o.email.endswith(f"@{domain}", autoescape=True),
            func.lower(o.website).contains(domain, autoescape=True),
        )
        for domain in wanted[:MOST_DOMAINS]
    ]
    rows = db.session.execute(
        select(o.id, o.email, o.website)
        .where(o.deleted_at.is_(None), or_(*clauses))
        .order_by(o.sort_key, o.id)
        .limit(MOST_ROWS)
    ).all()
    found: dict[str, list[int]] = {}
    for identity, email, website in rows:
        for domain in {domain_of(email), host_of(website)} & set(wanted):
            found.setdefault(domain, []).append(identity)
    return found


def _places(contact: Contact, day: date) -> list[int]:
    """The organisations that the contact belongs to on the day, each once."""
    at = day.date() if hasattr(day, "date") else day
    return list(
        dict.fromkeys(
            affiliation.organisation_id
            for affiliation in contact.affiliations
            if not affiliation.organisation.is_binned
            and (affiliation.ended_on is None or affiliation.ended_on >= at)
            and (affiliation.started_on is None or affiliation.started_on <= at)
        )
    )
