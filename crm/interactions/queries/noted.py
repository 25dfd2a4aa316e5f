"""Signals as statements have them: those of an interaction as one text, which is quicker than as rows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from crm.interactions.models import InteractionSignal
from crm.interactions.vocabulary import Signal

_s = InteractionSignal.__table__.c
_PLACES = {signal.value: place for place, signal in enumerate(Signal)}


def signals_of(interaction_id: Any) -> Any:
    """The signals of the interaction at hand, joined by commas; NULL for none."""
    return (
        select(func.aggregate_strings(_s.signal, ","))
        .where(_s.interaction_id == interaction_id)
        .correlate(interaction_id.table)
        .scalar_subquery()
    )


def read_signals(joined: str | None) -> list[str]:
    return in_order(joined.split(",")) if joined else []


def in_order(signals: Iterable[str]) -> list[str]:
    """As they are listed everywhere; what is no longer known stands last."""
    return sorted(signals, key=lambda signal: (_PLACES.get(signal, len(_PLACES)), signal))
