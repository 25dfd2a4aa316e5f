"""Words that are kept of an interaction besides its kind and status: what it gave a hint of, and what came of it."""

from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l


class Signal(StrEnum):
    """What an organisation gave a hint of: noted by a tap, counted by period, and asked for by name."""

    wants_to_grow = auto()
    needs_premises = auto()
    recruiting = auto()
    innovation_project = auto()
    funding_advice = auto()
    moving_out = auto()
    spin_off = auto()
    procurement = auto()

    @property
    def label(self) -> Any:
        return _SIGNAL_LABELS[self]


_SIGNAL_LABELS = {
    Signal.wants_to_grow: _l("Wants to grow"),
    Signal.needs_premises: _l("Needs premises"),
    Signal.recruiting: _l("Is recruiting"),
    Signal.innovation_project: _l("Innovation project"),
    Signal.funding_advice: _l("Wants funding advice"),
    Signal.moving_out: _l("Considers moving out"),
    Signal.spin_off: _l("Spin-off on its way"),
    Signal.procurement: _l("Interested in procurement"),
}


class Outcome(StrEnum):
    """What came of an introduction."""

    contact_made = auto()
    cooperation = auto()
    agreement = auto()
    nothing = auto()

    @property
    def label(self) -> Any:
        return _OUTCOME_LABELS[self]


_OUTCOME_LABELS = {
    Outcome.contact_made: _l("They got in touch"),
    Outcome.cooperation: _l("They cooperate"),
    Outcome.agreement: _l("They made an agreement"),
    Outcome.nothing: _l("Nothing came of it"),
}

LED_TO_SOMETHING = tuple(outcome for outcome in Outcome if outcome is not Outcome.nothing)
SOMETHING, UNKNOWN = "something", "unknown"
"""What lists are asked for besides: introductions that led to something, and held ones of which nobody has said yet."""
