"""Years of interactions, day by day: who met whom about what, what was promised, what is still to come."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from crm.demo.logged import Holder, Logged, Promise
from crm.demo.noting import Noting
from crm.demo.organisations import COMPANY, Stakeholder
from crm.demo.people import Person
from crm.demo.prose import Story, Storyteller
from crm.demo.seasons import busyness, days, next_working_day
from crm.demo.staff import Colleague
from crm.demo.tagging import Tagging
from crm.demo.word_lists import Weighted, skewed
from crm.interactions.joined import LOGGED_KINDS
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.web.clock import instant

Kind = InteractionKind
_COMPANY_KINDS = Weighted(LOGGED_KINDS, (34, 20, 20, 14, 6, 6))
_OTHER_KINDS = Weighted(LOGGED_KINDS, (3, 47, 18, 16, 11, 5))
_MINUTES = {
    Kind.company_visit: 90,
    Kind.meeting: 60,
    Kind.phone_call: 15,
    Kind.event: 150,
    Kind.introduction: 30,
}
_MEETING_PLACES = ("Rådhuset", "Teams", "Rådhuset, møterom Glomma", "Biblioteket")
_EVENT_PLACES = ("Kulturhuset", "Biblioteket", "Messehallen", "Gründerhuset", "Rådhuset, kantina")


class History:
    """Tells the years from `first` to yesterday, then what is planned from `today` on, then the drafts."""

    def __init__(
        self,
        rng: Random,
        *,
        organisations: list[Stakeholder],
        managers: list[int],
        colleagues: list[Colleague],
        tagging: Tagging,
        noting: Noting,
        first: date,
        today: date,
        last: date,
    ) -> None:
        """`managers` are places in `colleagues`, one for each organisation; nothing is planned after `last`."""
        self._rng, self._tagging, self._storyteller = rng, tagging, Storyteller(rng)
        self._noting = noting
        self._first, self._today, self._last = first, today, last
        self._next = 1
        self._soon = [6, 3, 0, 0, -4]  # days from today on which the first advisor has promised something
        self._holders: dict[int, list[Holder]] = defaultdict(list)
        self._advisors = [colleague for colleague in colleagues if colleague.role == "advisor"]
        self._any_advisor = Weighted(self._advisors, skewed(len(self._advisors), offset=3, exponent=0.6))
        self._manager = dict(
            zip((o.id for o in organisations), (colleagues[m] for m in managers), strict=True)
        )
        active = [organisation for organisation in organisations if not organisation.binned]
        self._companies = _busy(rng, [o for o in active if o.kind is COMPANY] or active)
        self._others = _busy(rng, [o for o in active if o.kind is not COMPANY] or active, shuffled=False)

    def met_at(self, person: Person) -> None:
        """Let the person be met where they work."""
        for post in person.posts:
            self._holders[post.organisation_id].append(
                Holder(
                    person.id, post.id, person.name, post.started_on or date.min, post.ended_on or date.max
                )
            )

    def interactions(self, count: int) -> Iterator[Logged]:
        """As many as asked for, in the order of their days; drafts come last."""
        drafts = min(max(6, count * 6 // 1000), count // 10)
        ahead = min(max(18, count * 5 // 1000), count // 8)
        past = list(days(self._first, self._today - timedelta(days=1)))
        calendar = Weighted(past, [busyness(day, self._first) for day in past])
        for day, number in sorted(Counter(calendar.picks(self._rng, count - drafts - ahead)).items()):
            for _ in range(number):
                yield self._past(day)
        yield from self._planned(ahead)
        for number in range(drafts):
            yield self._draft(number)

    # --- what is told ----------------------------------------------------------------------------------------

    def _past(self, day: date) -> Logged:
        random = self._rng.random
        logged, stakeholders, who = self._begun(day)
        if random() < 0.025:
            logged.status = InteractionStatus.cancelled
            logged.notes = self._storyteller.cancellation()
            logged.created_at = self._hour(day - timedelta(days=3))
            return logged
        logged.confidential = random() < 0.015
        story = self._story(logged, stakeholders, who)
        logged.title, logged.notes = story.title, story.notes
        logged.binned = random() < 0.02 and day > self._today - timedelta(days=60)
        if not logged.binned:
            logged.promises = [self._promise(text, logged, day) for text in story.promises if random() < 0.5]
            if logged.author is self._advisors[0] and day > self._today - timedelta(days=60) and self._soon:
                text = self._storyteller.promise(logged.measures[0].strategy)
                due_on = self._today + timedelta(days=self._soon.pop())
                logged.promises.append(Promise(text, logged.author.id, due_on, None))
        if random() < 0.08:
            logged.was_planned = True
            logged.created_at = self._hour(day - timedelta(days=7))
        self._noting.note(logged, stakeholders[0])
        return logged

    def _planned(self, count: int) -> Iterator[Logged]:
        until = min(self._today + timedelta(days=45), self._last)
        later = list(days(min(self._today + timedelta(days=1), until), until))
        calendar = Weighted(later, [busyness(day, self._first) + 0.001 for day in later])
        dates = [self._today] * min(4, count) + sorted(calendar.picks(self._rng, max(0, count - 4)))
        for place, day in enumerate(dates):
            own = self._advisors[0] if place < 3 or place % 4 == 0 else None
            logged, stakeholders, _ = self._begun(day, own)
            logged.status = InteractionStatus.planned
            strategy = logged.measures[0].strategy
            story = self._storyteller.plan(logged.kind, strategy=strategy, organisations=stakeholders)
            logged.title, logged.notes = story.title, story.notes
            logged.created_at = self._hour(self._today - timedelta(days=1 + place % 9))
            yield logged

    def _draft(self, number: int) -> Logged:
        author = self._advisors[0] if number % 4 == 0 else self._any_advisor.pick(self._rng)
        organisation = self._companies.pick(self._rng)
        story = self._storyteller.draft(organisation)
        day = self._today - timedelta(days=1 + number % 12)
        return Logged(
            id=self.identifier(),
            kind=_COMPANY_KINDS.pick(self._rng),
            status=InteractionStatus.draft,
            title=story.title,
            notes=story.notes,
            author=author,
            created_at=self._hour(day),
            starts_on=day if number % 3 else None,
            organisations=[organisation.id] if number % 5 else [],
            advisors=[(author.id, author.unit_id)],
        )

    def _story(self, logged: Logged, stakeholders: list[Stakeholder], who: str | None) -> Story:
        return self._storyteller.story(
            logged.kind,
            strategy=logged.measures[0].strategy,
            organisations=stakeholders,
            who=who,
            confidential=logged.confidential,
        )

    # --- how it comes about ----------------------------------------------------------------------------------

    def _begun(self, day: date, own: Colleague | None = None) -> tuple[Logged, list[Stakeholder], str | None]:
        """An interaction held on the day with everybody who took part, still without title and notes."""
        rng = self._rng
        company = rng.random() < 0.7
        organisation = (self._companies if company else self._others).pick(rng)
        kind = (_COMPANY_KINDS if organisation.kind is COMPANY else _OTHER_KINDS).pick(rng)
        stakeholders = self._stakeholders(organisation, kind)
        author = own or self._author(organisation)
        contacts, who = self._contacts(stakeholders, day)
        logged = Logged(
            id=self.identifier(),
            kind=kind,
            status=InteractionStatus.held,
            title=f"Avtale med {organisation.name}"[:200],
            notes=None,
            author=author,
            created_at=self._logged_at(day),
            starts_on=day,
            place=self._place(kind, organisation),
            organisations=[stakeholder.id for stakeholder in stakeholders],
            measures=self._tagging.measures(day, kind, organisation.kind, organisation.industry_code),
            contacts=contacts,
            advisors=self._present(author, kind, day),
        )
        minutes = _MINUTES.get(kind)
        if minutes is not None and rng.random() < 0.92:
            logged.starts_at = self._time(day, kind)
            logged.ends_at = logged.starts_at + timedelta(minutes=minutes)
        return logged, stakeholders, who

    def identifier(self) -> int:
        """The id of the next interaction."""
        self._next += 1
        return self._next - 1

    def _stakeholders(self, organisation: Stakeholder, kind: Kind) -> list[Stakeholder]:
        rng = self._rng
        more = 0
        if kind is Kind.event:
            more = rng.randint(2, 9)
        elif kind is Kind.introduction:
            more = 1 + (rng.random() < 0.2)
        elif rng.random() < 0.05:
            more = 1
        found = {organisation.id: organisation}
        for _ in range(more):
            other = (self._companies if rng.random() < 0.75 else self._others).pick(rng)
            found[other.id] = other
        return list(found.values())

    def _author(self, organisation: Stakeholder) -> Colleague:
        return (
            self._manager[organisation.id] if self._rng.random() < 0.65 else self._any_advisor.pick(self._rng)
        )

    def _present(self, author: Colleague, kind: Kind, day: date) -> list[tuple[int, int]]:
        present = {author.id: author.unit_on(day)}
        if self._rng.random() < (0.45 if kind is Kind.event else 0.18):
            second = self._any_advisor.pick(self._rng)
            present[second.id] = second.unit_on(day)
        return list(present.items())

    def _contacts(
        self, stakeholders: list[Stakeholder], day: date
    ) -> tuple[list[tuple[int, int]], str | None]:
        """Who was met, each with the affiliation they came in, and the first one's name."""
        random = self._rng.random
        met: dict[int, int] = {}
        who = None
        for stakeholder in stakeholders:
            holders = [h for h in self._holders.get(stakeholder.id, ()) if h.since <= day <= h.until]
            if not holders or random() < 0.12:
                continue
            for _ in range(1 + (random() < 0.22)):
                holder = holders[int(len(holders) * random() ** 1.5)]
                if holder.contact_id not in met:
                    met[holder.contact_id] = holder.affiliation_id
                    who = who or holder.name
        return list(met.items()), who

    def _place(self, kind: Kind, organisation: Stakeholder) -> str | None:
        if kind is Kind.company_visit:
            return f"{organisation.street}, {organisation.city}" if organisation.street else organisation.city
        if kind is Kind.meeting:
            return self._rng.choice((*_MEETING_PLACES, organisation.city))
        return self._rng.choice(_EVENT_PLACES) if kind is Kind.event else None

    def _promise(self, text: str, logged: Logged, day: date) -> Promise:
        """A follow-up with its due date; old ones are nearly always done, some a little late."""
        rng, today = self._rng, self._today
        owner = logged.author if rng.random() < 0.8 else self._any_advisor.pick(rng)
        due_on = next_working_day(day + timedelta(days=rng.randint(2, 21)))
        age = (today - due_on).days
        done_at = None
        if rng.random() < (0.985 if age > 30 else 0.7 if age > 0 else 0.2):
            done_on = max(day, min(due_on + timedelta(days=rng.randint(-4, 3)), today - timedelta(days=1)))
            done_at = max(self._hour(done_on), logged.created_at)
        return Promise(text, owner.id, due_on, done_at)

    # --- what time it was --------------------------------------------------------------------------------------

    def _time(self, day: date, kind: Kind) -> datetime:
        """An office hour in Norway, by the half hour; events begin early or late."""
        random = self._rng.random
        hour = (8 if random() < 0.6 else 16) if kind is Kind.event else 8 + int(7 * random())
        return instant(day, time(hour, 30 if random() < 0.5 else 0)).astimezone(UTC)

    def _hour(self, day: date) -> datetime:
        """Some instant in the working day."""
        random = self._rng.random
        return datetime(day.year, day.month, day.day, 7 + int(7 * random()), int(60 * random()), tzinfo=UTC)

    def _logged_at(self, day: date) -> datetime:
        """When it was typed in: the same afternoon, or one of the next days."""
        random = self._rng.random
        late = day + timedelta(days=0 if random() < 0.7 else 1 + int(3 * random()))
        if late >= self._today:
            late = min(day, self._today - timedelta(days=1))
        return datetime(
            late.year, late.month, late.day, 17, int(60 * random()), int(60 * random()), tzinfo=UTC
        )


def _busy(rng: Random, organisations: list[Stakeholder], *, shuffled: bool = True) -> Weighted[Stakeholder]:
    """Few organisations are met often and most of them seldom; without shuffling, the first ones most often."""
    ranked = rng.sample(organisations, len(organisations)) if shuffled else organisations
    return Weighted(ranked, skewed(len(ranked)))
