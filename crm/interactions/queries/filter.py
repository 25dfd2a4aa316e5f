"""What a list of interactions is narrowed to, read from an address and written back to one."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Self

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Date, Integer, Select, String, exists, literal_column, select

from crm.database import UtcDateTime, folded, word_parameters, words_match
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    Interaction,
    InteractionKind,
    InteractionSignal,
    InteractionStatus,
    interaction_measures,
    interaction_organisations,
)
from crm.interactions.vocabulary import LED_TO_SOMETHING, SOMETHING, UNKNOWN, Outcome, Signal
from crm.organisations.models import Organisation, OrganisationKind
from crm.plan.models import Measure
from crm.web.clock import OSLO
from crm.web.shapes import Shaped
from crm.web.validation import Invalid

CODES = {"measure": r"\d{1,3}\.[A-Z]\.\d{1,3}", "strategy": r"\d{1,3}\.[A-Z]", "focus_area": r"\d{1,3}"}
LARGEST_ID = 2**31 - 1
UNTOLD = (
    Interaction.kind == literal_column("'introduction'"),
    Interaction.status == literal_column("'held'"),
    Interaction.outcome.is_(None),
)
"""As its index has it, letter by letter: with parameters the index would not be known to serve."""
CHOICES = {
    "kind": frozenset(InteractionKind),
    "status": frozenset(InteractionStatus),
    "organisation_kind": frozenset(OrganisationKind),
    "signal": frozenset(Signal),
    "outcome": frozenset({*Outcome, SOMETHING, UNKNOWN}),
}


@dataclass(frozen=True, kw_only=True)
class InteractionFilter(Shaped):
    """Which interactions: those that meet everything named. Days are local and both included.

    `measure`, `strategy` and `focus_area` are codes, of the plan where one is named; `tagged` asks for at least
    one measure (of that plan), False for none. `plan` alone means tagged with it. `outcome` is what came of an
    introduction, SOMETHING for any good end, or UNKNOWN. Never what is in the bin.
    """

    whole = frozenset({"tagged", "outcome"})

    q: str | None = None
    kind: str | None = None
    status: str | None = None
    organisation: int | None = None
    organisation_kind: str | None = None
    contact: int | None = None
    advisor: int | None = None
    measure: str | None = None
    strategy: str | None = None
    focus_area: str | None = None
    plan: int | None = None
    tagged: bool | None = None
    since: date | None = None
    until: date | None = None
    updated_since: datetime | None = None
    signal: str | None = None
    outcome: str | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """From an address's arguments; others than the filter's are left alone. Raises Invalid.

        `in` is a year, quarter or month: 2026, 2026-Q3 or 2026-07; `from` and `to` go before it.
        """
        values: dict[str, Any] = {}
        errors: dict[str, list[Any]] = {}
        for name, read in _READERS.items():
            typed = (args.get(name) or "").strip()
            if not typed:
                continue
            try:
                values[_ATTRIBUTES.get(name, name)] = read(name, typed)
            except ValueError as error:
                errors[name] = [str(error)]
        if errors:
            raise Invalid(errors)
        since, until = values.pop("in", (None, None))
        return cls(**{"since": since, "until": until} | values)

    def args(self, **changes: Any) -> dict[str, str]:
        """The arguments of the address of this filter, in the order of `parse`; a change of None takes one away."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        written = {
            _NAMES.get(name, name): _written(value) for name, value in values.items() if value is not None
        }
        return {name: value for name, value in written.items() if value}

    def conditions(self, *, many: bool = False) -> list[ColumnElement[bool]]:
        """What holds for an `Interaction` that the filter lets through, whoever asks.

        `many` says that a good part of all are tagged so: all are then walked in the order that the statement asks for,
        and each looked up among the tagged ones, rather than all of those fetched and sorted.
        """
        i, bound = Interaction, self.bound
        found: list[ColumnElement[bool]] = [i.deleted_at.is_(None)]
        if self.kind is not None:
            found.append(i.kind == bound("kind", String))
        if self.status is not None:
            found.append(i.status == bound("status", String))
        if self.q is not None:
            found.append(words_match(Interaction, self.q))
        if self.since is not None:
            found.append(i.starts_on >= bound("since", Date))
        if self.until is not None:
            found.append(i.starts_on <= bound("until", Date))
        if self.updated_since is not None:
            found.append(i.updated_at >= bound("updated_since", UtcDateTime))
        return (
            found + self._noted_conditions() + self._participant_conditions() + self._measure_conditions(many)
        )

    @property
    def is_telling(self) -> bool:
        """Whether a number alone would give something of a confidential interaction away: a word of its title, or what was
        noted with one organisation or person.
        """
        of_one = self.organisation is not None or self.contact is not None
        return self.q is not None or (of_one and (self.signal is not None or self.outcome is not None))

    def _noted_conditions(self) -> list[ColumnElement[bool]]:
        """What was noted of it: signals, and what came of an introduction."""
        found: list[ColumnElement[bool]] = []
        if self.signal is not None:
            hinted = InteractionSignal.signal == self.bound("signal", String)
            found.append(Interaction.id.in_(select(InteractionSignal.interaction_id).where(hinted)))
        if self.outcome == UNKNOWN:
            found += UNTOLD
        elif self.outcome == SOMETHING:
            found.append(Interaction.outcome.in_(LED_TO_SOMETHING))
        elif self.outcome is not None:
            found.append(Interaction.outcome == self.outcome)
        return found

    def _participant_conditions(self) -> list[ColumnElement[bool]]:
        i, bound = Interaction, self.bound
        found: list[ColumnElement[bool]] = []
        joined = interaction_organisations.c
        if self.organisation is not None:
            of_one = joined.organisation_id == bound("organisation", Integer)
            found.append(i.id.in_(select(joined.interaction_id).where(of_one)))
        if self.organisation_kind is not None:
            of_kind = select(joined.interaction_id).join(
                Organisation, Organisation.id == joined.organisation_id
            )
            found.append(i.id.in_(of_kind.where(Organisation.kind == bound("organisation_kind", String))))
        if self.contact is not None:
            met = ContactParticipation
            with_one = met.contact_id == bound("contact", Integer)
            found.append(i.id.in_(select(met.interaction_id).where(with_one)))
        if self.advisor is not None:
            took_part = AdvisorParticipation
            by_one = took_part.user_id == bound("advisor", Integer)
            found.append(i.id.in_(select(took_part.interaction_id).where(by_one)))
        return found

    def shape(self) -> Self:
        """What is asked for, without the values. Words of which no letter or digit is left stay: they find nothing."""
        return super().shape() if not self.q or folded(self.q) else replace(super().shape(), q="")

    def parameters(self) -> dict[str, Any]:
        words = word_parameters(self.q) if self.q is not None else {}
        return super().parameters() | words

    def _measure_conditions(self, many: bool) -> list[ColumnElement[bool]]:
        tags = interaction_measures.c
        looked_up = tags.interaction_id == Interaction.id
        of_plan = [Measure.plan_id == self.bound("plan", Integer)] if self.plan is not None else []
        ids = select(tags.interaction_id)

        def among(conditions: list[ColumnElement[bool]]) -> Select[int]:
            wanted = select(Measure.id).where(*of_plan, *conditions)
            return ids.where(tags.measure_id.in_(wanted)) if of_plan or conditions else ids

        def tagged(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
            found = among(list(conditions))
            return exists(found.where(looked_up)) if many else Interaction.id.in_(found)

        found: list[ColumnElement[bool]] = []
        if self.measure is not None:
            found.append(tagged(Measure.code == self.bound("measure", String)))
        found += [
            tagged(Measure.code.like(self.bound(name, String) + ".%"))  # a code has none of LIKE's signs
            for name in ("strategy", "focus_area")
            if getattr(self, name) is not None
        ]
        if self.tagged is False:
            found.append(~exists(among([]).where(looked_up)))
        elif self.tagged is True and self.plan is None and not found:
            found.append(exists(ids.where(looked_up)))
        elif self.plan is not None and not found:
            found.append(tagged())
        return found


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(_name: str, typed: str) -> str:
    return typed[:200]


def _choice(name: str, typed: str) -> str:
    if typed not in CHOICES[name]:
        raise ValueError(_("Choose one from the list"))
    return typed


def _id(_name: str, typed: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", typed) or int(typed) > LARGEST_ID:
        raise ValueError(_("Enter an id: a whole number"))
    return int(typed)


def _code(name: str, typed: str) -> str:
    code = typed.upper()
    if not re.fullmatch(CODES[name], code, re.ASCII):
        raise ValueError(
            _("Enter a code as in the plan, such as 1.B.1 for a measure, 1.B for a strategy or 1")
        )
    return code


def _yes_or_no(_name: str, typed: str) -> bool:
    if typed not in {"yes", "no"}:
        raise ValueError(_("Enter yes or no"))
    return typed == "yes"


def _date(_name: str, typed: str) -> date:
    found = re.fullmatch(r"(\d{1,2})[./ ](\d{1,2})[./ ](\d{4})", typed, re.ASCII)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(typed)
    except ValueError:
        raise ValueError(_("Enter a date as day.month.year, such as 03.09.2026")) from None


def _period(_name: str, typed: str) -> tuple[date, date]:
    """Its first and its last day."""
    found = re.fullmatch(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?", typed, re.ASCII)
    if found is None or found[1] == "0000":
        raise ValueError(_("Enter a year, quarter or month as 2026, 2026-Q3 or 2026-07"))
    year, first = int(found[1]), int(found[2]) * 3 - 2 if found[2] else int(found[3] or 1)
    last = first + (2 if found[2] else 0 if found[3] else 11)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _instant(_name: str, typed: str) -> datetime:
    """An ISO 8601 instant; without an offset it is Norwegian time."""
    try:
        value = datetime.fromisoformat(typed)
    except ValueError:
        raise ValueError(_("Enter a time as 2026-09-03T14:05:00+02:00")) from None
    return value if value.tzinfo else value.replace(tzinfo=OSLO)


_READERS = {
    "q": _text,
    "kind": _choice,
    "status": _choice,
    "organisation": _id,
    "organisation_kind": _choice,
    "contact": _id,
    "advisor": _id,
    "measure": _code,
    "strategy": _code,
    "focus_area": _code,
    "plan": _id,
    "tagged": _yes_or_no,
    "from": _date,
    "to": _date,
    "in": _period,
    "updated_since": _instant,
    "signal": _choice,
    "outcome": _choice,
}
_ATTRIBUTES = {"from": "since", "to": "until"}
_NAMES = {attribute: name for name, attribute in _ATTRIBUTES.items()}
