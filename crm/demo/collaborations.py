"""Partnerships with universities, year by year: some go on, one was given up, one is an idea for next year."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from crm.collaborations.models import Stage
from crm.demo.logged import Logged
from crm.demo.organisations import COMPANY, Stakeholder
from crm.demo.seasons import next_working_day
from crm.demo.staff import Colleague
from crm.demo.tagging import Tagging
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.organisations.models import OrganisationKind

ENOUGH = 100
"""So few interactions are no office's years: they get no partnerships."""
MOST_ACTIVITIES = 4


@dataclass(slots=True)
class Partnership:
    """A year of a partnership as it is written, beside its interaction. It began as `first_stage`."""

    logged: Logged
    year: int
    stage: Stage
    first_stage: Stage
    aim: str
    result: str | None
    continues_id: int | None
    activities: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """What one partnership is about: its years counted from this one, with stage, aim and result."""

    name: str
    university: int
    codes: tuple[str, ...]
    years: tuple[tuple[int, Stage, str, str | None], ...]
    with_company: bool = False


_LINES = (
    _Line(
        "Studenter i bedrifter",
        0,
        ("5.C.1",),
        (
            (-3, Stage.completed, "Få ti studenter fra OsloMet ut i praksis i bedrifter på Kjeller.", "Åtte studenter fikk praksis i fem bedrifter. To fikk sommerjobb etterpå."),
            (-2, Stage.completed, "Tjue praksisplasser, også innen helse og bygg.", "22 praksisplasser i 14 bedrifter. Bedriftene ønsker avtale tidligere på året."),
            (-1, Stage.completed, "Avtale med bedriftene før påske, og tretti praksisplasser.", "31 plasser. Fire bacheloroppgaver ble skrevet for bedrifter i kommunen."),
            (0, Stage.ongoing, "Tretti praksisplasser og ti bacheloroppgaver med oppgaver fra næringslivet.", None),
        ),
    ),
    _Line(
        "Innovasjon fra forskning",
        1,
        ("5.C.1", "5.C.2"),
        (
            (-3, Stage.completed, "Kartlegge forskningsmiljøer som passer til bedriftene på Kjeller.", "En oversikt over tolv miljøer, og tre møter mellom forskere og bedrifter."),
            (-2, Stage.completed, "To felles søknader om forskningsmidler.", "Én søknad ble innvilget, den andre sendes på nytt."),
            (-1, Stage.completed, "Starte det innvilgede prosjektet, og sende én ny søknad.", "Prosjektet er i gang med tre bedrifter. Den nye søknaden fikk avslag."),
            (0, Stage.ongoing, "Gjøre prosjektet kjent for flere bedrifter, og holde to åpne verksteder.", None),
            (1, Stage.idea, "Et fast møtested for forskere og bedrifter.", None),
        ),
    ),
    _Line(
        "Smart logistikk",
        0,
        ("5.C.1",),
        ((-2, Stage.abandoned, "Prøve ut deling av varebiler sammen med en bedrift.", "Bedriften trakk seg i mai, og forsøket ble avsluttet."),),
        with_company=True,
    ),
)  # fmt: skip
NUMBER = sum(len(line.years) for line in _LINES)


class Partnerships:
    """Sees all that is logged, and puts some of it to the partnerships that it then tells of."""

    def __init__(
        self,
        rng: Random,
        *,
        organisations: list[Stakeholder],
        colleagues: list[Colleague],
        tagging: Tagging,
        today: date,
    ) -> None:
        self._rng, self._tagging, self._today = rng, tagging, today
        active = [one for one in organisations if not one.binned]
        self._universities = [one for one in active if one.kind is OrganisationKind.university][:2]
        self._companies = [one for one in active if one.kind is COMPANY][:1]
        self._advisors = [one for one in colleagues if one.role == "advisor"]
        self._met: dict[tuple[int, int], list[int]] = defaultdict(list)

    def number(self, interactions: int) -> int:
        """How many of so many interactions are collaborations."""
        complete = len(self._universities) == 2 and self._companies and self._advisors
        return NUMBER if complete and interactions >= ENOUGH else 0

    def see(self, logged: Logged) -> None:
        """It may belong to a partnership with whom it was with."""
        if logged.status is InteractionStatus.held and not logged.binned and logged.starts_on:
            for organisation in logged.organisations:
                self._met[organisation, logged.starts_on.year].append(logged.id)

    def tell(self, identifier: Callable[[], int]) -> Iterator[Partnership]:
        """All years of all partnerships, each partnership from its first year on."""
        for place, line in enumerate(_LINES):
            before: int | None = None
            for offset, stage, aim, result in line.years:
                lead = self._advisors[place % len(self._advisors)]
                made = self._year(identifier(), line, self._today.year + offset, stage, lead)
                made.aim, made.result, made.continues_id = aim, result, before
                before = made.logged.id
                yield made

    def _year(self, identity: int, line: _Line, year: int, stage: Stage, lead: Colleague) -> Partnership:
        partners = [self._universities[line.university], *(self._companies if line.with_company else ())]
        begun = None if stage is Stage.idea else self._begun(year)
        day = begun or date(year, 1, 1)
        written = begun or self._today - timedelta(days=30)
        logged = Logged(
            id=identity,
            kind=InteractionKind.collaboration,
            status=InteractionStatus.draft if begun is None else InteractionStatus.held,
            title=f"{line.name} {year}",
            notes=None,
            author=lead,
            created_at=datetime(written.year, written.month, written.day, 9, 30, tzinfo=UTC),
            starts_on=begun,
            organisations=[one.id for one in partners],
            measures=self._tagging.coded(day, line.codes),
            advisors=[(lead.id, lead.unit_on(written))],
        )
        first = stage if stage is Stage.idea else Stage.initiated
        made = Partnership(logged, year, stage, first, "", None, None)
        if stage is not first:
            ended = min(date(year, 12, 10), self._today - timedelta(days=1))
            at = datetime(ended.year, ended.month, ended.day, 13, 0, tzinfo=UTC)
            logged.revised_at = max(at, logged.created_at)
            met = self._met[partners[0].id, year]
            made.activities = sorted(self._rng.sample(met, min(MOST_ACTIVITIES, len(met))))
        return made

    def _begun(self, year: int) -> date:
        """A working day in the year's first weeks, before today as far as there is one."""
        begun = next_working_day(date(year, 1, 15) + timedelta(days=self._rng.randint(0, 40)))
        if begun < self._today:
            return begun
        past = (date(year, 1, 1) + timedelta(days=n) for n in range((self._today - date(year, 1, 1)).days))
        return max((day for day in past if next_working_day(day) == day), default=self._today)
