"""Who is the right contact, and why. Pure: whoever asks has loaded what it needs (see queries). The rules stand in
docs/routing.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from crm.database import folded
from crm.responsibilities import wording
from crm.responsibilities.facts import Answering, Asked, Caller, Colleague, Ours, Theirs
from crm.responsibilities.words import speaks_of

MANAGES = (
    *("daglig leder", "dagleg leiar", "administrerende direktor", "administrerande direktor", "adm dir"),
    *("ceo", "chief executive", "managing director", "konsernsjef", "innehaver", "innehavar"),
)
"""Folded titles of whoever manages an organisation."""


@dataclass(frozen=True)
class Person:
    """One of ours, as somebody who has a caller on the line needs them."""

    id: int
    name: str
    phone: str | None = None
    email: str | None = None
    unit: str | None = None
    phone_hours: str | None = None
    away_until: date | None = None


@dataclass(frozen=True)
class OwnContact:
    """The organisation's own person for what is asked about, and why it is they (in the reader's language)."""

    id: int
    name: str
    reason: Any
    title: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class RightContact:
    """The answer to "who should they speak to?".

    `person` is who to name: where `responsible` is away, the deputy. None for both where only a unit, or nobody at all, is
    responsible: then the enquiry goes to the queue. None for `person` alone where whoever is responsible is away and no
    deputy is there: then `unit` is the queue. `members` are who is there of that unit. `ties` and `tied_units` are
    others that are just as specific: shown, not hidden. `account_manager` is who has that role and is there, where
    somebody else is the right contact. `reason` is in words of the reader's language; `rule` names the rule that
    decided: topic (or site), account_manager, responsibility, met_last or nobody.
    """

    rule: str
    reason: Any
    responsible: Person | None = None
    person: Person | None = None
    unit_id: int | None = None
    unit: str | None = None
    ties: tuple[Person, ...] = field(default=())
    own: OwnContact | None = None
    tied_units: tuple[str, ...] = field(default=())
    members: tuple[Person, ...] = field(default=())
    account_manager: Person | None = None
    phone_hours: str | None = None

    @property
    def away(self) -> Person | None:
        """Whoever is responsible and is away."""
        return self.responsible if self.responsible and self.responsible.away_until else None


class _Named(NamedTuple):
    """Somebody, or a unit, that a rule names; `place` puts those that are just as specific in order."""

    place: tuple[int, str, int]
    answer: RightContact


def right_contact(caller: Caller, asked: Asked, ours: Ours) -> RightContact:
    """By the first rule that names somebody who has not left; with the organisation's own person."""
    manager = _manager(caller, asked, ours)
    found = next(_by_rules(caller, asked, ours, manager), None)
    answer = found or RightContact("nobody", wording.NOBODY)
    beside = manager.answer.person if manager is not None else None
    if beside is not None and answer.person is not None and beside.id == answer.person.id:
        beside = None
    return replace(answer, account_manager=beside, own=own_contact(caller, asked, ours))


def named_by(one: Answering, day: date, ours: Ours) -> RightContact | None:
    """Who is named where this responsibility decides; None where everybody in it has left."""
    found = _answering(one, "responsibility", Asked(day), ours)
    return found.answer if found is not None else None


def _by_rules(caller: Caller, asked: Asked, ours: Ours, manager: _Named | None) -> Iterator[RightContact]:
    answering = [[one for one in level if _holds(one, caller, asked, ours)] for level in ours.by_specificity]
    for level in answering:
        if named := _level([one for one in level if _is_asked_about(one, asked)], "topic", asked, ours):
            yield named
    if manager is not None:
        yield manager.answer
    for level in answering:
        rest = [one for one in level if not _is_asked_about(one, asked)]
        if named := _level(rest, "responsibility", asked, ours):
            yield named
    yield from _who_met(caller, asked, ours)


def _is_asked_about(one: Answering, asked: Asked) -> bool:
    return one.topic_id is not None or (one.site_id is not None and one.site_id == asked.site_id)


def _holds(one: Answering, caller: Caller, asked: Asked, ours: Ours) -> bool:
    """Whether all that the responsibility names is so."""
    site = ours.sites.get(asked.site_id) if asked.site_id is not None else None
    areas = asked.focus_areas | (site.focus_areas if site is not None else frozenset())
    code = (caller.industry_code or "").replace(".", "")
    prefix = (one.industry_prefix or "").replace(".", "")
    return (
        one.topic_id in (None, asked.topic_id)
        and (one.site_id is None or _concerns(one.site_id, caller, asked, ours))
        and one.organisation_id in (None, caller.organisation_id)
        and one.organisation_kind in (None, caller.kind)
        and (not prefix or code.startswith(prefix))
        and (one.focus_area is None or one.focus_area in areas)
    )


def _concerns(site_id: int, caller: Caller, asked: Asked, ours: Ours) -> bool:
    """A site that is asked about; where none is, one that the caller develops."""
    if asked.site_id is not None or caller.organisation_id is None:
        return site_id == asked.site_id
    site = ours.sites.get(site_id)
    return site is not None and site.developer_id == caller.organisation_id


def _level(level: Sequence[Answering], rule: str, asked: Asked, ours: Ours) -> RightContact | None:
    """Of responsibilities that are just as specific: one, with the others beside it. Who is there comes first, then units,
    then who is away without a deputy; by name.
    """
    named = sorted(
        (found for one in level if (found := _answering(one, rule, asked, ours))), key=lambda one: one.place
    )
    if not named:
        return None
    first, *others = (one.answer for one in named)
    people: dict[int, Person] = {}
    units: dict[int, str] = {}
    for other in others:
        person = other.person or other.responsible
        if person is not None:
            people.setdefault(person.id, person)
        elif other.unit_id is not None and other.unit_id != first.unit_id:
            units.setdefault(other.unit_id, other.unit or "")
    chosen = first.person or first.responsible
    if chosen is not None:
        people.pop(chosen.id, None)
    return replace(first, ties=tuple(people.values()), tied_units=tuple(units.values()))


def _answering(one: Answering, rule: str, asked: Asked, ours: Ours) -> _Named | None:
    why = wording.answers_for(one, ours)
    if one.user_id is not None:
        user, deputy = ours.colleagues.get(one.user_id), one.deputy_id
        return _named(user, deputy, RightContact(rule, why, phone_hours=one.phone_hours), asked, ours)
    unit = ours.units.get(one.unit_id or 0)
    if unit is None:
        return None
    members = _there(one.unit_id, asked.day, ours)
    answer = RightContact(rule, why, unit_id=one.unit_id, unit=unit, phone_hours=one.phone_hours)
    return _Named((1, unit, one.id), replace(answer, members=members))


def _manager(caller: Caller, asked: Asked, ours: Ours) -> _Named | None:
    if caller.account_manager_id is None:
        return None
    manager = ours.colleagues.get(caller.account_manager_id)
    answer = RightContact("account_manager", wording.ACCOUNT_MANAGER)
    return _named(manager, caller.deputy_id, answer, asked, ours)


def _who_met(caller: Caller, asked: Asked, ours: Ours) -> Iterator[RightContact]:
    """The latest who is there, or has a deputy; where there is none, the latest, who is away."""
    waiting: RightContact | None = None
    for user_id, on in caller.met:
        answer = RightContact("met_last", wording.met_last(on))
        found = _named(ours.colleagues.get(user_id), None, answer, asked, ours)
        if found is not None and found.answer.person is not None:
            yield found.answer
            return
        waiting = waiting or (found.answer if found is not None else None)
    if waiting is not None:
        yield waiting


def _named(
    user: Colleague | None, deputy_id: int | None, answer: RightContact, asked: Asked, ours: Ours
) -> _Named | None:
    """The user, or whoever stands in; None where the user has left and nobody came after."""
    deputy = ours.colleagues.get(deputy_id or 0)
    if user is None or not user.is_active:
        if deputy is None or not deputy.is_active:
            return None
        left = replace(answer, reason=wording.after_somebody(answer.reason), phone_hours=None)
        return _named(deputy, None, left, asked, ours)
    absence = user.away_on(asked.day)
    if absence is None:
        person = _person(user, asked.day, ours, answer.phone_hours)
        return _Named((0, user.sort_key, user.id), replace(answer, responsible=person, person=person))
    responsible = _person(user, asked.day, ours, answer.phone_hours)
    named = [deputy, ours.colleagues.get(absence.deputy_id or 0)]
    deputies = [one for one in named if one is not None and one.is_active and one.id != user.id]
    there = next((one for one in deputies if one.away_on(asked.day) is None), None)
    if there is not None:
        reason = wording.deputy_of(answer.reason, user.name, absence.ends_on)
        person = _person(there, asked.day, ours)
        answer = replace(answer, reason=reason, responsible=responsible, person=person, phone_hours=None)
        return _Named((0, there.sort_key, there.id), answer)
    gone = deputies[0].name if deputies else None
    answer = replace(
        answer,
        reason=wording.nobody_stands_in(answer.reason, user.name, absence.ends_on, gone),
        responsible=responsible,
        unit_id=user.unit_id,
        unit=ours.units.get(user.unit_id or 0),
        members=_there(user.unit_id, asked.day, ours),
        phone_hours=None,
    )
    return _Named((2, user.sort_key, user.id), answer)


def _there(unit_id: int | None, day: date, ours: Ours) -> tuple[Person, ...]:
    members = ours.members.get(unit_id or 0, ())
    return tuple(_person(one, day, ours) for one in members if one.away_on(day) is None)


def _person(user: Colleague, day: date, ours: Ours, phone_hours: str | None = None) -> Person:
    absence = user.away_on(day)
    return Person(
        user.id,
        user.name,
        user.phone,
        user.email,
        ours.units.get(user.unit_id or 0),
        phone_hours,
        absence.ends_on if absence is not None else None,
    )


def own_contact(caller: Caller, asked: Asked, ours: Ours) -> OwnContact | None:
    """The developer's person for the site that is asked about; else the organisation's for the topic; else its primary
    contact; else who manages it, by title.
    """
    site = ours.sites.get(asked.site_id) if asked.site_id is not None else None
    if site is not None and site.developer_id == caller.organisation_id:
        for one in caller.people:
            if one.id == site.contact_id:
                return _own(one, wording.their_person_for_site(site.name))
    topic = ours.topics.get(asked.topic_id) if asked.topic_id is not None else None
    if topic is not None:
        for one in sorted(caller.people, key=lambda one: not one.primary):
            if speaks_of(topic, one.topics):
                return _own(one, wording.their_person_for(topic))
    primary = next((one for one in caller.people if one.primary), None)
    if primary is not None:
        return _own(primary, wording.PRIMARY)
    manager = next((one for one in caller.people if manages(one.title)), None)
    return _own(manager, wording.MANAGING_DIRECTOR) if manager is not None else None


def manages(title: str | None) -> bool:
    words = f" {folded(title or '')} "
    return any(f" {one} " in words for one in MANAGES) and not words.startswith((" ass", " tidl", " vara"))


def _own(one: Theirs, reason: Any) -> OwnContact:
    return OwnContact(one.id, one.name, reason, one.title, one.phone, one.email)
