"""What somebody's words are about: which topic, and which site. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from crm.database import folded
from crm.responsibilities.facts import Ours, SiteFacts, TopicFacts

SMALL_WORDS = frozenset(
    "og eller i pa til for av om med ved and or in on to of the at about".split()  # noqa: SIM905  a line, not twenty
)
SHORTEST_PART = 4
"""So many letters of a word must be there before it is known by its beginning."""
LONGEST_ENDING = 3
SHORTEST_ENDING = 6
"""Of a compound; shorter endings are those of surnames: whoever asks for Kari Ødegård does not ask about farms."""


class Meaning(NamedTuple):
    """The best topic and the best site, and how much of the words they account for; None and 0 where there is none."""

    topic: TopicFacts | None
    site: SiteFacts | None


def known_by(phrases: Iterable[str]) -> tuple[str, ...]:
    """Folded words and phrases, each once, longest first."""
    found = {" ".join(w for w in folded(phrase).split() if w not in SMALL_WORDS) for phrase in phrases}
    return tuple(sorted(found - {""}, key=lambda one: (-len(one), one)))


def meaning(words: str, ours: Ours) -> Meaning:
    """What the words are about, of topics that are in use and of sites. Of equals, the first by name."""
    spoken = [word for word in folded(words).split() if word not in SMALL_WORDS][:20]
    if not spoken:
        return Meaning(None, None)
    sites = [(_of_site(site, spoken), site) for site in ours.sites.values()]
    topics = [(fit(topic.words, spoken), topic) for topic in ours.topics.values() if not topic.is_retired]
    site = max(sites, key=lambda one: one[0], default=(0, None))
    topic = max(topics, key=lambda one: one[0], default=(0, None))
    return Meaning(topic[1] if topic[0] else None, site[1] if site[0] else None)


def besides(topic: TopicFacts, words: str) -> str:
    """The words that are not about the topic: who calls, or which site, of *berger tomt*."""
    said = folded(words).split()
    about = {word for word, score in _scores(topic.words, said).items() if score}
    return " ".join(word for word in said if word not in about and word not in SMALL_WORDS)


def speaks_of(topic: TopicFacts, said: Iterable[str]) -> bool:
    """Whether any of what was said, such as the topics of an affiliation, is about it."""
    return any(_is_about(topic.words, one) for one in said)


@lru_cache(maxsize=4096)
def _is_about(known: tuple[str, ...], said: str) -> bool:
    return fit(known, folded(said).split()) > 0


def fit(known: tuple[str, ...], spoken: list[str]) -> int:
    """How well the spoken words are known: 0 where none is. Of a phrase every word must be there."""
    return sum(_scores(known, spoken).values())


def _scores(known: tuple[str, ...], spoken: list[str]) -> dict[str, int]:
    """How well each of the spoken words is known."""
    best = {word: _best(known, word) for word in spoken}
    for parts in _phrases(known):
        found = [max(((likeness(part, word), word) for word in spoken), default=(0, "")) for part in parts]
        if all(score for score, _word in found):
            for score, word in found:
                best[word] = max(best[word], score)
    return best


@lru_cache(maxsize=16_384)
def _best(known: tuple[str, ...], spoken: str) -> int:
    """Kept, since somebody who types asks for the same words again with each letter."""
    return max((likeness(one, spoken) for one in known if " " not in one), default=0)


@lru_cache(maxsize=1_024)
def _phrases(known: tuple[str, ...]) -> list[list[str]]:
    return [one.split() for one in known if " " in one]


def likeness(known: str, spoken: str) -> int:
    """Three times its letters for the very word, twice for the beginning of either (*tomt* and *tomtekjøp*), once for the
    end of a compound (*bedriftslokale*); else 0.
    """
    if spoken == known:
        return 3 * len(known)
    if spoken.startswith(known) and (
        len(known) >= SHORTEST_PART or len(spoken) - len(known) <= LONGEST_ENDING
    ):
        return 2 * len(known) if len(known) >= SHORTEST_PART - 1 else 0
    if len(spoken) >= SHORTEST_PART and known.startswith(spoken):
        return 2 * len(spoken)
    if len(known) >= SHORTEST_ENDING and spoken.endswith(known):
        return len(known)
    return 0


def _of_site(site: SiteFacts, spoken: list[str]) -> int:
    """By the first word of its name at least; the more of the name is said, the better."""
    if not site.words or not any(likeness(site.words[0], word) for word in spoken):
        return 0
    return sum(max(likeness(part, word) for word in spoken) for part in site.words)
