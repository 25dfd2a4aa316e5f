"""What routing decides by, as plain values: whoever asks has loaded them (see queries). Days are local (Europe/Oslo)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Away:
    """Days when somebody is away, both included, and who was named to stand in."""

    starts_on: date
    ends_on: date
    deputy_id: int | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of ours; services and those who have left are not active."""

    id: int
    name: str
    sort_key: str
    phone: str | None
    email: str
    unit_id: int | None
    is_active: bool
    absences: tuple[Away, ...] = ()

    def away_on(self, day: date) -> Away | None:
        return next((one for one in self.absences if one.starts_on <= day <= one.ends_on), None)


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """A topic with its names by language, and all the words that it is known by, folded."""

    id: int
    names: Mapping[str, str]
    words: tuple[str, ...]
    working_days: int
    is_retired: bool

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["nb"]


@dataclass(frozen=True, slots=True)
class SiteFacts:
    id: int
    name: str
    words: tuple[str, ...]
    """Those of its name, folded, in their order."""
    developer_id: int | None
    focus_areas: frozenset[int]
    contact_id: int | None = None
    """The developer's person for it."""


@dataclass(frozen=True, slots=True)
class Answering:
    """That somebody answers for all that its scope names together."""

    id: int
    topic_id: int | None = None
    focus_area: int | None = None
    industry_prefix: str | None = None
    organisation_kind: str | None = None
    site_id: int | None = None
    organisation_id: int | None = None
    user_id: int | None = None
    unit_id: int | None = None
    deputy_id: int | None = None
    phone_hours: str | None = None

    @property
    def specificity(self) -> tuple[int, ...]:
        """The more specific, the greater. What is named first in it decides before what comes after."""
        return (
            int(self.organisation_id is not None),
            int(self.site_id is not None),
            int(self.topic_id is not None),
            len((self.industry_prefix or "").replace(".", "")),
            int(self.organisation_kind is not None),
            int(self.focus_area is not None),
        )


@dataclass(frozen=True)
class Ours:
    """Who and what there is of ours: the same for every caller. Topics in the order of names."""

    colleagues: Mapping[int, Colleague] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    topics: Mapping[int, TopicFacts] = field(default_factory=dict)
    sites: Mapping[int, SiteFacts] = field(default_factory=dict)
    answering: Sequence[Answering] = ()

    @cached_property
    def by_specificity(self) -> list[list[Answering]]:
        """The most specific first, those that are just as specific together; retired topics left out."""
        levels: dict[tuple[int, ...], list[Answering]] = {}
        for one in self.answering:
            topic = self.topics.get(one.topic_id) if one.topic_id is not None else None
            if topic is None or not topic.is_retired:
                levels.setdefault(one.specificity, []).append(one)
        return [levels[key] for key in sorted(levels, reverse=True)]

    @cached_property
    def members(self) -> dict[int, list[Colleague]]:
        """Who is in each unit and has not left, in the order of names."""
        found: dict[int, list[Colleague]] = {}
        for one in sorted(self.colleagues.values(), key=lambda one: (one.sort_key, one.id)):
            if one.is_active and one.unit_id is not None:
                found.setdefault(one.unit_id, []).append(one)
        return found


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody who is at the organisation on the day."""

    id: int
    name: str
    title: str | None = None
    phone: str | None = None
    email: str | None = None
    topics: Sequence[str] = ()
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """The organisation that asks; all empty where it is unknown. `met` are who of ours met them and when, latest first."""

    organisation_id: int | None = None
    account_manager_id: int | None = None
    deputy_id: int | None = None
    kind: str | None = None
    industry_code: str | None = None
    people: Sequence[Theirs] = ()
    met: Sequence[tuple[int, date]] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about, on which day. `focus_areas` are those that whoever asks has named."""

    day: date
    topic_id: int | None = None
    site_id: int | None = None
    focus_areas: frozenset[int] = frozenset()
