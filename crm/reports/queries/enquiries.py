"""Enquiries that came in within a period: how many, how many were answered in time, and how long it took; and what waits now.

Within the deadline is what was answered on a local day no later than the due day. What was answered later, or is still owed
past its due day, is not. What is owed and not yet due counts as neither, nor does what waits for the caller or was closed
without an answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from statistics import median
from typing import Any, Self

from flask_babel import gettext as _
from sqlalchemy import and_, case, func, select

from crm.accounts.models import User
from crm.enquiries.models import Channel, Enquiry, EnquiryStatus
from crm.enquiries.queries.listing import ANSWERED, EnquiryFilter, answer_conditions
from crm.extensions import db
from crm.reports.queries.filter import MOST_PERIODS, Period, Step, periods_between
from crm.reports.queries.signals import Days
from crm.responsibilities.models import Topic
from crm.web.clock import local
from crm.web.validation import Invalid


@dataclass(frozen=True, slots=True)
class EnquiryDays:
    """The days on which they came in, and the steps that they are told by."""

    days: Days
    by: Step = Step.month

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """From an address's `from` and `to`, or `in`, and `by`. Raises Invalid."""
        days, by = Days.parse(args), args.get("by") or Step.month
        if by not in set(Step):
            raise Invalid({"by": [_("Choose year, quarter or month")]})
        step = Step(by)
        if step.number(days.until) - step.number(days.since) >= MOST_PERIODS:
            told = _(
                "Choose longer periods or fewer days: this would be more than %(most)s", most=MOST_PERIODS
            )
            raise Invalid({"by": [told]})
        return cls(days, step)

    def args(self) -> dict[str, Any]:
        return {**self.days.args(), "by": self.by.value}


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """The numbers of some enquiries; `asked` is the list of all of them. `median_minutes` is of working time, None where none
    was answered.
    """

    key: Any
    asked: EnquiryFilter
    received: int
    answered: int
    in_time: int
    late: int
    median_minutes: float | None

    @property
    def share(self) -> int | None:
        """Of those answered or past due, how many in a hundred were answered within the deadline."""
        judged = self.in_time + self.late
        return round(self.in_time * 100 / judged) if judged else None

    @property
    def median_hours(self) -> float | None:
        return round(self.median_minutes / 60, 1) if self.median_minutes is not None else None

    def behind(self, answered: str | None = None) -> dict[str, str]:
        """The arguments of the list of the rows that a number counts."""
        return replace(self.asked, answered=answered).args()


@dataclass(frozen=True, slots=True)
class QueueNumber:
    key: str
    number: int
    asked: EnquiryFilter


class EnquiryReport:
    """Three statements. Seen by everybody alike: the viewer only stands in for “mine”, which is not asked for."""

    def __init__(self, wanted: EnquiryDays, viewer: User, *, today: date) -> None:
        self.wanted = wanted
        self._viewer = viewer
        self._today = today
        self._all = EnquiryFilter(status="all", since=wanted.days.since, until=wanted.days.until)

    @cached_property
    def _found(self) -> Sequence[Any]:
        e = Enquiry
        flags = [
            case((and_(*answer_conditions(answered, self._today)), 1), else_=0).label(answered)
            for answered in ANSWERED
        ]
        return db.session.execute(
            select(e.topic_id, e.channel, e.received_at, e.working_minutes, *flags).where(
                *self._all.conditions(self._viewer, self._today)
            )
        ).all()

    @cached_property
    def total(self) -> EnquiryRow:
        return _row(None, self._all, self._found)

    @cached_property
    def topics(self) -> list[tuple[Any, EnquiryRow]]:
        """What was asked about, the most often first, what has no topic last; each with its topic, None for none."""
        names = {one.id: one for one in db.session.scalars(select(Topic).order_by(Topic.sort_key))}
        place = {identity: number for number, identity in enumerate(names)}
        rows = [
            _row(key, replace(self._all, topic=key, without_topic=key is None), found)
            for key, found in _parted(self._found, lambda one: one.topic_id).items()
        ]
        rows.sort(key=lambda row: (row.key is None, -row.received, place.get(row.key, 0)))
        return [(names.get(row.key), row) for row in rows]

    @cached_property
    def channels(self) -> list[EnquiryRow]:
        """Each channel, used or not."""
        parted = _parted(self._found, lambda one: one.channel)
        return [
            _row(one, replace(self._all, channel=one.value), parted.get(one.value, [])) for one in Channel
        ]

    @cached_property
    def periods(self) -> list[tuple[Period, EnquiryRow]]:
        step = self.wanted.by
        parted = _parted(self._found, lambda one: step.number(local(one.received_at).date()))
        return [
            (
                one,
                _row(
                    one.number,
                    replace(self._all, since=one.starts_on, until=one.ends_on),
                    parted.get(one.number, []),
                ),
            )
            for one in periods_between(self.wanted.days.since, self.wanted.days.until, step)
        ]

    @cached_property
    def queue(self) -> list[QueueNumber]:
        """What waits now, whenever it came in: new, assigned, waiting for them; and how many of those are overdue."""
        asked = {
            status.value: EnquiryFilter(status=status.value) for status in EnquiryStatus if status.is_open
        } | {"overdue": EnquiryFilter(overdue=True)}
        counted = (
            func.coalesce(
                func.sum(case((and_(*one.conditions(self._viewer, self._today)), 1), else_=0)), 0
            ).label(key)
            for key, one in asked.items()
        )
        found = db.session.execute(
            select(*counted).where(*EnquiryFilter().conditions(self._viewer, self._today))
        ).one()
        return [QueueNumber(key, int(number), asked[key]) for key, number in zip(asked, found, strict=True)]


def _parted(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _row(key: Any, asked: EnquiryFilter, found: Sequence[Any]) -> EnquiryRow:
    minutes = [one.working_minutes for one in found if one.yes and one.working_minutes is not None]
    return EnquiryRow(
        key,
        asked,
        received=len(found),
        answered=sum(one.yes for one in found),
        in_time=sum(one.in_time for one in found),
        late=sum(one.late for one in found),
        median_minutes=median(minutes) if minutes else None,
    )
