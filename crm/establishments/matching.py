"""How well sites suit somebody who seeks a place, with the reasons in words. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Any, NamedTuple, Protocol

from flask_babel import gettext as _

from crm.sites.measuring import area_in_words, power_in_words
from crm.sites.models import Premises, Regulation
from crm.web.formatting import day


class Need(Protocol):
    """What somebody seeks: square metres, kilowatts, local days; None where they did not say."""

    area_from: Any
    area_to: Any
    premises: Any
    needed_from: Any
    power: Any
    focus_area: Any


class Offer(Protocol):
    """What a site has; None where nobody knows."""

    id: Any
    name: Any
    sort_key: Any
    regulation: Any
    free_area: Any
    power: Any
    free_from: Any
    premises: Any
    focus_areas: Any


class Verdict(StrEnum):
    """fits, partly, unknown and misfit are told in this order; impossible is what puts a site last."""

    fits = auto()
    partly = auto()
    unknown = auto()
    misfit = auto()
    impossible = auto()


POINTS = {Verdict.fits: 2, Verdict.partly: 1, Verdict.unknown: 0, Verdict.misfit: -2, Verdict.impossible: -4}
ORDER = list(Verdict)


class Reason(NamedTuple):
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """A site and why. `can_hold` is False where it lacks what cannot be done without."""

    site: Any
    reasons: Sequence[Reason]

    @property
    def can_hold(self) -> bool:
        return all(one.verdict is not Verdict.impossible for one in self.reasons)

    @property
    def points(self) -> int:
        return sum(POINTS[one.verdict] for one in self.reasons)

    @property
    def unknowns(self) -> int:
        return sum(one.verdict is Verdict.unknown for one in self.reasons)


def matches(need: Need, sites: Iterable[Offer], *, focus_areas: Mapping[int, str]) -> list[Match]:
    """The sites, the best first: those that can hold it, by points, fewer unknowns, Norwegian order of names.
    `focus_areas` are the names by number.
    """
    found = [Match(site, reasons(need, site, focus_areas=focus_areas)) for site in sites]
    return sorted(
        found, key=lambda one: (not one.can_hold, -one.points, one.unknowns, one.site.sort_key, one.site.id)
    )


def reasons(need: Need, site: Offer, *, focus_areas: Mapping[int, str]) -> list[Reason]:
    """Why a site suits or not, by all that was asked for: what suits first."""
    rules: Sequence[Callable[[], Reason | None]] = (
        lambda: _area(need, site),
        lambda: _premises(need, site),
        lambda: _power(need, site),
        lambda: _time(need, site),
        lambda: _regulation(need, site),
        lambda: _focus_area(need, site, focus_areas),
    )
    found = [one for one in (rule() for rule in rules) if one is not None]
    return sorted(found, key=lambda one: ORDER.index(one.verdict))


def _area(need: Need, site: Offer) -> Reason | None:
    least = need.area_from if need.area_from is not None else need.area_to
    if least is None:
        return None
    if site.free_area is None:
        return Reason(Verdict.unknown, _("Nobody has written down how much is free"))
    free = area_in_words(site.free_area)
    if site.free_area < least:
        short = area_in_words(least - site.free_area)
        return Reason(
            Verdict.impossible, _("Free area is short by %(short)s: %(free)s is free", short=short, free=free)
        )
    if need.area_to is not None and site.free_area < need.area_to:
        return Reason(
            Verdict.partly, _("Room for the least they need, not for the most: %(free)s", free=free)
        )
    return Reason(Verdict.fits, _("Enough free area: %(free)s", free=free))


def _premises(need: Need, site: Offer) -> Reason | None:
    wanted, there = set(need.premises or ()), set(site.premises or ())
    if not wanted:
        return None
    if not there:
        return Reason(Verdict.unknown, _("Nobody has written down which premises there are"))
    missing = _kinds([one for one in Premises if one in wanted - there])
    if both := [one for one in Premises if one in wanted & there]:
        if not missing:
            return Reason(Verdict.fits, _("Has what they seek: %(kinds)s", kinds=_kinds(both)))
        return Reason(
            Verdict.partly,
            _("Has %(kinds)s, but not %(missing)s", kinds=_kinds(both).lower(), missing=missing.lower()),
        )
    if Premises.plot in there:
        return Reason(Verdict.partly, _("No %(kinds)s yet, but a plot to build on", kinds=missing.lower()))
    return Reason(Verdict.impossible, _("Does not offer %(kinds)s", kinds=missing.lower()))


def _kinds(kinds: Iterable[Premises]) -> str:
    return ", ".join(str(one.label) for one in kinds)


def _power(need: Need, site: Offer) -> Reason | None:
    if need.power is None:
        return None
    if site.power is None:
        return Reason(Verdict.unknown, _("Nobody has written down how much power can be had"))
    if site.power < need.power:
        short = power_in_words(need.power - site.power)
        return Reason(Verdict.impossible, _("Power is short by %(short)s", short=short))
    return Reason(Verdict.fits, _("Enough power: %(power)s", power=power_in_words(site.power)))


def _time(need: Need, site: Offer) -> Reason | None:
    if need.needed_from is None:
        return None
    if site.free_from is None:
        return Reason(Verdict.unknown, _("Nobody has written down when it is free"))
    if site.free_from <= need.needed_from:
        return Reason(Verdict.fits, _("Free in time: from %(day)s", day=day(site.free_from)))
    return Reason(
        Verdict.misfit,
        _("Free too late: from %(day)s, needed from %(needed)s", day=day(site.free_from), needed=day(need.needed_from)),
    )  # fmt: skip


def _regulation(need: Need, site: Offer) -> Reason | None:
    """How far the zoning has come; whether in time only where they have said when."""
    if site.regulation is None:
        return Reason(Verdict.unknown, _("Nobody has written down how far the zoning has come"))
    status = Regulation(site.regulation)
    if status in {Regulation.ready, Regulation.zoned}:
        return Reason(Verdict.fits, str(status.label))
    if need.needed_from is None:
        return Reason(Verdict.unknown, str(status.label))
    by = _("by %(day)s", day=day(need.needed_from))
    if status is Regulation.zoning:
        return Reason(
            Verdict.unknown, _("Zoning is under way. Nobody knows whether it is done %(by)s", by=by)
        )
    return Reason(Verdict.misfit, _("%(status)s: hardly ready %(by)s", status=status.label, by=by))


def _focus_area(need: Need, site: Offer, names: Mapping[int, str]) -> Reason | None:
    if need.focus_area is None:
        return None
    if not site.focus_areas:
        return Reason(Verdict.unknown, _("Nobody has written down whom it is to attract"))
    name = names.get(need.focus_area, str(need.focus_area))
    if need.focus_area in site.focus_areas:
        return Reason(Verdict.fits, _("Is to attract them: %(area)s", area=name))
    return Reason(Verdict.misfit, _("Is to attract others than %(area)s", area=name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A need by itself, where no record holds it."""

    area_from: int | None = None
    area_to: int | None = None
    premises: Sequence[str] = ()
    needed_from: date | None = None
    power: int | None = None
    focus_area: int | None = None
