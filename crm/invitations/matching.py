"""Who the people in a meeting are: users by their e-mail address, contacts by theirs, organisations by their domain.

Exactly, or as candidates to choose among: never by a guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from crm.accounts.models import Permission, User
from crm.extensions import db
from crm.invitations.reading import Invited
from crm.mail.reading import Person
from crm.organisations.models import Contact
from crm.organisations.queries.by_address import (
    PUBLIC_PROVIDERS,
    contacts_with,
    domain_of,
    organisations_by_domain,
    own_addresses,
    own_domains,
    places_of,
)

MOST_CANDIDATES = 8


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


class Directory:
    """Everybody named in the meetings of one message, looked up together: four statements, or fewer."""

    def __init__(self, invited: Iterable[Invited]) -> None:
        people = {person.email for one in invited for person in people_of(one)}
        self.own = own_domains()
        self._users = {user.email: user for user in _users(people)}
        others = {email for email in people if not self._is_ours(email)}
        self._contacts: dict[str, list[Contact]] = {}
        for contact in contacts_with(others):
            self._contacts.setdefault((contact.email or "").lower(), []).append(contact)
        self._organisations = organisations_by_domain(
            {domain_of(email) for email in others} - PUBLIC_PROVIDERS
        )

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
        return email in self._users or domain_of(email) in self.own or email in own_addresses()

    def _match_other(self, person: Person, day: date, found: Matches) -> None:
        contacts = self._contacts.get(person.email, [])
        by_domain = self._organisations.get(domain_of(person.email), [])
        if len(contacts) > 1:
            found.questions.append(Question(person, contacts=[one.id for one in contacts[:MOST_CANDIDATES]]))
            return
        places = places_of(contacts[0], day) if contacts else []
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


def _users(emails: set[str]) -> Sequence[User]:
    return db.session.scalars(
        select(User).where(
            User.email.in_(sorted(emails)), User.deactivated_at.is_(None), User.is_service.is_(False)
        )
    ).all()
