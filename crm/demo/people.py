"""Contact persons: who works where, since when, and who has moved on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from crm.database import folded
from crm.demo.numbers import mobile
from crm.demo.organisations import Stakeholder
from crm.demo.word_lists import Weighted, skewed, word_list
from crm.organisations.models import OrganisationKind

_SCHOOLS = {OrganisationKind.school, OrganisationKind.university}


@dataclass(slots=True)
class Post:
    """An affiliation; without `started_on` nobody knows since when."""

    id: int
    organisation_id: int
    title: str
    topics: list[str]
    primary: bool
    started_on: date | None
    ended_on: date | None = None

    def as_audited(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation_id,
            "title": self.title,
            "topics": self.topics,
            "primary": self.primary,
            "started_on": self.started_on.isoformat() if self.started_on else None,
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
        }


@dataclass(slots=True)
class Person:
    id: int
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    language: str
    posts: list[Post] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class People:
    """Makes contact persons organisation by organisation. Each e-mail address is one person's alone."""

    def __init__(self, rng: Random, organisations: list[Stakeholder], *, first: date, today: date) -> None:
        self._rng = rng
        self._organisations = [organisation for organisation in organisations if not organisation.binned]
        self._first, self._today = first, today
        self._next_post = 1
        self._names = word_list("names")

    def people(self, count: int) -> Iterator[Person]:
        """One for each organisation as far as they reach; what is left goes to those that there is most to do with."""
        identifier = 1
        for organisation, number in zip(self._organisations, self._headcounts(count), strict=True):
            taken: dict[str, int] = {}
            for place in range(number):
                yield self._person(identifier, organisation, place == 0, taken)
                identifier += 1

    def _headcounts(self, count: int) -> list[int]:
        size = len(self._organisations)
        counts = [1 if index < count else 0 for index in range(size)]
        more = Weighted(range(size), skewed(size, offset=6, exponent=0.7))
        for index in more.picks(self._rng, max(0, count - size)):
            counts[index] += 1
        return counts

    def _person(
        self, identifier: int, organisation: Stakeholder, primary: bool, taken: dict[str, int]
    ) -> Person:
        rng = self._rng
        given, family = rng.choice(self._names["given"]), rng.choice(self._names["family"])
        account = folded(given).replace(" ", "-") + "." + folded(family).replace(" ", "-")
        taken[account] = taken.get(account, 0) + 1
        if taken[account] > 1:
            account += str(taken[account])
        person = Person(
            id=identifier,
            given_name=given,
            family_name=family,
            email=f"{account}@{organisation.domain}" if rng.random() < 0.92 else None,
            phone=mobile(rng) if rng.random() < 0.88 else None,
            language=rng.choices(("nb", "nn", "en"), (90, 4, 6))[0],
        )
        started = self._some_day(self._first - timedelta(days=2000), self._first - timedelta(days=30))
        fate = rng.random()
        if fate < 0.12 and len(self._organisations) > 1:
            moved = self._some_day(self._first + timedelta(days=60), self._today - timedelta(days=30))
            before = self._organisations[int(len(self._organisations) * rng.random())]
            if before is not organisation:
                person.posts.append(self._post(before, False, started, moved))
                started = moved + timedelta(days=rng.randint(1, 28))
        ended = None
        if 0.12 <= fate < 0.16:
            ended = self._some_day(
                max(self._first, started) + timedelta(days=60), self._today - timedelta(days=10)
            )
        known_since = started if rng.random() < 0.85 or person.posts else None
        person.posts.append(self._post(organisation, primary and ended is None, known_since, ended))
        if fate > 0.985:
            second = self._organisations[int(len(self._organisations) * rng.random())]
            if second is not organisation:
                post = self._post(second, False, started, None)
                post.title = "Styremedlem"
                person.posts.append(post)
        return person

    def _some_day(self, first: date, last: date) -> date:
        return first + timedelta(days=self._rng.randint(0, max(0, (last - first).days)))

    def _post(
        self, organisation: Stakeholder, primary: bool, started: date | None, ended: date | None
    ) -> Post:
        rng = self._rng
        titles = self._names["teaching_titles" if organisation.kind in _SCHOOLS else "titles"]
        topics = rng.sample(self._names["topics"], rng.choices((0, 1, 2, 3), (3, 4, 2, 1))[0])
        post = Post(self._next_post, organisation.id, rng.choice(titles), topics, primary, started, ended)
        self._next_post += 1
        return post
