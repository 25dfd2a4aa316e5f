"""What is written about an interaction: titles, notes in Markdown, promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from crm.demo.organisations import Stakeholder
from crm.demo.word_lists import word_list
from crm.interactions.models import InteractionKind

SOMEBODY = "en av lederne"


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    notes: str
    promises: list[str]


class Storyteller:
    """Puts stories together from openings, what was said, closings and promises."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._prose = word_list("prose")
        self._topics: dict[str, dict[str, Any]] = word_list("topics")["topics"]
        self._any_topic = list(self._topics)

    def _one(self, items: Sequence[str]) -> str:
        return items[int(len(items) * self._rng.random())]

    def _topic(self, strategy: str | None) -> dict[str, Any]:
        """The strategy's subjects; those of some other one where a later plan has a new strategy."""
        topic = self._topics.get(strategy or "")
        return topic if topic is not None else self._topics[self._one(self._any_topic)]

    def story(
        self,
        kind: InteractionKind,
        *,
        strategy: str | None,
        organisations: Sequence[Stakeholder],
        who: str | None,
        confidential: bool = False,
    ) -> Story:
        """The story of an interaction that was held, in about a hundred words."""
        topic, random = self._topic(strategy), self._rng.random
        words = self._words(topic, organisations, who)
        sentences = [self._one(self._prose["openings"][kind.value])]
        talk = topic["talk"]
        start = int(len(talk) * random())
        told_of = 1 + (random() < 0.6) + (random() < 0.25)
        sentences += [talk[(start + step) % len(talk)] for step in range(told_of)]
        if random() < 0.6:
            sentences.append(self._one(self._prose["middle"]["general"]))
        if confidential:
            sentences.append(self._one(self._prose["confidential"]["sentences"]))
        told = [_sentence(sentence.format_map(words)) for sentence in sentences]
        cut = 1 + int(random() * 2)
        paragraphs = [" ".join(told[:cut]), " ".join(told[cut:])]
        promises = []
        if random() < 0.45:
            promises = [self._one(topic["promises"])]
            second = self._one(topic["promises"])
            if second not in promises and random() < 0.4:
                promises.append(second)
            points = "\n".join(f"- {promise}" for promise in promises)
            paragraphs.append(f"{self._one(self._prose['agreed']['headings'])}\n\n{points}")
        else:
            paragraphs.append(self._one(self._prose["closings"]["general"]))
        title = _sentence(self._one(self._prose["titles"][kind.value]).format_map(words))
        return Story(title[:200], "\n\n".join(filter(None, paragraphs)), promises)

    def plan(
        self, kind: InteractionKind, *, strategy: str | None, organisations: Sequence[Stakeholder]
    ) -> Story:
        """What stands there before it has taken place: a title and what it is to be about."""
        topic = self._topic(strategy)
        words = self._words(topic, organisations, None)
        title = _sentence(self._one(self._prose["titles"][kind.value]).format_map(words))
        return Story(title[:200], f"Tema: {words['theme']}.", [])

    def draft(self, organisation: Stakeholder) -> Story:
        words = self._words(self._topic(None), [organisation], None)
        drafts = self._prose["drafts"]
        title = _sentence(self._one(drafts["titles"]).format_map(words))
        return Story(title[:200], self._one(drafts["notes"]).format_map(words), [])

    def promise(self, strategy: str | None) -> str:
        return self._one(self._topic(strategy)["promises"])

    def cancellation(self) -> str:
        return self._one(self._prose["cancelled"]["sentences"])

    def _words(
        self, topic: dict[str, Any], organisations: Sequence[Stakeholder], who: str | None
    ) -> dict[str, Any]:
        first = organisations[0]
        return {
            "org": first.name,
            "other": organisations[1].name if len(organisations) > 1 else "en bedrift i nabolaget",
            "who": who or SOMEBODY,
            "Who": who or _sentence(SOMEBODY),
            "theme": self._one(topic["themes"]),
            "place": first.city,
            "staff": first.employees or "noen få",
            "n": 15 + int(self._rng.random() * 70),
        }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
