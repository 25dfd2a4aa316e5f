"""A recurring meeting becomes interactions a year ahead, and further ones as time goes by."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from sqlalchemy import select

from crm.extensions import db
from crm.interactions.models import Interaction, InteractionStatus
from crm.interactions.operations import InteractionValues, log_interaction
from crm.invitations.models import Meeting, Occurrence
from crm.invitations.reading import Invited
from crm.invitations.reading.recurrence import Rule, recurring
from crm.invitations.reading.zones import Zone
from crm.web.clock import local, today

AHEAD = timedelta(days=366)
MOST_SLOTS = 60
"""So many interactions of one series are planned at a time."""
LAID_OUT_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Slot:
    """One time: `key` is where the rule puts it, for good; times are local to the zone."""

    key: str
    starts: date
    ends: date
    zone: Zone

    def values(self) -> InteractionValues:
        """An interaction's day and instants."""
        if not isinstance(self.starts, datetime) or not isinstance(self.ends, datetime):
            return {"starts_on": self.starts, "starts_at": None, "ends_at": None}
        begins, ends = self.zone.instant(self.starts), self.zone.instant(self.ends)
        return {"starts_on": local(begins).date(), "starts_at": begins, "ends_at": max(begins, ends)}

    @property
    def day(self) -> date:
        day = self.values()["starts_on"]
        assert day is not None
        return day


def key_of(at: date, zone: Zone) -> str:
    """What one time of a series is known by: its instant, or its day."""
    return f"{zone.instant(at):%Y%m%dT%H%M%SZ}" if isinstance(at, datetime) else f"{at:%Y%m%d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """When a recurring meeting takes place, in a form that can be kept."""

    starts: date
    ends: date
    zone: Zone
    rule: Rule | None
    more: Sequence[date]
    without: Sequence[str]

    @classmethod
    def of(cls, invited: Invited) -> Self:
        assert invited.starts is not None
        assert invited.ends is not None
        return cls(
            starts=invited.starts,
            ends=invited.ends,
            zone=invited.zone,
            rule=invited.rule,
            more=invited.more,
            without=[key_of(one, invited.zone) for one in invited.without],
        )

    def slots(self, first: date, last: date) -> list[Slot]:
        """The times that begin on the local days from `first` to `last`. Raises Unreadable for a rule that goes too far."""
        begins = set(recurring(self.starts, self.rule, last)) if self.rule is not None else {self.starts}
        lasts = self.ends - self.starts
        gone = set(self.without)
        found = [
            Slot(key_of(at, self.zone), at, at + lasts, self.zone)
            for at in begins | {one for one in self.more if type(one) is type(self.starts)}
        ]
        kept = [slot for slot in found if slot.key not in gone and f"{slot.starts:%Y%m%d}" not in gone]
        return sorted((slot for slot in kept if first <= slot.day <= last), key=lambda slot: slot.key)

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        rule = asdict(self.rule) if self.rule is not None else None
        if rule is not None and rule["until"] is not None:
            rule["until"] = rule["until"].isoformat()
        return {
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "zone": [self.zone.name, self.zone.definition],
            "rule": rule,
            "more": [one.isoformat() for one in self.more],
            "without": list(self.without),
        }

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> Self:
        rule = dict(kept["rule"]) if kept["rule"] is not None else None
        if rule is not None:
            for name in ("month_days", "months", "places"):
                rule[name] = tuple(rule[name])
            rule["weekdays"] = tuple((place, day) for place, day in rule["weekdays"])
            rule["until"] = _moment(rule["until"]) if rule["until"] else None
        return cls(
            starts=_moment(kept["starts"]),
            ends=_moment(kept["ends"]),
            zone=Zone(*kept["zone"]),
            rule=Rule(**rule) if rule is not None else None,
            more=[_moment(one) for one in kept["more"]],
            without=kept["without"],
        )

    def leaving_out(self, key: str) -> Self:
        return replace(self, without=[*self.without, key])


def _moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def laid_out_to(series: Series) -> date:
    """The last local day that a series is planned to: a year ahead of today, or of its beginning where that is later."""
    begins = series.starts.date() if isinstance(series.starts, datetime) else series.starts
    return max(today(), begins) + AHEAD


def lay_out_further(on: date) -> int:
    """Plan what has come within a year of the local day `on`, as the latest of its series is: same people, same
    organisations. Returns how many were made.
    """
    wanted = select(Meeting).where(Meeting.laid_out_to < on + AHEAD).order_by(Meeting.laid_out_to)
    made = 0
    for meeting in db.session.scalars(wanted.limit(LAID_OUT_AT_ONCE)).all():
        series = Series.restored(meeting.series) if meeting.series is not None else None
        pattern = _latest(meeting)
        if series is None or pattern is None:
            meeting.laid_out_to = None
            continue
        known = {occurrence.recurrence for occurrence in meeting.occurrences}
        planned = sum(one.interaction.status == InteractionStatus.planned for one in meeting.occurrences)
        slots = [slot for slot in series.slots(on, on + AHEAD) if slot.key not in known]
        for slot in slots[: max(0, MOST_SLOTS - planned)]:
            _repeat(meeting, pattern, slot)
            made += 1
        meeting.laid_out_to = on + AHEAD
    db.session.flush()
    return made


def _latest(meeting: Meeting) -> Occurrence | None:
    kept = [one for one in meeting.occurrences if not one.is_cancelled and not one.interaction.is_binned]
    return max(kept, key=lambda one: one.interaction.listed_on, default=None)


def _repeat(meeting: Meeting, pattern: Occurrence, slot: Slot) -> None:
    like: Interaction = pattern.interaction
    values = slot.values()
    values |= {
        "kind": like.kind,
        "status": InteractionStatus.planned,
        "title": like.title,
        "place": like.place,
        "confidential": like.confidential,
        "organisation_ids": [one.id for one in like.organisations if not one.is_binned],
        "contact_ids": [one.id for one in like.contacts if not one.is_binned],
        "advisor_ids": [one.id for one in like.advisors if one.is_active] or [like.author_id],
    }
    interaction = log_interaction(actor=like.author, **values)
    meeting.occurrences.append(
        Occurrence(
            recurrence=slot.key,
            sequence=meeting.sequence,
            stamp=meeting.stamp,
            written=pattern.written | {"title": interaction.title, "place": interaction.place},
            interaction=interaction,
        )
    )
