"""What became of one meeting."""

from typing import NamedTuple

from crm.invitations.reasons import Reason


class Outcome(NamedTuple):
    """`did`: planned, draft, changed, cancelled, same, left or not_taken. `interaction` is the id of what it concerns."""

    did: str
    interaction: int | None
    reason: Reason | None = None
