"""What operations take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict


class InteractionValues(TypedDict, total=False):
    """An interaction's own fields; what is left out stays as it is.

    `starts_on` is the local day (Europe/Oslo); `starts_at` and `ends_at` are aware instants, None for a
    whole-day interaction. Where `starts_at` is given, its local day is the interaction's day.
    """

    kind: str
    status: str
    title: str | None
    starts_on: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    place: str | None
    notes: str | None
    confidential: bool
    cancelled_by: str | None
    outcome: str | None
    outcome_note: str | None
    outcome_on: date | None
    signals: Sequence[str]
    organisation_ids: Sequence[int]
    contact_ids: Sequence[int]
    advisor_ids: Sequence[int]
    measure_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFollowUp:
    """Something promised, to be kept with the interaction; the owner is the actor where none is named."""

    text: str | None
    due_on: date | None
    owner_id: int | None = None
