"""What interactions gave a hint of, what came of introductions, and what was promised without meeting anybody."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from crm.demo.logged import Ending, Logged, Promise
from crm.demo.organisations import COMPANY, Stakeholder
from crm.demo.seasons import next_working_day
from crm.demo.staff import Colleague
from crm.demo.word_lists import Weighted
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.interactions.vocabulary import Outcome, Signal
from crm.web.clock import OSLO

_OF_COMPANIES = Weighted(tuple(Signal), (24, 16, 20, 12, 14, 3, 1, 10))
_OF_OTHERS = Weighted(tuple(Signal), (6, 10, 6, 30, 22, 1, 20, 5))
_OFTEN = {
    InteractionKind.company_visit: 0.34,
    InteractionKind.meeting: 0.2,
    InteractionKind.phone_call: 0.12,
    InteractionKind.email: 0.06,
}
_ENDINGS = Weighted(tuple(Outcome), (38, 26, 12, 24))
_NOTES = {
    Outcome.contact_made: ("Har hatt et første møte.", "Snakket sammen på telefon, vil møtes igjen.", None),
    Outcome.cooperation: (
        "Søker sammen om støtte til forprosjekt.",
        "Deler verksted fra nyttår.",
        "Tar imot to studenter i praksis.",
        None,
    ),
    Outcome.agreement: ("Signerte leieavtale.", "Har inngått rammeavtale for ett år.", None),
    Outcome.nothing: ("Passet ikke for tiden.", "Fant ikke et felles behov.", None),
}
_PROMISES = (
    ("Ringe om ledige lokaler på Berger", None),
    ("Sende oversikt over støtteordninger", "Sendte listen på e-post, de søker i vår."),
    ("Sjekke reguleringsplanen for nabotomten", "Planavdelingen har svart dem direkte."),
    ("Invitere til frokostmøte om anskaffelser", None),
    ("Spørre om de tar imot lærlinger", "De vil ha én fra høsten."),
    ("Avklare hvem som eier adkomstveien", None),
    ("Sende kontaktinformasjon til innovasjonsmiljøet", "Koblet dem på e-post."),
    ("Følge opp spørsmålet om skilting", None),
    ("Minne om fristen for næringsfondet", "Ringte, søknaden er sendt."),
    ("Avtale besøk etter ferien", None),
)


class Noting:
    """Has luck of its own, so that it changes nothing of the rest."""

    def __init__(self, rng: Random, today: date) -> None:
        self._rng, self._today = rng, today

    def note(self, logged: Logged, organisation: Stakeholder) -> None:
        """Put on a held interaction what is noted of it."""
        if logged.status is not InteractionStatus.held:
            return
        random = self._rng.random
        if random() < _OFTEN.get(logged.kind, 0):
            likely = _OF_COMPANIES if organisation.kind is COMPANY else _OF_OTHERS
            found = set(likely.picks(self._rng, 1 if random() < 0.75 else 2))
            logged.signals = [signal for signal in Signal if signal in found]
        if logged.kind is InteractionKind.introduction and not logged.binned:
            logged.ending = self._ending(logged)

    def _ending(self, logged: Logged) -> Ending | None:
        """Known some weeks later, of most of them."""
        assert logged.starts_on is not None
        on = next_working_day(logged.starts_on + timedelta(days=self._rng.randint(14, 80)))
        outcome = _ENDINGS.pick(self._rng)
        note = self._rng.choice(_NOTES[outcome])
        at = datetime(on.year, on.month, on.day, 13, self._rng.randint(0, 59), tzinfo=OSLO)
        return Ending(outcome, note, on, at) if on < self._today and self._rng.random() < 0.8 else None

    def promises(
        self, advisors: list[Colleague], organisations: list[Stakeholder]
    ) -> Iterator[tuple[Promise, int, datetime]]:
        """Promises to organisations, each with the organisation and when it was made: open, overdue, and done with a word."""
        active = [one for one in organisations if not one.binned]
        for place, (text, note) in enumerate(_PROMISES):
            owner = advisors[0] if place % 3 == 0 else self._rng.choice(advisors)
            due_on = next_working_day(self._today + timedelta(days=(12, -9, -20, 5, -30)[place % 5]))
            made_on = min(due_on, self._today) - timedelta(days=12)
            made_at = datetime(made_on.year, made_on.month, made_on.day, 9, place, tzinfo=OSLO)
            done_at = made_at + timedelta(days=5, hours=3) if note else None
            if place == 5:
                due_on = next_working_day(self._today - timedelta(days=6))
            yield Promise(text, owner.id, due_on, done_at, note), self._rng.choice(active).id, made_at
