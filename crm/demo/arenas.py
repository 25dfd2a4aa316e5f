"""Three dialogue arenas with two years behind them: who comes, who has stopped coming, what was decided."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from crm.arenas.days_off import day_off
from crm.arenas.rhythm import PLACES, Simple, ends_at, occurrences
from crm.demo.logged import Logged
from crm.demo.organisations import COMPANY, Stakeholder
from crm.demo.people import Person
from crm.demo.staff import Colleague
from crm.demo.tagging import Tagging
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.web.clock import instant

FEWEST_ORGANISATIONS, FEWEST_INTERACTIONS = 60, 400
"""Sample data smaller than that is for tests of other things."""
BEHIND, AHEAD = timedelta(days=730), timedelta(days=400)
PLANNED, PROPOSED = 2, 6
_DECISIONS = (
    "- Vi lager en felles oversikt over ledige lokaler\n- {host} tar kontakt med kollektivselskapet",
    "Temaet for neste møte er **lærlinger og praksisplasser**.",
    "- Kommunen sender høringsbrevet til alle\n- Innspill innen tre uker",
    "Vi ber om et møte med fylkeskommunen om fagskoleplasser.",
)
_AGENDAS = (
    "1. Nytt siden sist\n2. Status for områdereguleringen\n3. Eventuelt",
    "1. Innledning fra {host}\n2. Samtale rundt bordene\n3. Oppsummering",
    "1. Rekruttering\n2. Felles søknad\n3. Neste møte",
)


@dataclass(frozen=True, slots=True)
class Comer:
    """A member: an organisation, and of some the person who comes for it, with the affiliation; `faith` is how often."""

    organisation_id: int
    person: tuple[int, int] | None
    faith: float
    gone_since: date | None = None


@dataclass(slots=True)
class Forum:
    """An arena before it is written."""

    id: int
    name: str
    purpose: str
    host: str
    rhythm: str
    begins_at: time
    minutes: int
    place: str
    codes: Sequence[str]
    starts_on: date
    host_id: int = 0
    author: Colleague | None = None
    members: list[Comer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Met:
    """A session before it is written."""

    forum: Forum
    logged: Logged
    agenda: str | None
    decisions: str | None


class Arenas:
    """Makes the arenas and their sessions, with dice of their own: everything else stays as it is without them."""

    def __init__(
        self, seed: int, organisations: Sequence[Stakeholder], colleagues: Sequence[Colleague], today: date
    ) -> None:
        self._rng = Random(seed)  # noqa: S311  made-up people, not secrets
        self._today = today
        self._advisors = [one for one in colleagues if one.role == "advisor"]
        self._by_name = {one.name: one.id for one in organisations if not one.binned}
        companies = [one.id for one in organisations if one.kind is COMPANY and not one.binned]
        self._guests = self._rng.sample(companies, min(10, len(companies)))
        self._people: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def met_at(self, person: Person) -> None:
        """Let the person come for where they have worked all the while."""
        since = self._today - BEHIND
        for post in person.posts:
            if post.ended_on is None and (post.started_on or date.min) <= since:
                self._people[post.organisation_id].append((person.id, post.id))

    def forums(self) -> list[Forum]:
        starts_on = self._today - BEHIND
        made = [
            Forum(1, "Næringslivsfrokost", "Åpen møteplass for bedrifter, med ett tema hver gang.", "Business Lillestrøm",
                  Simple(1, 3, 1, True).rule, time(8, 30), 60, "Kulturhuset", ("1.B.1", "2.B.1"), starts_on),
            Forum(2, "Berger utbyggerforum", "Utbyggere og kommunen går gjennom planer, vei og vann på Berger.",
                  "Berger Næringsutvikling AS", Simple(2, 1, 2).rule, time(12, 0), 120, "Rådhuset, møterom Glomma",
                  ("3.A.1", "3.B.1"), starts_on),
            Forum(3, "Kunnskapsbyen samarbeidsmøte", "Forskning, utdanning og kommunen samordner det de gjør på Kjeller.",
                  "Kunnskapsbyen Lillestrøm", self._meeting_a_holiday(starts_on), time(9, 0), 90, "Kjeller",
                  ("1.C.1", "5.C.1"), starts_on),
        ]  # fmt: skip
        companies = [(one, True) for one in self._guests]
        names = (
            ("Berger Næringsutvikling AS", "Heia Tomteutvikling AS", "Stasjonsbyen Eiendom AS", "Møtebyen Nettverk"),
            ("OsloMet – storbyuniversitetet", "Universitetet i Oslo", "Fagskolen i Viken", "Kjeller Innovasjon",
             "Instituttet for Elvevann og Materialer"),
        )  # fmt: skip
        invited = [
            companies,
            *([(self._by_name[one], place == 1) for one in found] for place, found in enumerate(names)),
        ]
        for number, (forum, who) in enumerate(zip(made, invited, strict=True)):
            forum.host_id = self._by_name[forum.host]
            forum.author = self._advisors[number % len(self._advisors)]
            forum.members = [self._comer(one, by_person, place) for place, (one, by_person) in enumerate(who)]
        return made

    def _comer(self, organisation_id: int, by_person: bool, place: int) -> Comer:
        people = self._people.get(organisation_id, [])
        person = people[0] if by_person and people else None
        gone = self._today - timedelta(days=240) if place == 2 else None
        return Comer(organisation_id, person, (0.95, 0.6, 0.9, 0.75)[place % 4], gone)

    def _meeting_a_holiday(self, starts_on: date) -> str:
        """A monthly rhythm whose proposals, after what is planned, hold a public holiday."""
        for rhythm in (Simple(1, weekday, place) for weekday in (4, 3, 0, 1, 2) for place in PLACES):
            ahead = self._days(rhythm.rule, starts_on, self._today)[:PROPOSED]
            if any((found := day_off(day)) and found.is_public for day in ahead[PLANNED:]):
                return rhythm.rule
        return Simple(1, 4, -1).rule

    def _days(self, rule: str, starts_on: date, first: date) -> list[date]:
        last = self._today + AHEAD
        return list(occurrences(rule, starts_on=starts_on, begins_at=None, first=first, last=last))

    def sessions(self, forums: Sequence[Forum], tagging: Tagging) -> list[Met]:
        """In the order of their days, those that are planned last; numbered from 1."""
        days = sorted(
            (day, forum.id)
            for forum in forums
            for day in self._days(forum.rhythm, forum.starts_on, forum.starts_on)
            if day < self._today and day_off(day) is None and day.month != 7
        )
        coming = [
            (day, forum.id)
            for forum in forums
            for day in self._days(forum.rhythm, forum.starts_on, self._today + timedelta(days=1))[:PLANNED]
        ]
        by_id = {forum.id: forum for forum in forums}
        return [
            self._session(by_id[forum_id], day, place, tagging)
            for place, (day, forum_id) in enumerate([*days, *coming], 1)
        ]

    def _session(self, forum: Forum, day: date, identity: int, tagging: Tagging) -> Met:
        author = forum.author
        assert author is not None
        held = day < self._today
        there = [one for one in forum.members if held and self._comes(one, day)]
        people = dict(one.person for one in there if one.person is not None)
        typed = day if held else self._today - timedelta(days=2)
        logged = Logged(
            id=identity,
            kind=InteractionKind.arena_session,
            status=InteractionStatus.held if held else InteractionStatus.planned,
            title=forum.name,
            notes=f"Referat fra {forum.name.lower()} {day:%d.%m.%Y}. {len(there)} av medlemmene kom."
            if held
            else None,
            author=author,
            created_at=datetime(typed.year, typed.month, typed.day, 17, identity % 60, tzinfo=UTC),
            starts_on=day,
            starts_at=instant(day, forum.begins_at).astimezone(UTC),
            ends_at=ends_at(day, forum.begins_at, forum.minutes).astimezone(UTC),
            place=forum.place,
            confidential=held and forum.id == 2 and identity % 5 == 0,
            organisations=list(dict.fromkeys([forum.host_id, *(one.organisation_id for one in there)])),
            measures=tagging.coded(day, forum.codes),
            contacts=list(people.items()),
            advisors=[(author.id, author.unit_on(day))],
        )
        decided = held and self._rng.random() < 0.5
        return Met(
            forum,
            logged,
            self._rng.choice(_AGENDAS).format(host=forum.host),
            self._rng.choice(_DECISIONS).format(host=forum.host) if decided else None,
        )

    def _comes(self, one: Comer, day: date) -> bool:
        return self._rng.random() < one.faith and (one.gone_since is None or day < one.gone_since)


def merged(interactions: Iterator[Logged], sessions: Sequence[Met]) -> Iterator[Logged | Met]:
    """Both in the order of their days; what is to come stands last, as it does among the interactions."""
    waiting = list(reversed(sessions))
    for logged in interactions:
        while waiting and _comes_before(waiting[-1].logged, logged):
            yield waiting.pop()
        yield logged
    yield from reversed(waiting)


def _comes_before(session: Logged, logged: Logged) -> bool:
    return session.status == InteractionStatus.held and (
        logged.status in {InteractionStatus.planned, InteractionStatus.draft}
        or (session.starts_on or date.max) <= (logged.starts_on or date.min)
    )
